"""A kernel that slides over a small picture."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.explain.lessons import examples
from cnn_desktop.explain.lessons.examples import Matrix
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.learn.choices import Choices
from cnn_desktop.ui.pages.learn.demo import Demo
from cnn_desktop.ui.pages.learn.sliding_view import SlidingView
from cnn_desktop.ui.pages.learn.sum_view import SumView
from cnn_desktop.ui.pages.learn.walk import Walk
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import caption
from cnn_desktop.ui.widgets.number_matrix import Editing

_KERNELS: dict[str, tuple[str, Matrix]] = {
    "example": (_("Example"), examples.KERNEL_3X3),
    "same": (_("Copy"), examples.KEEPING),
    "upright": (_("│"), examples.UPRIGHT_EDGES),
    "level": (_("─"), examples.LEVEL_EDGES),
    "sharpen": (_("Sharpen"), examples.SHARPENING),
    "sum": (_("Sum"), examples.SUMMING),
}
_PICTURES: dict[str, tuple[str, Matrix]] = {
    "cross": (_("X"), examples.CROSS),
    "nought": (_("O"), examples.NOUGHT),
    "crooked": (_("Crooked"), examples.CROOKED_CROSS),
    "small": (_("Small"), examples.SMALL_CROSS),
}
_FEATURES: dict[str, tuple[str, Matrix]] = {
    "falling": ("╲", examples.FALLING),
    "crossing": ("╳", examples.CROSSING),
    "rising": ("╱", examples.RISING),
}


class ConvolutionDemo(Demo):
    """Two examples: a 5×5 matrix with a 3×3 kernel, and pictures of an X or an O with their features."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._which = Choices("example", _("Example"), (("matrix", _("5 × 5 with 3 × 3")), ("drawing", _("X and O"))))
        self._matrix = SlidingView(Editing(), (64, 48), (64, 48), (64, 48))
        self._drawing = SlidingView(Editing(choices=(-1, 1)), (34, 34), (44, 36), (50, 36), divisor=9)
        self._kernels = _choices("kernel", _("Kernel"), _KERNELS)
        self._pictures = _choices("picture", _("Picture"), _PICTURES)
        self._features = _choices("feature", _("Feature"), _FEATURES)
        self._sum = SumView()
        self._walk = Walk()
        self._stack = QStackedWidget()
        self._stack.addWidget(_above(self._matrix, (caption(_("Kernel")), self._kernels)))
        choosers = (caption(_("Picture")), self._pictures, caption(_("Feature")), self._features)
        self._stack.addWidget(_above(self._drawing, choosers))
        self.add_row(self._which)
        self.column.addWidget(self._stack, 3)
        self.add_row(self._walk)
        self.column.addWidget(self._sum)
        self.column.addStretch(1)
        self._connect()

    def start_over(self) -> None:
        """The matrices of the examples."""
        self._matrix.show_picture(_rows(examples.PICTURE_5X5))
        self._matrix.show_kernel(_rows(examples.KERNEL_3X3))
        self._drawing.show_picture(_rows(examples.CROSS))
        self._drawing.show_kernel(_rows(examples.FALLING))
        for choices in (self._kernels, self._pictures, self._features):
            choices.choose_first()
        self._which.choose_first()
        self._switch()

    def _connect(self) -> None:
        for view in (self._matrix, self._drawing):
            view.changed.connect(self._show_place)
            view.pointed.connect(self._walk.go)
        self._walk.moved.connect(self._show_place)
        self._which.chosen.connect(self._switch)
        self._kernels.chosen.connect(lambda name: self._matrix.show_kernel(_rows(_KERNELS[name][1])))
        self._features.chosen.connect(lambda name: self._drawing.show_kernel(_rows(_FEATURES[name][1])))
        self._pictures.chosen.connect(lambda name: self._drawing.show_picture(_rows(_PICTURES[name][1])))

    @property
    def _view(self) -> SlidingView:
        return self._drawing if self._which.current == "drawing" else self._matrix

    def _switch(self) -> None:
        self._stack.setCurrentIndex(int(self._view is self._drawing))
        if self._view is self._drawing:
            self._sum.set_tints("grey", "grey", "signed")
        else:
            self._sum.set_tints("blue", "orange", "green")
        self._walk.set_size(*self._view.output_size)
        self._walk.go(0, 0)

    def _show_place(self) -> None:
        view = self._view
        if not view.is_whole:
            return
        self._walk.set_size(*view.output_size)
        row, column = self._walk.place
        view.show_place(row, column)
        self._sum.show_products(view.products(row, column), view.value(row, column), view.divisor)


def _choices(name: str, title: str, entries: Mapping[str, tuple[str, Matrix]]) -> Choices:
    return Choices(name, title, [(key, text) for key, (text, _matrix) in entries.items()])


def _above(view: QWidget, choosers: tuple[QWidget, ...]) -> QWidget:
    """The view with what can be chosen for it below."""
    both = QWidget()
    row = QHBoxLayout()
    row.setSpacing(S8)
    row.addStretch()
    for widget in choosers:
        row.addWidget(widget)
    row.addStretch()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(S16)
    column.addWidget(view, 1, Qt.AlignmentFlag.AlignVCenter)
    column.addLayout(row)
    return both


def _rows(matrix: Matrix) -> list[list[float]]:
    return [list(row) for row in matrix]


def make(context: AppContext) -> Demo:
    """Build it."""
    return ConvolutionDemo(context)
