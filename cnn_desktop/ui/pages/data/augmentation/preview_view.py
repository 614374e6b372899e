"""Draws the original and its variants as one image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S4, S8, colors

if TYPE_CHECKING:
    from cnn_desktop.ui.pages.data.augmentation.orders import Preview
    from cnn_desktop.ui.pages.data.augmentation.placing import Box

_RADIUS = 4


class PreviewView(QWidget):
    """The newest preview; it asks for another by `resized`."""

    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("augmentationPreview")
        self.setAccessibleName(_("Variants of the picture"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 200)
        self.preview: Preview | None = None
        self.frames_painted = 0
        """How many different previews were painted."""
        self._is_new = False

    @property
    def caption_height(self) -> int:
        """Pixels that the two lines below a mixed variant take."""
        return 2 * QFontMetrics(self._caption_font()).height() + 2

    def show_preview(self, preview: Preview | None) -> None:
        """Show this one from now on."""
        self.preview = preview
        self._is_new = preview is not None
        self.setAccessibleDescription("" if preview is None else ", ".join(preview.words))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.preview is None:
            return
        self.frames_painted += self._is_new
        self._is_new = False
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawImage(QPointF(0, 0), self.preview.image)
        self._round_corners(painter, self.preview)
        self._paint_words(painter, self.preview)
        self._paint_captions(painter, self.preview)

    def _round_corners(self, painter: QPainter, preview: Preview) -> None:
        """Cover what lies between the pictures with the card's colour, corners included."""
        frame = QPainterPath()
        frame.addRect(QRectF(QPointF(0, 0), preview.image.deviceIndependentSize()).adjusted(-1, -1, 1, 1))
        for box in (preview.placing.original, *preview.placing.tiles):
            frame.addRoundedRect(_rect(box, preview.order.ratio), _RADIUS, _RADIUS)
        painter.fillPath(frame, QColor(colors().card))

    def _paint_words(self, painter: QPainter, preview: Preview) -> None:
        area = _rect(preview.placing.words, preview.order.ratio)
        plain, bold = self.font(), self.font()
        bold.setBold(True)
        plain.setPixelSize(plain.pixelSize() - 1)
        for number, (text, font) in enumerate(zip(preview.words, (bold, plain, plain, plain), strict=False)):
            painter.setFont(font)
            painter.setPen(QColor(colors().text if number == 0 else colors().muted))
            height = painter.fontMetrics().height() + S4
            if area.height() < height:
                return
            cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(area.width()))
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, cut)
            area.setTop(area.top() + height)

    def _paint_captions(self, painter: QPainter, preview: Preview) -> None:
        if not preview.captions:
            return
        painter.setFont(self._caption_font())
        painter.setPen(QColor(colors().muted))
        for box, text in zip(preview.placing.tiles, preview.captions, strict=True):
            tile = _rect(box, preview.order.ratio)
            area = QRectF(tile.left(), tile.bottom() + 1, tile.width() + S8 / 2, 2 * painter.fontMetrics().height())
            for row, part in enumerate(text.split("\n")):
                cut = painter.fontMetrics().elidedText(part, Qt.TextElideMode.ElideMiddle, int(area.width()))
                line = area.translated(0, row * painter.fontMetrics().height())
                painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, cut)

    def _caption_font(self) -> QFont:
        font = self.font()
        font.setPixelSize(font.pixelSize() - 2)
        return font


def _rect(box: Box, ratio: float) -> QRectF:
    return QRectF(box.left / ratio, box.top / ratio, box.width / ratio, box.height / ratio)
