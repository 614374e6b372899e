"""The strip of thumbnails, each with its class and its name below."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen, QWheelEvent
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.predict.history.entries import ENTRY_ROLE, HistoryEntries, HistoryEntry
from cnn_desktop.ui.theme import S4, S8, S16, colors

_TILE = QSize(144, 92)
_SMALL_TILE = QSize(96, 52)
_RADIUS = 6
_TINY = 64
"""Pictures of so many pixels or fewer are drawn as the pixels that they are."""


class _EntryDelegate(QStyledItemDelegate):
    """Draws a thumbnail that fills its tile, and two lines of text."""

    def __init__(self, strip: "HistoryStrip") -> None:
        super().__init__(strip)
        self._strip = strip

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return self._strip.cell_size

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        cell = QRect(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        entry: HistoryEntry = index.data(ENTRY_ROLE)
        tile = QRect(cell.topLeft() + QPoint(3, 3), self._strip.tile_size)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_thumbnail(painter, QRectF(tile), entry.thumbnail)
        self._paint_frame(painter, tile, option, index)
        self._paint_texts(painter, tile, entry, str(index.data()))
        painter.restore()

    def _paint_frame(
        self,
        painter: QPainter,
        tile: QRect,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        is_focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if index.row() == self._strip.shown_place or is_focused or state & QStyle.StateFlag.State_MouseOver:
            is_strong = index.row() == self._strip.shown_place or is_focused
            painter.setPen(QPen(QColor(colors().accent if is_strong else colors().border), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(tile).adjusted(-2, -2, 2, 2), _RADIUS + 1, _RADIUS + 1)

    def _paint_texts(self, painter: QPainter, tile: QRect, entry: HistoryEntry, verdict: str) -> None:
        is_unsure = entry.is_unsure(self._strip.entries.unsure_below)
        small = QFont(painter.font())
        small.setPixelSize(max(9, painter.fontInfo().pixelSize() - 1))
        line = QRect(tile.left(), tile.bottom() + S4 + 3, tile.width(), painter.fontMetrics().height())
        texts = [
            (painter.font(), colors().muted if is_unsure else colors().text, verdict),
            (small, colors().muted, entry.given.name),
        ]
        for font, color, text in texts[: self._strip.lines]:
            painter.setFont(font)
            painter.setPen(QColor(color))
            cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)
            line.translate(0, line.height())


class HistoryStrip(QListView):
    """One row of entries; a click, or Enter, asks for a picture again."""

    asked = Signal(object)
    """A `HistoryEntry`."""

    def __init__(self, entries: HistoryEntries, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("historyStrip")
        self.setAccessibleName(_("Last pictures"))
        self.entries = entries
        self.shown_place = -1
        self.tile_size, self.lines = _TILE, 2
        self.setModel(entries)
        self.setItemDelegate(_EntryDelegate(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setSpacing(0)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self._ask)
        self.activated.connect(self._ask)
        self.show_small(is_small=False)

    @property
    def cell_size(self) -> QSize:
        """What an entry takes, the space to the next one included."""
        return self.tile_size + QSize(S16 + S4, self.lines * self.fontMetrics().height() + S8 + 4)

    def show_small(self, *, is_small: bool) -> None:
        """Draw smaller thumbnails without their names, where the window is low."""
        self.tile_size, self.lines = (_SMALL_TILE, 1) if is_small else (_TILE, 2)
        self.setFixedHeight(self.cell_size.height() + self.horizontalScrollBar().sizeHint().height())
        self.scheduleDelayedItemsLayout()

    def show_place(self, place: int) -> None:
        """Mark the entry whose picture is shown, or with -1 none."""
        self.shown_place = place
        if place >= 0:
            self.scrollTo(self.entries.index(place))
        self.viewport().update()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll sideways with a wheel that only goes up and down."""
        turn = event.angleDelta()
        if turn.x() == 0 and turn.y() != 0:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - turn.y())
            event.accept()
        else:
            super().wheelEvent(event)

    def _ask(self, index: QModelIndex) -> None:
        self.asked.emit(index.data(ENTRY_ROLE))


def _paint_thumbnail(painter: QPainter, tile: QRectF, picture: QImage) -> None:
    """Fill the tile with the middle of the picture."""
    scale = max(tile.width() / picture.width(), tile.height() / picture.height())
    width, height = tile.width() / scale, tile.height() / scale
    source = QRectF((picture.width() - width) / 2, (picture.height() - height) / 2, width, height)
    rounded = QPainterPath()
    rounded.addRoundedRect(tile, _RADIUS, _RADIUS)
    painter.save()
    painter.setClipPath(rounded)
    is_tiny = max(picture.width(), picture.height()) <= _TINY
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_tiny)
    painter.drawImage(tile, picture, source)
    painter.restore()
