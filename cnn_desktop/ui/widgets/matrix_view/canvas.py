"""The looks of the matrix: what is shown, which part of it, and how it is drawn."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S8, colors
from cnn_desktop.ui.widgets.matrix_view.geometry import MatrixGeometry
from cnn_desktop.ui.widgets.matrix_view.painting import MatrixPainter
from cnn_desktop.ui.widgets.matrix_view.shading import Levels, image_of, levels_of
from cnn_desktop.ui.widgets.matrix_view.table import Cell, ConfusionTable, Normalisation

_NAMES_WIDTH, _NAMES_HEIGHT = 132.0, 92.0
"""As much room as the names of the rows and of the columns may take, in pixels."""
_SEARCHED_SIDE = 18.0
"""Pixels of a cell, at least, when a class or a cell was asked for."""


class MatrixCanvas(QWidget):
    """Draws a `ConfusionTable`; rows are what pictures are, columns what they are taken for."""

    zoomed = Signal()
    """Another part is in sight than before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Confusion matrix"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.table: ConfusionTable | None = None
        self.normalisation: Normalisation = "counts"
        self.geometry_of_cells = MatrixGeometry.fitted(1, QRectF(0, 0, 1, 1))
        self.current: Cell | None = None
        """The cell that keys go on from, and whose pictures are shown."""
        self.hovered: Cell | None = None
        self.searched = -1
        """The class whose row and column are marked; -1: none."""
        self.levels: Levels | None = None
        self._image: QImage | None = None
        self._image_of: tuple[object, ...] = ()

    # ---- what is shown

    def show_table(self, table: ConfusionTable | None) -> None:
        """Show other numbers, all of them in sight; None empties the matrix."""
        self.table = table
        self.current = self.hovered = None
        self.searched = -1
        self._shade()
        self.fit()

    def revise(self, table: ConfusionTable) -> None:
        """Show other numbers of the same classes; what is in sight stays."""
        self.table = table
        self._shade()
        self._describe()
        self.update()

    def show_normalised(self, normalisation: Normalisation) -> None:
        """Show counts, or shares of rows or columns."""
        if normalisation != self.normalisation:
            self.normalisation = normalisation
            self._shade()
            self.update()

    def fit(self) -> None:
        """Bring all cells into sight."""
        self._go_to(MatrixGeometry.fitted(len(self.table.classes) if self.table else 1, self._plot()))

    def show_class(self, place: int) -> None:
        """Mark the row and the column of a class, and bring their crossing into sight; -1 marks none."""
        self.searched = place
        if place >= 0:
            self._go_to(self.geometry_of_cells.centred(place, place, _SEARCHED_SIDE))
        self.update()

    def show_cell(self, cell: Cell) -> None:
        """Make a cell the current one, in sight and large enough to be read."""
        self.current = cell
        if self.geometry_of_cells.side < _SEARCHED_SIDE:
            self._go_to(self.geometry_of_cells.centred(*cell, _SEARCHED_SIDE))
        else:
            self._go_to(self.geometry_of_cells.showing(*cell))
        self._describe()

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Make cells larger or smaller around a point, or around the middle."""
        self._go_to(self.geometry_of_cells.zoomed(factor, about or self.geometry_of_cells.area.center()))

    @property
    def image(self) -> QImage | None:
        """The part in sight, a pixel a cell or fewer; made anew only when it has changed."""
        if self.levels is None:
            return None
        cells = self.geometry_of_cells
        sharpness = self.devicePixelRatioF()
        most = (int(cells.area.height() * sharpness), int(cells.area.width() * sharpness))
        key = (cells, most, colors().is_dark, id(self.levels))
        if key != self._image_of:
            self._image = image_of(self.levels, cells.rows, cells.columns, most, colors())
            self._image_of = key
        return self._image

    # ---- Qt

    @override
    def sizeHint(self) -> QSize:
        return QSize(560, 560)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(280, 260)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._go_to(self.geometry_of_cells.placed(self._plot()))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._go_to(self.geometry_of_cells.placed(self._plot()))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.table is not None and self.levels is not None:
            MatrixPainter(self, self.table, self.levels, painter).paint()
        painter.end()

    @property
    def small_font(self) -> QFont:
        """The font of names and numbers."""
        font = QFont(self.font())
        font.setPixelSize(max(10, self.fontInfo().pixelSize() - 2))
        return font

    def _go_to(self, cells: MatrixGeometry) -> None:
        self.geometry_of_cells = cells
        self.update()
        self.zoomed.emit()

    def _plot(self) -> QRectF:
        """Where the cells go: what names and titles leave."""
        metrics = QFontMetricsF(self.small_font)
        names = self.table.classes if self.table else ()
        widest = max((metrics.horizontalAdvance(name) for name in names), default=0.0) + S8
        title = metrics.height() + S8
        left, top = title + min(widest, _NAMES_WIDTH), title + metrics.height() + S8
        room = min(self.width() - left, self.height() - top) / max(1, len(names))
        if widest > room:  # names of columns stand upright
            top = title + min(widest, _NAMES_HEIGHT)
        return QRectF(left, top, max(1.0, self.width() - left - 1), max(1.0, self.height() - top - 1))

    def _shade(self) -> None:
        self.levels = None if self.table is None else levels_of(self.table.values(self.normalisation))

    def _describe(self) -> None:
        """Say the current cell to screen readers."""
        if self.table is None or self.current is None:
            return
        self.setAccessibleDescription(". ".join((self.table.title(self.current), *self.table.lines(self.current))))
