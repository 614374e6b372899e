"""The filters of a layer: in colour, one input channel at a time, or how strong each is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QSpinBox, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.inspect.panel import Panel
from cnn_desktop.ui.pages.inspect.subject import Subject
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.elided_combo import ElidedComboBox
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.map_grid import MapGrid
from cnn_desktop.ui.widgets.tile_layout import TileRules

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.explain.recording import Recording
    from cnn_desktop.models.model import Model
    from cnn_desktop.ui.widgets.map_tiles import MapTiles

_VIEW_WIDTH, _CHANNEL_WIDTH = 132, 84
_MOST_DENSE = 4_000_000
"""Weights of a dense layer whose colours are found without a pause."""


class FiltersFace(Panel):
    """The filters of a convolution: in colour where they see red, green and blue, else one input channel at a time."""

    chosen = Signal(int)
    redrawn = Signal()
    """Other kernels of the same filters are shown, or other filters."""

    def __init__(self, context: AppContext, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(context, subject, parent)
        self.grid = MapGrid(_("filter {number}"), TileRules(largest=96, smallest=16, gap=4))
        self.grid.setObjectName("filterGrid")
        self.grid.setAccessibleName(_("Filters"))
        self._weights: np.ndarray | None = None
        self._model: Model | None = None
        self._layer = ""
        """Of that model, the layer whose filters are shown."""
        self._recording: Recording | None = None
        self._order: np.ndarray | None = None
        self.tools = self._make_tools()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        self.grid.selected.connect(self.chosen)

    def _make_tools(self) -> QWidget:
        self._line = ElidedLabel(Qt.TextElideMode.ElideRight)
        self._line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._view = ElidedComboBox()
        self._view.setObjectName("filterView")
        self._view.setAccessibleName(_("What is shown of each filter"))
        self._view.setProperty("role", "quiet")
        self._view.setMinimumContentsLength(4)
        self._view.setMaximumWidth(_VIEW_WIDTH)
        self._view.activated.connect(self._choose_view)
        self._chosen: dict[tuple[str, ...], str] = {}
        """What the person chose among which views."""
        self._channel = QSpinBox()
        self._channel.setObjectName("inputChannelSpin")
        self._channel.setAccessibleName(_("Input channel"))
        self._channel.setProperty("role", "quiet")
        self._channel.setWrapping(True)
        self._channel.setMaximumWidth(_CHANNEL_WIDTH)
        self._channel.setToolTip(_("The input channel whose kernels are shown, counted from 0"))
        self._channel.valueChanged.connect(lambda _value: self._show())
        tools = QWidget()
        row = QHBoxLayout(tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S8)
        row.addWidget(self._line, 3)
        row.addWidget(self._view, 2)
        row.addWidget(self._channel)
        return tools

    def _choose_view(self) -> None:
        views = tuple(self._view.itemData(index) for index in range(self._view.count()))
        self._chosen[views] = self._view.currentData()
        self._show()

    def set_order(self, order: np.ndarray | None) -> None:
        """Show the filters in the order of the maps that they make; None for that of the layer."""
        if (order is None) != (self._order is None) or (order is not None and order is not self._order):
            self._order = order
            self._show()

    @override
    def follow(self) -> None:
        subject = self.subject
        if subject.model is not None and subject.given is not None and subject.recording is None:
            return  # it comes in a moment, and dense layers are shown by what they were given
        is_other = self._model is not subject.model or self._layer != subject.layer
        if is_other or (self._weights is None and self._recording is not subject.recording):
            self._model, self._layer, self._recording = subject.model, subject.layer, subject.recording
            if subject.model is not None and subject.layer:
                self._show_weights(self._read(subject.model))
        if subject.cell is not None:
            self.grid.set_current(subject.cell.channel)

    def _read(self, model: Model) -> np.ndarray | None:
        """A convolution's kernels, or the rows of a dense layer in the places of what they are multiplied with."""
        from cnn_desktop.explain.filters import dense_rows, filters

        weights = filters(model.module, self._layer)
        if weights is not None or self._recording is None or self._layer not in self._recording.operations:
            return weights
        rows = dense_rows(self._recording, self._layer)
        return rows if rows is not None and rows.size <= _MOST_DENSE else None

    def _show_weights(self, weights: np.ndarray | None) -> None:
        """Show out×in×height×width kernels; None for a layer that has none."""
        self._weights = weights
        if weights is None:
            text = _("{layer} has no filters: convolutions have, and dense layers of up to {most:,} weights.")
            self._clear(text.format(layer=self.subject.layer, most=_MOST_DENSE))
            return
        inputs = weights.shape[1]
        with QSignalBlocker(self._channel), QSignalBlocker(self._view):
            self._channel.setRange(0, inputs - 1)
            self._channel.setSuffix(f" / {inputs - 1}")
            self._offer(_views_of(weights))
        self._show()

    def _offer(self, views: Mapping[str, str]) -> None:
        """Let the person choose among views, and keep the choice where it is still one."""
        self._view.clear()
        for view, text in views.items():
            self._view.addItem(text, view)
        self._view.setCurrentIndex(max(0, self._view.findData(self._chosen.get(tuple(views), ""))))
        self._view.setVisible(len(views) > 1)

    def _clear(self, text: str) -> None:
        """Show no filters, and say why."""
        self._weights = None
        self._line.clear()
        self._view.hide()
        self._channel.hide()
        self.grid.show_tiles(None, text)
        self.redrawn.emit()

    def _tiles(self, weights: np.ndarray) -> MapTiles:
        from cnn_desktop.explain.filters import strength
        from cnn_desktop.ui.widgets.map_tiles import MapTiles

        order = self._order if self._order is not None and len(self._order) == len(weights) else None
        view = self._view.currentData()
        if view == "colour":
            return MapTiles(weights.transpose(0, 2, 3, 1), order=order)
        if view == "strength":
            return MapTiles(strength(weights), order=order)
        # All input channels on one scale, so that stepping through them compares them.
        whole = MapTiles(weights.reshape(-1, *weights.shape[2:]), "signed")
        return MapTiles(weights[:, self._channel.value()], "signed", fixed_scale=whole.scale, order=order)

    def _show(self) -> None:
        if self._weights is None:
            return
        self._channel.setVisible(self._view.currentData() == "channel" and self._channel.maximum() > 0)
        tiles = self._tiles(self._weights)
        self.grid.show_tiles(tiles)
        size = "×".join(str(side) for side in self._weights.shape[1:])
        count = ngettext("{count:,} filter of {size}", "{count:,} filters of {size}", tiles.count)
        scale = _("scale {low} … {high}").format(low=f"{tiles.lowest:.3g}", high=f"{tiles.highest:.3g}")
        self._line.setText(f"{count.format(count=tiles.count, size=size)} · {scale}")
        self.redrawn.emit()


def _views_of(weights: np.ndarray) -> dict[str, str]:
    """What can be shown of out×in×height×width kernels, the best first."""
    views = {"channel": _("input channel")}
    if weights.shape[1] == 3:
        views = {"colour": _("in colour"), **views}
    return {**views, "strength": _("strength")} if weights.shape[1] > 1 else views
