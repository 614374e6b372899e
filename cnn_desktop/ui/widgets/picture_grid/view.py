"""The looks of the picture grid: which pictures, where they lie, which are loaded, and how they are painted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QHideEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S4, colors
from cnn_desktop.ui.widgets.picture_grid.geometry import GridGeometry
from cnn_desktop.ui.widgets.picture_grid.loading import TileLoader
from cnn_desktop.ui.widgets.picture_grid.painting import PADDING, CellLook, CellPainter
from cnn_desktop.ui.widgets.picture_grid.selection import Selection
from cnn_desktop.ui.widgets.picture_grid.shown import ShownPictures

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset, PictureRef

SMALLEST, LARGEST = 48, 256
"""Sides of thumbnails in logical pixels."""

_USUAL = 112
_AHEAD = 0.5
"""So much of a page is loaded above and below of what is in sight."""


class PictureView(QAbstractScrollArea):
    """Thumbnails with their class in rows, of which only those in sight cost anything."""

    side_changed = Signal(int)
    """The thumbnails have another size, in logical pixels."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pictureGrid")
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)  # it lies on a card
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.empty_text = _("No pictures")
        self.band = QRect()
        """What the mouse draws around pictures, in coordinates of the whole content; mostly empty."""
        self.selection = Selection()
        self.shown = ShownPictures()
        self.layout_of_cells = GridGeometry(0, 1, 1, 1)
        self._side = _USUAL
        self._loader = TileLoader(self)
        self._loader.arrived.connect(self.viewport().update)

    @property
    def count(self) -> int:
        """How many pictures are shown."""
        return self.selection.count

    @property
    def thumbnail_side(self) -> int:
        """The largest side of a thumbnail, in logical pixels."""
        return self._side

    def set_thumbnail_side(self, side: int) -> None:
        """Make thumbnails larger or smaller; the first in sight stays in sight."""
        side = min(max(side, SMALLEST), LARGEST)
        if side != self._side:
            self._side = side
            self.arrange()
            self.side_changed.emit(side)

    def cell_rect(self, place: int) -> QRect:
        """The cell of the picture at `place`, in the viewport's coordinates; it may lie outside."""
        return self.layout_of_cells.cell(place).translated(0, -self.verticalScrollBar().value())

    def place_at(self, position: QPoint) -> int:
        """The place of the picture under a point of the viewport, or -1."""
        return self.layout_of_cells.at(position.x(), position.y() + self.verticalScrollBar().value())

    def reason_at(self, place: int) -> str:
        """Why a picture can't be shown; empty where it can, or isn't loaded yet."""
        tile = self._loader.tile(self.shown.key(place))
        return tile.reason if tile else ""

    def is_loaded(self, place: int) -> bool:
        """Whether the picture at `place`, or the reason why there is none, is drawn instead of a placeholder."""
        return self._loader.tile(self.shown.key(place)) is not None

    def shutdown(self) -> None:
        """Wait for the threads that load; called once, before the window closes."""
        self._loader.shutdown()

    def replace(self, dataset: Dataset | None, refs: Sequence[PictureRef], marks: Mapping[str, str]) -> None:
        """Show other pictures; those of the same dataset, also when it was decided anew, keep their tiles."""
        before = self.shown.dataset
        if before is None or dataset is None or before.source != dataset.source:
            self._loader.forget()
            self.verticalScrollBar().setValue(0)
        self.shown = ShownPictures(dataset, refs, marks)
        self.selection.reset(len(refs))
        self.arrange()

    def arrange(self) -> None:
        """Lay the cells out anew; the first in sight stays in sight."""
        bar, viewport = self.verticalScrollBar(), self.viewport().size()
        first = self.layout_of_cells.between(bar.value(), bar.value() + 1)
        cell_height = self._side + 2 * PADDING + self.fontMetrics().height() + S4
        self.layout_of_cells = self.fitted(viewport.width(), self._side + 2 * PADDING, cell_height)
        bar.setRange(0, max(0, self.layout_of_cells.height - viewport.height()))
        bar.setPageStep(viewport.height())
        bar.setSingleStep(max(1, cell_height // 3))
        if first and bar.value() > 0:
            bar.setValue(self.layout_of_cells.cell(first[0]).top())
        self._load()
        self.viewport().update()

    def fitted(self, width: int, least_width: int, cell_height: int) -> GridGeometry:
        """Where all pictures lie in a viewport of that width."""
        return GridGeometry.fitted(self.count, width, least_width, cell_height)

    def bring_into_sight(self, place: int) -> None:
        """Scroll as little as needed to see the whole cell."""
        cell, bar = self.cell_rect(place), self.verticalScrollBar()
        if cell.top() < 0:
            bar.setValue(bar.value() + cell.top())
        elif cell.bottom() >= self.viewport().height():
            bar.setValue(bar.value() + cell.bottom() + 1 - self.viewport().height())

    def places_in_sight(self, ahead: int = 0) -> range:
        """The pictures that are at least partly visible, and those of so many pixels more above and below."""
        top = self.verticalScrollBar().value()
        return self.layout_of_cells.between(top - ahead, top + self.viewport().height() + ahead)

    def _load(self) -> None:
        """Ask for the tiles in sight, then for those a little ahead; all others are no longer wanted."""
        if not self.isVisible():
            return
        visible = self.places_in_sight()
        near = self.places_in_sight(round(self.viewport().height() * _AHEAD))
        places = [*visible, *range(visible.stop, near.stop), *range(near.start, visible.start)]
        ratio = self.viewport().devicePixelRatioF()
        self._loader.want([self.shown.order(place, self._side, ratio) for place in places])

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._load()
        self.viewport().update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._load()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._loader.want(())

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.DevicePixelRatioChange):
            self.arrange()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        if not self.count:
            painter.setPen(QColor(colors().muted))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect(), wrapped, self.empty_text)
            painter.end()
            return
        cells = CellPainter(painter, self._side, self._caption_font())
        for place in self.places_in_sight():
            cell = self.cell_rect(place)
            if cell.intersects(event.rect()):
                cells.draw(cell, self._look(place))
        if not self.band.isEmpty():
            self._paint_band(painter)
        painter.end()

    def _look(self, place: int) -> CellLook:
        return CellLook(
            tile=self._loader.tile(self.shown.key(place)),
            caption=self.shown.class_name(place),
            mark=self.shown.mark(place),
            is_chosen=place in self.selection.chosen,
            is_current=place == self.selection.current and self.hasFocus(),
        )

    def _paint_band(self, painter: QPainter) -> None:
        accent = QColor(colors().accent)
        painter.setPen(QPen(accent, 1))
        accent.setAlphaF(0.15)
        painter.setBrush(accent)
        painter.drawRect(self.band.translated(0, -self.verticalScrollBar().value()))

    def _caption_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(11, self.fontInfo().pixelSize() - 1))
        return font
