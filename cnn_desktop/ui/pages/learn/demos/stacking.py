"""A picture of 9×9 on its way through convolution, ReLU and pooling, down to maps of 2×2."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout

from cnn_desktop.core.language import _
from cnn_desktop.explain.lessons.stacking import seen_by, stages
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.learn.choices import Choices
from cnn_desktop.ui.pages.learn.demo import Demo, result_label, titled
from cnn_desktop.ui.pages.learn.drawings import DRAWINGS, drawing_choices
from cnn_desktop.ui.pages.learn.sum_view import number
from cnn_desktop.ui.theme import S8, S20
from cnn_desktop.ui.widgets.number_matrix import Cell, Editing, NumberMatrix, Window

_FEATURES = ("╲", "╳", "╱")


class StackingDemo(Demo):
    """The picture at the left, what each layer makes of it at the right."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._pictures: Choices = drawing_choices()
        self._rectifies = QCheckBox(_("with ReLU"))
        self._rectifies.setObjectName("stackingRelu")
        self._rectifies.setAccessibleName(_("with ReLU"))
        self._picture = NumberMatrix(_("Picture"), "grey", editing=Editing(choices=(-1, 1)), cell=(26, 26))
        self._said = result_label("stackingSaid")
        titles = (
            _("convolution with ╲ ╳ ╱: 3 maps of 7 × 7"),
            _("ReLU: 3 × 7 × 7"),
            _("max pooling: 3 × 4 × 4"),
            _("max pooling again: 3 × 2 × 2"),
        )
        cells = (18, 18), (18, 18), (40, 26), (56, 34)
        self._maps = [NumberMatrix(title, "signed", cell=cell) for title, cell in zip(titles, cells, strict=True)]
        for matrix in (self._picture, *self._maps):
            matrix.setMinimumSize(150, 32)  # small cells still tell by their colours
        layers = QVBoxLayout()
        layers.setSpacing(S8)
        for title, matrix in zip(titles, self._maps, strict=True):
            layers.addLayout(titled(title, matrix))
        both = QHBoxLayout()
        both.setSpacing(S20)
        both.addStretch()
        both.addLayout(titled(_("picture: 9 × 9"), self._picture))
        both.addLayout(layers)
        both.addStretch()
        self.add_row(self._pictures, self._rectifies)
        self.column.addLayout(both, 1)
        self.column.addWidget(self._said)
        self._pictures.chosen.connect(self._take)
        self._rectifies.toggled.connect(self._refresh)
        self._picture.cell_changed.connect(self._on_drawn)
        for stage, matrix in enumerate(self._maps):
            point: Callable[[Cell | None], None] = partial(self._show_field, stage)
            matrix.cell_pointed.connect(point)

    def start_over(self) -> None:
        """An X, with ReLU."""
        self._pictures.choose_first()
        self._take(self._pictures.current)
        self._rectifies.setChecked(True)

    def _take(self, name: str) -> None:
        self._picture.show_values(DRAWINGS[name])
        self._refresh()

    def _on_drawn(self) -> None:
        self._pictures.choose("")
        self._refresh()

    def _refresh(self) -> None:
        maps = stages(self._picture.values()[0], rectifies=self._rectifies.isChecked())
        for matrix, values in zip(self._maps, maps, strict=True):
            matrix.show_values(values, scale=1, decimals=2)
        self._show_field(0, None)

    def _show_field(self, stage: int, cell: Cell | None) -> None:
        """Frame what a number depends on."""
        if cell is None:
            self._picture.mark(None)
            self._said.setText(_("Point at a number to see what it depends on."))
            return
        extent = seen_by(stage, cell.row, cell.column)
        height, width = extent.bottom - extent.top, extent.right - extent.left
        self._picture.mark(Window(extent.top, extent.left, height, width))
        text = _("{feature}: <b>{value}</b>, from {height} × {width} pixels of the picture")
        value = number(self._maps[stage].value(cell))
        self._said.setText(text.format(feature=_FEATURES[cell.channel], value=value, height=height, width=width))


def make(context: AppContext) -> Demo:
    """Build it."""
    return StackingDemo(context)
