"""The layers of a network as a quiet table: name, detail, output shape, parameters."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontDatabase, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S8, colors

_ROW = 20

LayerRow = tuple[str, str, str, str]
"""Name, detail, output shape, parameters."""


class LayerRows(QWidget):
    """Rows drawn by hand: a network may have hundreds. Rows above `frozen_rows` are greyed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[LayerRow] = ()
        self._frozen: frozenset[int] = frozenset()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[LayerRow], frozen: frozenset[int]) -> None:
        """Show `rows`; those whose index is in `frozen` keep their weights and are drawn in grey."""
        self._rows = rows
        self._frozen = frozen
        self.setAccessibleDescription("; ".join(" ".join(row) for row in rows) or _("empty"))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, _ROW * len(self._rows))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        now = colors()
        painter = QPainter(self)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(self.fontInfo().pixelSize() - 2)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        number = max((metrics.horizontalAdvance(row[3]) for row in self._rows), default=0.0)
        shape = max((metrics.horizontalAdvance(row[2]) for row in self._rows), default=0.0)
        name = max((metrics.horizontalAdvance(row[0]) for row in self._rows), default=0.0)
        shape_left = self.width() - number - 2 * S8 - shape
        name = min(name, shape_left * 0.6)
        flags = Qt.AlignmentFlag.AlignVCenter
        for index, (title, detail, size, parameters) in enumerate(self._rows):
            top = index * _ROW
            painter.setPen(QColor(now.muted if index in self._frozen else now.text))
            title_text = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, name)
            painter.drawText(QRectF(0, top, name, _ROW), flags, title_text)
            room = shape_left - name - 2 * S8
            detail_text = metrics.elidedText(detail, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(name + S8, top, room, _ROW), flags, detail_text)
            painter.setPen(QColor(now.muted))
            right = flags | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(shape_left, top, shape, _ROW), right, size)
            painter.drawText(QRectF(self.width() - number, top, number, _ROW), right, parameters)
        painter.end()
