"""One map or filter, enlarged: the number under the cursor, and what the numbers amount to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S4, S8, S16
from cnn_desktop.ui.widgets.card import Card, caption, value_label
from cnn_desktop.ui.widgets.map_grid import Cell, MapGrid
from cnn_desktop.ui.widgets.tile_layout import TileRules

if TYPE_CHECKING:
    from cnn_desktop.ui.widgets.map_tiles import MapTiles

_NARROWEST, _WIDEST = 232, 340
_VALUES = 92
"""Pixels for the numbers beside the map."""
_LARGEST_MAP = 220
_ROOMY = 270
"""Pixels of the card's height from which on there is room for all numbers."""


class DetailCard(Card):
    """A large view of one tile; the arrow keys and the cursor go through its cells. More may stand below it."""

    cell_chosen = Signal(object)
    pointed = Signal(object)
    """A `Cell` whose tile means nothing, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Enlarged"), parent)
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDEST)
        self.grid = MapGrid(_("map {number}"), TileRules(largest=4096, gap=0))
        self.grid.setObjectName("enlargedMap")
        self.grid.setAccessibleName(_("Enlarged map"))
        self._what = ""
        self._values: dict[str, QLabel] = {}
        self._captions: dict[str, QLabel] = {}
        row = QHBoxLayout()
        row.setSpacing(S16)
        row.addWidget(self.grid, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._numbers(), 1)
        self.body.addLayout(row)
        self.grid.pointed.connect(self._show_cell)
        self.grid.pointed.connect(self.pointed)
        self.grid.cell_chosen.connect(self.cell_chosen)
        self.clear()

    def _numbers(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        for key, text in (("value", _("Value")), ("mean", _("Mean")), ("low", _("Lowest")), ("high", _("Highest"))):
            label = self._values[key] = value_label()
            label.setObjectName(f"{key}OfMap")
            self._captions[key] = caption(text)
            column.addWidget(self._captions[key])
            column.addWidget(label)
            column.addSpacing(S4)
        self._values["value"].setProperty("role", "title")
        column.addStretch()
        return column

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = min(self.width() - 2 * S16 - S16 - _VALUES, _LARGEST_MAP, max(96, self.height() // 2 - S8))
        self.grid.setFixedSize(side, side)
        self._show_numbers()

    def show_tile(self, what: str, tiles: MapTiles, index: int, place: Cell | None) -> None:
        """Enlarge tile `index` of `tiles`, called `what` (“Map 20”), marked at `place`, else where it was or midway."""
        from cnn_desktop.ui.widgets.map_tiles import number_text

        one = tiles.one(index)
        self._what = what
        marked = place or self.grid.cell
        self.grid.show_tiles(one)
        height, width = one.shape
        fits = marked is not None and marked.row < height and marked.column < width
        self.grid.mark(marked if fits else Cell(0, height // 2, width // 2))
        self._show_cell(None)
        for key, number in (("mean", one.mean), ("low", one.lowest), ("high", one.highest)):
            self._values[key].setText(number_text(number))
        self._show_numbers()

    def clear(self) -> None:
        """Show nothing."""
        self.set_title(_("Enlarged"))
        self.grid.show_tiles(None, _("Click a map or a filter to enlarge it."))
        for label in self._values.values():
            label.setText("–")

    def _show_numbers(self) -> None:
        """The mean, the lowest and the highest of one number are that number; in a low card only the mean has room."""
        is_one = self.grid.tiles is not None and self.grid.tiles.shape == (1, 1)
        for key in ("mean", "low", "high"):
            has_room = key == "mean" or self.height() >= _ROOMY
            for label in (self._values[key], self._captions[key]):
                label.setVisible(has_room and not is_one)

    def _show_cell(self, cell: Cell | None) -> None:
        shown = cell or self.grid.cell
        if shown is None or self.grid.tiles is None:
            return
        if self.grid.tiles.shape == (1, 1):
            self.set_title(self._what)
        else:
            text = _("{what}, cell ({row}, {column})")
            self.set_title(text.format(what=self._what, row=shown.row, column=shown.column))
        self._values["value"].setText(self.grid.tiles.text(0, shown.row, shown.column))
