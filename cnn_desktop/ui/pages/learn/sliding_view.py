"""A picture, a kernel, and the map that they make, all of which can be changed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.explain.lessons.sliding import Products, Slide, convolved, padded, products
from cnn_desktop.ui.pages.learn.demo import sign, titled
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import caption
from cnn_desktop.ui.widgets.number_matrix import Cell, Edges, Editing, NumberMatrix, Window

Size = tuple[int, int]


class SlidingView(QWidget):
    """Shows `torch.conv2d` of what is in the first two matrices in the third; marks where the kernel lies.

    Args:
        editing: which numbers the picture and the kernel may hold.
        picture_cell, kernel_cell, output_cell: how large a cell is, in pixels.
        divisor: by what every sum is divided.
    """

    changed = Signal()
    """There are other numbers."""
    pointed = Signal(int, int)
    """A person points at the number of the output in that row and column."""

    def __init__(
        self,
        editing: Editing,
        picture_cell: Size,
        kernel_cell: Size,
        output_cell: Size,
        divisor: int = 1,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.divisor = divisor
        self.slide = Slide(3)
        self._picture: list[list[float]] = []
        is_signed = bool(editing.choices)
        self.picture = NumberMatrix(_("Picture"), "grey" if is_signed else "blue", editing=editing, cell=picture_cell)
        self.kernel = NumberMatrix(_("Kernel"), "grey" if is_signed else "orange", editing=editing, cell=kernel_cell)
        self.output = NumberMatrix(_("Output"), "signed" if is_signed else "green", cell=output_cell)
        for matrix in (self.picture, self.output):
            matrix.setMinimumWidth(96)  # small cells still tell by their colours
        self._picture_title, self._kernel_title, self._output_title = caption(), caption(), caption()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S16)
        row.addStretch()
        row.addLayout(titled(self._picture_title, self.picture))
        row.addWidget(sign("∗"))
        row.addLayout(titled(self._kernel_title, self.kernel))
        row.addWidget(sign("="))
        row.addLayout(titled(self._output_title, self.output))
        row.addStretch()
        self.picture.cell_changed.connect(self._on_pixel)
        self.kernel.cell_changed.connect(lambda _cell, _value: self.refresh())
        self.output.cell_pointed.connect(self._on_pointed)

    def show_picture(self, picture: list[list[float]]) -> None:
        """Let the kernel slide over another picture."""
        self._picture = [list(row) for row in picture]
        self.refresh()

    def show_kernel(self, kernel: list[list[float]]) -> None:
        """Let another kernel slide."""
        self.kernel.show_values(kernel)
        self.slide = Slide(len(kernel), self.slide.stride, self.slide.padding)
        self.refresh()

    def set_slide(self, stride: int, padding: int) -> None:
        """Let the kernel slide in another way."""
        self.slide = Slide(self.slide.size, stride, padding)
        self.refresh()

    def refresh(self) -> None:
        """Compute the output anew."""
        edge = self.slide.padding
        if not self._picture or not self.kernel.content.planes:
            return
        self.picture.show_values(padded(self._picture, edge), padding=Edges(edge, edge, edge, edge))
        rows, columns = self.output_size
        if rows * columns:
            self.output.show_values(convolved(self._picture, self._weights, self.slide, self.divisor))
        else:
            self.output.show_values([])
        height, width = len(self._picture), len(self._picture[0])
        self._picture_title.setText(_("picture {height} × {width}").format(height=height, width=width))
        self._kernel_title.setText(_("kernel {side} × {side}").format(side=self.slide.size))
        self._output_title.setText(_("output {rows} × {columns}").format(rows=rows, columns=columns))
        self.changed.emit()

    @property
    def output_size(self) -> Size:
        """Rows and columns of the output."""
        return self.slide.places(len(self._picture)), self.slide.places(len(self._picture[0]))

    @property
    def is_whole(self) -> bool:
        """Whether there is a picture, a kernel, and room for the kernel."""
        return bool(self._picture and self.kernel.content.planes) and min(self.output_size) > 0

    def value(self, row: int, column: int) -> float:
        """A number of the output."""
        return self.output.value(Cell(0, row, column))

    @property
    def side(self) -> int:
        """Rows of the picture, without padding."""
        return len(self._picture)

    def products(self, row: int, column: int) -> Products:
        """How a number of the output came to be."""
        return products(self._picture, self._weights, row, column, self.slide)

    def show_place(self, row: int, column: int) -> None:
        """Mark a number of the output, and the patch that it comes from."""
        step, size = self.slide.stride, self.slide.size
        self.picture.mark(Window(row * step, column * step, size, size))
        self.output.single_out(Cell(0, row, column))

    def users(self, row: int, column: int) -> list[Cell]:
        """The numbers of the output for which the kernel lies on a cell of the picture, padding counted."""
        step, size = self.slide.stride, self.slide.size
        rows, columns = self.output_size
        return [
            Cell(0, down, across)
            for down in range(rows)
            for across in range(columns)
            if 0 <= row - down * step < size and 0 <= column - across * step < size
        ]

    @property
    def _weights(self) -> list[list[float]]:
        return self.kernel.values()[0]

    def _on_pixel(self, cell: Cell, value: float) -> None:
        edge = self.slide.padding
        row, column = cell.row - edge, cell.column - edge
        if 0 <= row < self.side and 0 <= column < len(self._picture[0]):
            self._picture[row][column] = value
        self.refresh()

    def _on_pointed(self, cell: Cell | None) -> None:
        if cell is not None:
            self.pointed.emit(cell.row, cell.column)
