"""Ten small pictures in two rows, each with the part that counts framed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.inspect.exciting.work import ExcitingPicture
from cnn_desktop.ui.theme import S8, colors

_COLUMNS = 5
_LARGEST = 64


class ExcitingStrip(QWidget):
    """Click one, or choose with the arrow keys and press Enter, to look at it."""

    chosen = Signal(object)
    """The `ExcitingPicture`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("excitingPictures")
        self.setAccessibleName(_("Pictures that excite it most"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._pictures: Sequence[ExcitingPicture] = ()
        self._current = -1

    @property
    def pictures(self) -> Sequence[ExcitingPicture]:
        """What is shown."""
        return self._pictures

    def show_pictures(self, pictures: Sequence[ExcitingPicture]) -> None:
        """Show other pictures."""
        self._pictures, self._current = pictures, -1
        self.setAccessibleDescription("; ".join(_text_of(picture) for picture in pictures))
        self.update()

    def area_of(self, place: int) -> QRectF:
        """Where a picture is drawn."""
        row, column = divmod(place, _COLUMNS)
        side = self._side
        return QRectF(column * (side + S8), row * (side + S8), side, side)

    @property
    def _side(self) -> float:
        across = (self.width() - (_COLUMNS - 1) * S8) / _COLUMNS
        return max(8, min(_LARGEST, across, (self.height() - S8) / 2))

    def _place_at(self, point: QPointF) -> int:
        return next((place for place in range(len(self._pictures)) if self.area_of(place).contains(point)), -1)

    @override
    def sizeHint(self) -> QSize:
        return QSize(5 * _LARGEST + 4 * S8, 2 * _LARGEST + S8)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(100, 56)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._place_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), _text_of(self._pictures[place]) if place >= 0 else "", self)
            return True
        return super().event(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_over = self._place_at(event.position()) >= 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self._current = place
            self.update()
            self.chosen.emit(self._pictures[place])

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -_COLUMNS, Qt.Key.Key_Down: _COLUMNS}
        key = Qt.Key(event.key())
        if key in moves and self._pictures:
            self._current = min(max(0, self._current + moves[key]), len(self._pictures) - 1)
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current >= 0:
            self.chosen.emit(self._pictures[self._current])
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for place, picture in enumerate(self._pictures):
            self._paint_picture(painter, self.area_of(place), picture)
            if place == (max(0, self._current) if self.hasFocus() else self._current):
                painter.setClipping(False)
                painter.setPen(QPen(QColor(colors().accent), 2))
                painter.drawRoundedRect(self.area_of(place), 4, 4)

    def _paint_picture(self, painter: QPainter, area: QRectF, picture: ExcitingPicture) -> None:
        painter.save()
        rounded = QPainterPath()
        rounded.addRoundedRect(area, 4, 4)
        painter.setClipPath(rounded)
        is_photo = picture.image.width() * 2 > area.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_photo)
        painter.drawImage(area, picture.image)
        part = picture.part
        painter.setPen(QPen(QColor(colors().mark), 1.5))
        painter.drawRect(
            QRectF(
                area.left() + part.left() * area.width(),
                area.top() + part.top() * area.height(),
                part.width() * area.width(),
                part.height() * area.height(),
            ).adjusted(0.5, 0.5, -0.5, -0.5)
        )
        painter.restore()


def _text_of(picture: ExcitingPicture) -> str:
    text = _("{name}: {value} at ({row}, {column})")
    row, column = picture.excited.row, picture.excited.column
    return text.format(name=picture.given.name, value=f"{picture.excited.value:.4g}", row=row, column=column)
