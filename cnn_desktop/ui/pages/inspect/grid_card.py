"""A card with a grid of maps or kernels, and a line that says what they are and how they are scaled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QScrollArea, QSpinBox, QWidget

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.map_grid import MapGrid
from cnn_desktop.ui.widgets.tile_layout import TileRules

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.ui.widgets.map_tiles import MapTiles


class GridCard(Card):
    """A title, a caption, a grid that scrolls when it must; `chosen` is told with the number of a tile."""

    chosen = Signal(int)
    rescaled = Signal()
    """The same tiles are drawn in other colours, or other kernels of the same filters."""

    def __init__(self, grid: MapGrid, parent: QWidget | None = None) -> None:
        super().__init__(" ", parent)
        self.grid = grid
        self.line = ElidedLabel()
        self.body.addWidget(self.line)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(grid)
        self.body.addWidget(area, 1)
        grid.selected.connect(self.chosen)


class MapsCard(GridCard):
    """The feature maps of a layer, on one colour scale or on one for each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        grid = MapGrid(_("map {number}"), TileRules(largest=160))
        grid.setObjectName("featureMapGrid")
        grid.setAccessibleName(_("Feature maps"))
        super().__init__(grid, parent)
        self._maps: np.ndarray | None = None
        self.set_title(_("Feature maps"))
        self._each = QCheckBox(_("Scale per map"))
        self._each.setObjectName("scalePerMap")
        self._each.setAccessibleName(_("Scale each map on its own"))
        self._each.setToolTip(_("On: each map uses all colours. Off: a colour is the same number in every map."))
        self._each.toggled.connect(lambda _on: self._show())
        self.header.addWidget(self._each)

    def show_maps(self, layer: str, maps: np.ndarray) -> None:
        """Show the C×H×W maps of `layer`."""
        is_flat = maps.shape[1:] == (1, 1)
        title = _("{layer} output") if is_flat else _("{layer} feature maps")
        self.set_title(title.format(layer=layer))
        self.grid.tile_name = _("unit {number}") if is_flat else _("map {number}")
        self._maps = maps
        self._show()

    def clear(self, text: str) -> None:
        """Show no maps, and say why."""
        self._maps = None
        self.set_title(_("Feature maps"))
        self.line.clear()
        self.grid.show_tiles(None, text)

    def refuse(self, reason: str) -> None:
        """Show no maps, and say what was wrong with the picture."""
        self.clear(reason)

    def _show(self) -> None:
        from cnn_desktop.ui.widgets.map_tiles import MapTiles

        if self._maps is None:
            return
        tiles = MapTiles(self._maps, per_tile=self._each.isChecked())
        self.grid.show_tiles(tiles)
        size = "×".join(str(side) for side in tiles.shape)
        if tiles.shape == (1, 1):
            count = ngettext("{count:,} number", "{count:,} numbers", tiles.count)
        else:
            count = ngettext("{count:,} map of {size}", "{count:,} maps of {size}", tiles.count)
        low, high = f"{tiles.lowest:.4g}", f"{tiles.highest:.4g}"
        scale = _("scale per map, {low} … {high} in all") if tiles.per_tile else _("scale per layer {low} … {high}")
        self.line.setText(f"{count.format(count=tiles.count, size=size)} · {scale.format(low=low, high=high)}")
        self.rescaled.emit()


class FiltersCard(GridCard):
    """The filters of a convolution: in colour where they see red, green and blue, else one input channel at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        grid = MapGrid(_("filter {number}"), TileRules(largest=96, smallest=16, gap=4))
        grid.setObjectName("filterGrid")
        grid.setAccessibleName(_("Filters"))
        super().__init__(grid, parent)
        self._weights: np.ndarray | None = None
        self.set_title(_("Filters"))
        self._channel = QSpinBox()
        self._channel.setObjectName("inputChannelSpin")
        self._channel.setAccessibleName(_("Input channel"))
        self._channel.setWrapping(True)
        self._channel.valueChanged.connect(lambda _value: self._show())
        self._channel.setPrefix(_("input "))
        self._channel.setToolTip(_("The input channel whose kernels are shown, counted from 0"))
        self.header.addWidget(self._channel)
        self._channel.hide()

    def show_weights(self, layer: str, weights: np.ndarray | None) -> None:
        """Show out×in×height×width kernels; None for a layer that has none."""
        self._weights = weights
        if weights is None:
            self.clear(_("{layer} is no convolution: it has no filters.").format(layer=layer))
            return
        self.set_title(_("{layer} filters").format(layer=layer))
        inputs = weights.shape[1]
        self._channel.blockSignals(True)
        self._channel.setRange(0, inputs - 1)
        self._channel.setSuffix(f" / {inputs - 1}")
        self._channel.blockSignals(False)
        self._channel.setVisible(inputs not in (1, 3))
        self._show()

    def clear(self, text: str) -> None:
        """Show no filters, and say why."""
        self._weights = None
        self.set_title(_("Filters"))
        self.line.clear()
        self._channel.hide()
        self.grid.show_tiles(None, text)

    def _tiles(self, weights: np.ndarray) -> MapTiles:
        from cnn_desktop.ui.widgets.map_tiles import MapTiles

        if weights.shape[1] == 3:
            return MapTiles(weights.transpose(0, 2, 3, 1))
        # All input channels on one scale, so that stepping through them compares them.
        whole = MapTiles(weights.reshape(-1, *weights.shape[2:]), "signed")
        return MapTiles(weights[:, self._channel.value()], "signed", fixed_scale=whole.scale)

    def _show(self) -> None:
        if self._weights is None:
            return
        tiles = self._tiles(self._weights)
        self.grid.show_tiles(tiles)
        size = "×".join(str(side) for side in self._weights.shape[1:])
        count = ngettext("{count:,} filter of {size}", "{count:,} filters of {size}", tiles.count)
        scale = _("scale {low} … {high}").format(low=f"{tiles.lowest:.3g}", high=f"{tiles.highest:.3g}")
        self.line.setText(f"{count.format(count=tiles.count, size=size)} · {scale}")
        self.rescaled.emit()
