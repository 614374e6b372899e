"""A kernel that takes larger steps, and looks over the edge."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.learn.demo import Demo, result_label
from cnn_desktop.ui.pages.learn.dial import Dial
from cnn_desktop.ui.pages.learn.sliding_view import SlidingView
from cnn_desktop.ui.pages.learn.walk import Walk
from cnn_desktop.ui.theme import S8, S20
from cnn_desktop.ui.widgets.number_matrix import Cell, Editing

_BEGIN = {"size": 5, "kernel": 3, "stride": 1, "padding": 0}


class StrideDemo(Demo):
    """Four dials, the matrices that they lead to, and the formula of the output's size with its numbers."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._dials = {
            "size": Dial("pictureSize", _("Picture"), range(3, 10), _("{0:g} × {0:g}").format),
            "kernel": Dial("kernelSize", _("Kernel"), range(1, 6), _("{0:g} × {0:g}").format),
            "stride": Dial("stride", _("Stride"), range(1, 5)),
            "padding": Dial("padding", _("Padding"), range(3)),
        }
        self._view = SlidingView(Editing(low=-9, high=9), (48, 42), (48, 42), (48, 42))
        self._walk = Walk()
        self._formula, self._rest = result_label("sizeFormula"), QLabel()
        self._rest.setObjectName("sizeRest")
        self._rest.setWordWrap(True)
        self._rest.setProperty("role", "caption")
        grid = QGridLayout()
        grid.setHorizontalSpacing(S20)
        grid.setVerticalSpacing(S8)
        for place, dial in enumerate(self._dials.values()):
            grid.addWidget(dial, *divmod(place, 2))
        self.column.addLayout(grid)
        self.column.addWidget(self._view, 1)
        self.add_row(self._walk)
        self.column.addWidget(self._formula)
        self.column.addWidget(self._rest)
        self.column.addStretch()
        for dial in self._dials.values():
            dial.turned.connect(self._refresh)
        self._view.changed.connect(self._show_place)
        self._view.pointed.connect(self._walk.go)
        self._view.picture.cell_pointed.connect(self._show_users)
        self._walk.moved.connect(self._show_place)

    def start_over(self) -> None:
        """A 5×5 picture, a 3×3 kernel, steps of one, nothing around it."""
        for name, dial in self._dials.items():
            dial.choose(_BEGIN[name])
        self._refresh()

    def _refresh(self) -> None:
        size, kernel, stride, padding = (dial.whole for dial in self._dials.values())
        self._view.set_slide(stride, padding)
        if self._view.side != size:
            self._view.show_picture(
                [[(3 * row + 2 * column + row * column) % 10 for column in range(size)] for row in range(size)]
            )
        if self._view.slide.size != kernel or not self._view.kernel.content.planes:
            self._view.show_kernel([[1.0] * kernel for _row in range(kernel)])
        self._say_size()

    def _show_place(self) -> None:
        if self._view.is_whole:
            self._walk.set_size(*self._view.output_size)
            self._view.show_place(*self._walk.place)

    def _say_size(self) -> None:
        size, kernel, stride, padding = (dial.whole for dial in self._dials.values())
        places, rest = self._view.slide.places(size), self._view.slide.unused(size)
        if not places:
            self._formula.setText(_("The kernel is larger than the picture with its padding: there is no output."))
            self._rest.clear()
            return
        self._formula.setText(
            _("⌊({size} + 2·{padding} − {kernel}) ÷ {stride}⌋ + 1 = <b>{places}</b>").format(
                size=size, padding=padding, kernel=kernel, stride=stride, places=places
            )
        )
        if 0 < rest <= padding:
            text = _("The division leaves a rest, but that is padding: every pixel is looked at.")
        elif rest:
            text = ngettext(
                "The division leaves a rest: the last row and column are never looked at.",
                "The division leaves a rest: the last {count} rows and columns are never looked at.",
                rest - padding,
            )
        else:
            text = _("Picture, plus padding at both sides, less the kernel, divided by the stride, plus one.")
        self._rest.setText(text.format(count=rest - padding))

    def _show_users(self, cell: Cell | None) -> None:
        """Mark the numbers of the output for which a pixel is looked at."""
        if not self._view.is_whole:
            return
        if cell is None:
            self._say_size()
            self._show_place()
            return
        users = self._view.users(cell.row, cell.column)
        self._view.output.single_out(*users)
        rows, columns = self._view.output_size
        text = _("This pixel is looked at from {count} of {all} places.")
        self._rest.setText(text.format(count=len(users), all=rows * columns))


def make(context: AppContext) -> Demo:
    """Build it."""
    return StrideDemo(context)
