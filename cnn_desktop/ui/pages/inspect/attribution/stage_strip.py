"""The maps of the randomisation check side by side, from what the network learned to nothing of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from cnn_desktop.ui.theme import S4, S8, S16, colors

_LARGEST = 112.0
_LINES = 2


@dataclass(frozen=True, eq=False)
class Shown:
    """A map of the strip and what is said to it."""

    overlay: QImage
    title: str
    figure: str
    words: str
    """The same in a sentence, for those who point at it or can't see it."""


class StageStrip(QWidget):
    """As large as there is room for, all in one row."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._ground = QImage()
        self._stages: Sequence[Shown] = ()

    @property
    def stages(self) -> Sequence[Shown]:
        """What is shown."""
        return self._stages

    def show_stages(self, ground: QImage, stages: Sequence[Shown]) -> None:
        """Show maps over the picture `ground`."""
        self._ground, self._stages = self._reduced(ground), stages
        self.setAccessibleDescription("; ".join(stage.words for stage in stages))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, round(_LARGEST + self._text_height()))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.sizeHint().height())

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._words_at(event.pos()), self)
            return True
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        is_small = max(self._ground.width(), self._ground.height()) < _LARGEST
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_small)
        for number, stage in enumerate(self._stages):
            place = self._place(number)
            picture = _fitted(self._ground, place)
            painter.drawImage(picture, self._ground)
            painter.drawImage(picture, stage.overlay)
            self._paint_text(painter, place, stage)
        painter.end()

    def _reduced(self, picture: QImage) -> QImage:
        """No larger than it is drawn, so that painting is quick, and smooth."""
        side = round(_LARGEST * self.devicePixelRatioF())
        if max(picture.width(), picture.height()) <= side:
            return picture
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        return picture.scaled(side, side, keep, smooth)

    def _paint_text(self, painter: QPainter, place: QRectF, stage: Shown) -> None:
        font = self._font()
        line = QFontMetricsF(font).height()
        for number, (text, is_strong) in enumerate(((stage.title, False), (stage.figure, True))):
            font.setBold(is_strong)
            painter.setFont(font)
            painter.setPen(QColor(colors().text if is_strong else colors().muted))
            area = QRectF(place.left(), place.bottom() + S4 + number * line, place.width(), line)
            cut = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideLeft, area.width())
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, cut)

    def _place(self, number: int) -> QRectF:
        side = min(_LARGEST, self._step() - S8)
        return QRectF(round(number * self._step()), _LARGEST - side, side, side)

    def _step(self) -> float:
        """From one picture to the next."""
        return min(_LARGEST + S16, (self.width() + S8) / max(1, len(self._stages)))

    def _words_at(self, point: QPoint) -> str:
        number = int(point.x() / self._step())
        return self._stages[number].words if number < len(self._stages) else ""

    def _text_height(self) -> float:
        return _LINES * QFontMetricsF(self._font()).height() + S8

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(10, self.fontInfo().pixelSize() - 2))
        return font


def _fitted(image: QImage, place: QRectF) -> QRectF:
    if image.isNull():
        return place
    factor = min(place.width() / image.width(), place.height() / image.height())
    fitted = QRectF(0, 0, factor * image.width(), factor * image.height())
    fitted.moveCenter(place.center())
    return fitted
