"""The feature maps of a layer: how they are scaled and sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QWidget

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.elided_combo import ElidedComboBox
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.map_grid import MapGrid
from cnn_desktop.ui.widgets.tile_layout import TileRules

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.explain.ordering import Order

_ORDER_WIDTH = 132


class MapsCard(Card):
    """The feature maps of a layer, on one colour scale or on one for each, in a choice of orders."""

    redrawn = Signal()
    """The same maps are drawn in other colours, or in another order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.grid = MapGrid(_("map {number}"), TileRules(largest=160))
        self.grid.setObjectName("featureMapGrid")
        self.grid.setAccessibleName(_("Feature maps"))
        self._name = ElidedLabel()
        self._name.setProperty("role", "title")
        self._line = ElidedLabel(Qt.TextElideMode.ElideRight)
        self._maps: np.ndarray | None = None
        self._orders: dict[Order, np.ndarray] = {}
        """Those of the maps shown that were asked for."""
        self.header.insertWidget(0, self._name, 1)
        self.header.addWidget(self._scale_button())
        about = QHBoxLayout()
        about.addWidget(self._line, 1)
        about.addWidget(self._order_picker())
        self.body.addLayout(about)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.grid)
        self.body.addWidget(area, 1)
        self.clear("")

    def _order_picker(self) -> QWidget:
        self._order = ElidedComboBox()
        self._order.setObjectName("mapOrder")
        self._order.setAccessibleName(_("Order of the maps"))
        self._order.setToolTip(_("In which order the maps and the filters are shown"))
        self._order.setProperty("role", "quiet")
        for order, text in (
            ("index", _("by number")),
            ("mean", _("strongest first")),
            ("similarity", _("alike together")),
        ):
            self._order.addItem(text, order)
        self._order.setFixedWidth(_ORDER_WIDTH)
        self._order.currentIndexChanged.connect(lambda _index: self._show())
        return self._order

    def _scale_button(self) -> QWidget:
        self._each = QPushButton(_("Scale per map"))
        self._each.setObjectName("scalePerMap")
        self._each.setAccessibleName(_("Scale each map on its own"))
        self._each.setToolTip(_("On: each map uses all colours. Off: a colour is the same number in every map."))
        self._each.setProperty("role", "toggle")
        self._each.setCheckable(True)
        self._each.toggled.connect(lambda _on: self._show())
        return self._each

    @property
    def order(self) -> np.ndarray | None:
        """The maps' numbers in the order in which they are shown; None for that of the layer."""
        return None if self.grid.tiles is None else self.grid.tiles.order

    def show_maps(self, layer: str, maps: np.ndarray) -> None:
        """Show the C×H×W maps of `layer`."""
        is_flat = maps.shape[1:] == (1, 1)
        title = _("{layer} output") if is_flat else _("{layer} feature maps")
        self._name.setText(title.format(layer=layer))
        self.grid.tile_name = _("unit {number}") if is_flat else _("map {number}")
        self._maps, self._orders = maps, {}
        self._show()

    def clear(self, text: str) -> None:
        """Show no maps, and say why."""
        self._maps = None
        self._name.setText(_("Feature maps"))
        self._line.clear()
        self.grid.show_tiles(None, text)

    def _show(self) -> None:
        from cnn_desktop.ui.widgets.map_tiles import MapTiles

        if self._maps is None:
            return
        tiles = MapTiles(self._maps, per_tile=self._each.isChecked(), order=self._chosen_order(self._maps))
        self.grid.show_tiles(tiles)
        size = "×".join(str(side) for side in tiles.shape)
        if tiles.shape == (1, 1):
            count = ngettext("{count:,} number", "{count:,} numbers", tiles.count)
        else:
            count = ngettext("{count:,} map of {size}", "{count:,} maps of {size}", tiles.count)
        low, high = f"{tiles.lowest:.4g}", f"{tiles.highest:.4g}"
        scale = _("scale per map, {low} … {high} in all") if tiles.per_tile else _("scale per layer {low} … {high}")
        self._line.setText(f"{count.format(count=tiles.count, size=size)} · {scale.format(low=low, high=high)}")
        self.redrawn.emit()

    def _chosen_order(self, maps: np.ndarray) -> np.ndarray | None:
        from cnn_desktop.explain.ordering import order_of

        order: Order = self._order.currentData()
        if order == "index":
            return None
        if order not in self._orders:
            self._orders[order] = order_of(maps, order)
        return self._orders[order]
