"""One map or filter, enlarged: the number under the cursor, and what the numbers amount to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S4, S16
from cnn_desktop.ui.widgets.card import Card, caption, value_label
from cnn_desktop.ui.widgets.map_grid import Cell, MapGrid
from cnn_desktop.ui.widgets.tile_layout import TileRules

if TYPE_CHECKING:
    from cnn_desktop.ui.widgets.map_tiles import MapTiles

_WIDTH = 316


class DetailCard(Card):
    """A large view of one tile; the arrow keys and the cursor go through its cells."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Enlarged"), parent)
        self.grid = MapGrid(_("map {number}"), TileRules(largest=4096, gap=0))
        self.grid.setObjectName("enlargedMap")
        self.grid.setAccessibleName(_("Enlarged map"))
        self.setFixedWidth(_WIDTH)
        self.grid.setFixedHeight(_WIDTH - 2 * S16)
        self.body.addWidget(self.grid)
        self._what = ""
        self._values: dict[str, QLabel] = {}
        self._form = form = QFormLayout()
        form.setHorizontalSpacing(S16)
        form.setVerticalSpacing(S4)
        for key, text in (("value", _("Value")), ("mean", _("Mean")), ("low", _("Lowest")), ("high", _("Highest"))):
            label = value_label()
            label.setObjectName(f"{key}OfMap")
            self._values[key] = label
            form.addRow(caption(text), label)
        self._values["value"].setProperty("role", "title")
        self.body.addLayout(form)
        self.body.addStretch()
        self.grid.pointed.connect(self._show_cell)
        self.clear()

    def show_tile(self, what: str, tiles: MapTiles, index: int) -> None:
        """Enlarge tile `index` of `tiles`, called `what` (“Map 20”)."""
        from cnn_desktop.ui.widgets.map_tiles import number_text

        one = tiles.one(index)
        self._what = what
        marked = self.grid.cell
        self.grid.show_tiles(one)
        height, width = one.shape
        fits = marked is not None and marked.row < height and marked.column < width
        self.grid.mark(marked if fits else Cell(0, height // 2, width // 2))
        self._show_cell(None)
        for key, number in (("mean", one.mean), ("low", one.lowest), ("high", one.highest)):
            self._values[key].setText(number_text(number))
            self._form.setRowVisible(self._values[key], one.shape != (1, 1))

    def clear(self) -> None:
        """Show nothing."""
        self.set_title(_("Enlarged"))
        self.grid.show_tiles(None, _("Click a map or a filter to enlarge it."))
        for label in self._values.values():
            label.setText("–")

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
