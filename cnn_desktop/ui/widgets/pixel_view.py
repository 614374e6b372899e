"""A picture fitted into its place, small ones as the pixels that they are."""

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.ui.theme import S16, colors


class PixelView(QWidget):
    """Shows a picture, or in its place a sentence.

    Args:
        object_name: of the widget.
        name: what screen readers call it.
        is_exact: enlarge by whole factors only, so that every pixel is seen as large as the others.
    """

    def __init__(self, object_name: str, name: str, is_exact: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._is_exact = is_exact
        self._image: QImage | None = None
        self._text = ""

    @property
    def image(self) -> QImage | None:
        """What is shown."""
        return self._image

    @property
    def text(self) -> str:
        """What is said where nothing can be shown."""
        return self._text

    def show_image(self, image: QImage | None, text: str = "") -> None:
        """Show a picture, or without one say `text`."""
        self._image, self._text = image, text
        self.setAccessibleDescription(text)
        self.update()

    def place(self) -> QRectF:
        """Where the picture is drawn."""
        if self._image is None or self._image.isNull():
            return QRectF()
        ratio = self.devicePixelRatioF()
        size = QSizeF(self._image.size()) / ratio
        factor = min(self.width() / size.width(), self.height() / size.height())
        if self._is_exact and factor > 1:
            factor = float(int(factor))
        size *= factor
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(round(left * ratio) / ratio, round(top * ratio) / ratio, size.width(), size.height())

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(96, 96)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._image is None:
            painter.setPen(QPen(QColor(colors().muted)))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()).adjusted(S16, S16, -S16, -S16), wrapped, self._text)
            return
        place = self.place()
        is_enlarged = place.width() * self.devicePixelRatioF() > self._image.width()
        smooth = not is_enlarged or (not self._is_exact and place.width() < 3 * self._image.width())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(place, self._image)
