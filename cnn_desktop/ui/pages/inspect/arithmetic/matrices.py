"""The patch, the kernel and the products of one channel, side by side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.number_matrix import Cell, Edges, NumberMatrix

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.explain.arithmetic import Patches, Working

_CELL = (48, 36)
_SMALLEST = QSize(60, 60)
_TITLE = 22
"""Pixels of the line above a matrix."""
_SPARE = 96
"""Pixels for a long name of what the patch is of."""
_SIGN = 28
"""Pixels between two matrices."""


class Matrices(QWidget):
    """Pointing at a cell of one outlines it in all. Channels of a single number each are folded into one matrix."""

    channel_chosen = Signal(int)
    """The place of a channel that was clicked where channels are folded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.patch = NumberMatrix(_("Patch"), "blue", cell=_CELL)
        self.kernel = NumberMatrix(_("Kernel"), "orange", cell=_CELL)
        self.products = NumberMatrix(_("Products"), "green", cell=_CELL)
        self._all = (self.patch, self.kernel, self.products)
        self._titles = tuple(ElidedLabel(Qt.TextElideMode.ElideRight, self) for _matrix in self._all)
        self._signs = tuple(QLabel(sign, self) for sign in ("×", "="))
        self._has_products = True
        self._is_folded = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        for number, matrix in enumerate(self._all):
            matrix.setParent(self)
            matrix.setObjectName(("patchMatrix", "kernelMatrix", "productMatrix")[number])
            matrix.cell_pointed.connect(self._point)
            matrix.cell_chosen.connect(self._choose)
        for sign in self._signs:
            sign.setAlignment(Qt.AlignmentFlag.AlignCenter)

    @property
    def is_folded(self) -> bool:
        """Whether each cell is a channel of its own."""
        return self._is_folded

    def show_working(self, working: Working, patches: Patches, place: int, source: str) -> None:
        """Show the channel at `place` of `patches`, which are of what `source` gives."""
        self._is_folded = patches.values.shape[1:] == (1, 1) and len(patches.channels) > 1
        self._has_products = patches.weights is not None
        for widget in (self.kernel, self.products, *self._titles[1:], *self._signs):
            widget.setVisible(self._has_products)
        self._show(self.patch, patches.values, place, patches.padding)
        if patches.weights is not None:
            self._show(self.kernel, patches.weights, place)
            self._show(self.products, patches.products, place)
        self._name(patches, source)
        self._single_out(working, place)
        self.updateGeometry()
        self._arrange()

    @override
    def sizeHint(self) -> QSize:
        return self._around([matrix.sizeHint() for matrix in self._shown()])

    @override
    def minimumSizeHint(self) -> QSize:
        return self._around([_SMALLEST for _matrix in self._shown()]) - QSize(_SPARE, 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _shown(self) -> tuple[NumberMatrix, ...]:
        return self._all if self._has_products else self._all[:1]

    def _around(self, sizes: list[QSize]) -> QSize:
        # A title that is wider than its matrix has the room of the sign beside it too.
        width = sum(size.width() for size in sizes) + (len(sizes) - 1) * _SIGN + _SPARE
        return QSize(width, max(size.height() for size in sizes) + _TITLE)

    def _arrange(self) -> None:
        """All three get the same room, so that their cells are equally large."""
        shown = self._shown()
        room = QSize((self.width() - (len(shown) - 1) * _SIGN) // len(shown), self.height() - _TITLE)
        sizes = [matrix.size_within(room) for matrix in shown]
        spare = self.width() - self._around(sizes).width() + _SPARE
        left = 0
        for number, (matrix, size) in enumerate(zip(shown, sizes, strict=True)):
            matrix.setGeometry(left, _TITLE, size.width(), size.height())
            more = min(max(self._title_width(number) - size.width(), 0), max(spare, 0))
            self._titles[number].setGeometry(left + 3, 0, size.width() + more, _TITLE - S4)
            left, spare = left + size.width(), spare - more
            if number < len(shown) - 1:
                self._signs[number].setGeometry(left, _TITLE, _SIGN + more, size.height())
                left += _SIGN + more

    def _title_width(self, number: int) -> int:
        title = self._titles[number]
        return title.fontMetrics().horizontalAdvance(title.text()) + S8

    def _show(self, matrix: NumberMatrix, values: np.ndarray, place: int, padding: tuple[int, ...] = ()) -> None:
        if self._is_folded:
            shown, blanks = folded(values[:, 0, 0])
            matrix.show_values(shown, scale=reach(values), blanks=blanks)
        else:
            matrix.show_values(values[place], scale=reach(values), padding=Edges(*padding))

    def _name(self, patches: Patches, source: str) -> None:
        if self._is_folded:
            count = len(patches.channels)
            texts = (_("{count:,} numbers of {source}").format(count=count, source=source), _("weights"))
        else:
            texts = (_("patch of {source}").format(source=source), _("kernel"))
        for title, text in zip(self._titles, (*texts, _("products")), strict=True):
            title.setText(text)

    def _single_out(self, working: Working, place: int) -> None:
        for matrix in self._all:
            if self._is_folded:
                matrix.single_out(unfolded(place, matrix))
            elif working.winner is not None:
                matrix.single_out(Cell(0, *working.winner))
            else:
                matrix.single_out()

    def _point(self, cell: Cell | None) -> None:
        for matrix in self._all:
            matrix.point(cell)

    def _choose(self, cell: Cell) -> None:
        for matrix in self._all:
            matrix.choose(cell)
        if self._is_folded:
            self.channel_chosen.emit(cell.row * self.patch.content.shape[2] + cell.column)


def reach(values: np.ndarray) -> float:
    """The number furthest from zero, of those that are finite."""
    import numpy as np

    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max(initial=0.0)) or 1.0


def folded(values: np.ndarray) -> tuple[np.ndarray, int]:
    """A list as rows, a little wider than high, and how many cells of the last row are left over."""
    import numpy as np

    columns = math.ceil(math.sqrt(1.3 * len(values)))
    rows = -(-len(values) // columns)
    blanks = rows * columns - len(values)
    return np.pad(values, (0, blanks)).reshape(rows, columns), blanks


def unfolded(place: int, matrix: NumberMatrix) -> Cell:
    """The cell of the number at `place` of a folded list."""
    columns = max(1, matrix.content.shape[2])
    return Cell(0, place // columns, place % columns)
