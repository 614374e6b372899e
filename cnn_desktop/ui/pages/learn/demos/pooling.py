"""One number of each window."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from cnn_desktop.core.language import _
from cnn_desktop.explain.lessons.examples import POOLING_4X4
from cnn_desktop.explain.lessons.sliding import Pooling, Slide, pooled
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.learn.choices import Choices
from cnn_desktop.ui.pages.learn.demo import Demo, result_label, sign, titled
from cnn_desktop.ui.pages.learn.dial import Dial
from cnn_desktop.ui.pages.learn.sum_view import number
from cnn_desktop.ui.pages.learn.walk import Walk
from cnn_desktop.ui.theme import S20
from cnn_desktop.ui.widgets.number_matrix import Cell, Editing, NumberMatrix, Window

_KINDS: dict[str, Pooling] = {"max": "max", "min": "min", "average": "average"}


class PoolingDemo(Demo):
    """A 4×4 matrix and what a sliding window keeps of it."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._kind = Choices("pooling", _("Pooling"), (("max", _("Max")), ("min", _("Min")), ("average", _("Average"))))
        self._window = Dial("poolingWindow", _("Window"), range(1, 5), _("{0:g} × {0:g}").format)
        self._stride = Dial("poolingStride", _("Stride"), range(1, 5))
        self._shift = QPushButton(_("Shift the map to the right"))
        self._shift.setObjectName("poolingShift")
        self._shift.setAccessibleName(self._shift.text())
        self._matrix = NumberMatrix(_("Map"), "blue", editing=Editing(), cell=(76, 60))
        self._output = NumberMatrix(_("Output"), "green", cell=(76, 60))
        self._walk = Walk()
        self._line = result_label("poolingLine")
        self._stayed = result_label("poolingStayed")
        self.add_row(self._kind, self._window, self._stride, spacing=S20)
        self.column.addStretch()
        self.add_row(titled(_("map"), self._matrix), sign("→"), titled(_("pooled"), self._output))
        self.column.addWidget(self._line)
        self.add_row(self._walk)
        self.column.addStretch()
        self.add_row(self._shift)
        self.column.addWidget(self._stayed)
        self.column.addStretch()
        self._kind.chosen.connect(self._refresh)
        self._window.turned.connect(self._refresh)
        self._stride.turned.connect(self._refresh)
        self._matrix.cell_changed.connect(self._refresh)
        self._output.cell_pointed.connect(lambda cell: cell and self._walk.go(cell.row, cell.column))
        self._walk.moved.connect(self._show_place)
        self._shift.clicked.connect(self._move_on)

    def start_over(self) -> None:
        """The matrix of the example, max pooling by 2."""
        self._kind.choose_first()
        self._matrix.show_values(POOLING_4X4)
        for dial in (self._window, self._stride):
            dial.choose(2)
        self._refresh()
        self._walk.go(0, 0)

    @property
    def _slide(self) -> Slide:
        return Slide(self._window.whole, self._stride.whole)

    def _refresh(self) -> None:
        self._output.show_values(pooled(self._matrix.values()[0], _KINDS[self._kind.current], self._slide))
        self._stayed.clear()
        self._show_place()

    def _show_place(self) -> None:
        _channels, rows, columns = self._output.content.shape
        self._walk.set_size(rows, columns)
        row, column = self._walk.place
        size, step = self._slide.size, self._slide.stride
        self._matrix.mark(Window(row * step, column * step, size, size))
        inside = [Cell(0, row * step + down, column * step + across) for down in range(size) for across in range(size)]
        kept = self._output.value(Cell(0, row, column))
        kind = self._kind.current
        self._matrix.single_out(*(cell for cell in inside if kind != "average" and self._matrix.value(cell) == kept))
        self._output.single_out(Cell(0, row, column))
        self._line.setText(self._written([self._matrix.value(cell) for cell in inside], kept))

    def _written(self, values: list[float], kept: float) -> str:
        if self._kind.current == "average":
            return f"({' + '.join(map(number, values))}) ÷ {len(values)} = <b>{number(kept)}</b>"
        names = {"max": _("largest of"), "min": _("smallest of")}
        return f"{names[self._kind.current]} {', '.join(map(number, values))}: <b>{number(kept)}</b>"

    def _move_on(self) -> None:
        before, rows = self._output.values()[0], self._matrix.values()[0]
        self._matrix.show_values([[row[-1], *row[:-1]] for row in rows])
        self._refresh()
        after = self._output.values()[0]
        pairs = [
            (old, new) for olds, news in zip(before, after, strict=True) for old, new in zip(olds, news, strict=True)
        ]
        stayed = sum(old == new for old, new in pairs)
        text = _("{stayed} of {all} outputs stayed as they were.")
        self._stayed.setText(text.format(stayed=stayed, all=len(pairs)))


def make(context: AppContext) -> Demo:
    """Build it."""
    return PoolingDemo(context)
