"""A small grey caption above a strong figure, which chooses what is shown below."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.ui.theme import S4, S8, colors

_BAR = 2


class FigureTile(QAbstractButton):
    """A checkable tile, drawn by hand: its figure changes several times a second, and no layout must follow that."""

    def __init__(self, caption: str, tool_tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(caption)
        self.setAccessibleName(caption)
        self.setToolTip(tool_tip)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._figure = "–"
        self._choose_fonts()

    @property
    def figure(self) -> str:
        """The text shown."""
        return self._figure

    def show_figure(self, figure: str) -> None:
        """Change the figure; an empty one is a dash."""
        figure = figure or "–"
        if figure != self._figure:
            self._figure = figure
            self.setAccessibleDescription(figure)
            self.update()

    @override
    def sizeHint(self) -> QSize:
        small, strong = self._metrics
        width = max(small.horizontalAdvance(self.text()), strong.horizontalAdvance("00,000/s"))
        return QSize(width + S8, small.height() + strong.height() + S8 + _BAR)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(48, self.sizeHint().height())

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = QPainter(self), colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        if self.underMouse() or self.hasFocus():
            painter.setPen(QColor(look.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.accent_soft) if self.underMouse() else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), S4, S4)
        bar = QRectF(0, area.bottom() - _BAR, area.width(), _BAR)
        painter.fillRect(bar, QColor(look.accent if self.isChecked() else look.grid))
        row = area.adjusted(S4, S4 / 2, 0, -S4 - _BAR)
        texts = (
            (self.text(), look.muted, Qt.AlignmentFlag.AlignTop),
            (self._figure, look.text, Qt.AlignmentFlag.AlignBottom),
        )
        for font, metrics, (text, color, flag) in zip(self._fonts, self._metrics, texts, strict=True):
            painter.setFont(font)
            painter.setPen(QColor(color))
            cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(row.width()))
            painter.drawText(row, Qt.AlignmentFlag.AlignLeft | flag, cut)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._choose_fonts()

    def _choose_fonts(self) -> None:
        small, strong = QFont(self.font()), QFont(self.font())
        small.setPixelSize(max(9, self.fontInfo().pixelSize() - 1))
        strong.setBold(True)
        self._fonts = (small, strong)
        self._metrics = (QFontMetrics(small), QFontMetrics(strong))
