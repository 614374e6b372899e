"""The layers of a network as a quiet table: name, detail, output shape, parameters."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontDatabase, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import draw_icon
from cnn_desktop.ui.theme import S4, S8, colors

_ROW = 20
_LOCK = 13

LayerRow = tuple[str, str, str, str]
"""Name, detail, output shape, parameters."""


class LayerRows(QWidget):
    """Rows drawn by hand: a network may have hundreds. Frozen ones have a lock."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[LayerRow] = ()
        self._frozen: frozenset[int] = frozenset()
        self._greyed = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[LayerRow], frozen: frozenset[int] = frozenset(), greyed: int = 0) -> None:
        """Show `rows`; those whose index is in `frozen` keep their weights; the first `greyed` are drawn in grey."""
        self._rows = rows
        self._frozen = frozen
        self._greyed = greyed
        words = (" ".join((*row, _("frozen"))) if index in frozen else " ".join(row) for index, row in enumerate(rows))
        self.setAccessibleDescription("; ".join(words) or _("empty"))
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
        left = _LOCK + S4 if self._greyed else 0
        name = min(name, shape_left * 0.6 - left)
        flags = Qt.AlignmentFlag.AlignVCenter
        for index, (title, detail, size, parameters) in enumerate(self._rows):
            top = index * _ROW
            if index in self._frozen:
                draw_icon(painter, "lock", QRectF(0, top + (_ROW - _LOCK) / 2, _LOCK, _LOCK), now.muted)
            painter.setPen(QColor(now.muted if index < self._greyed else now.text))
            title_text = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, name)
            painter.drawText(QRectF(left, top, name, _ROW), flags, title_text)
            room = shape_left - left - name - 2 * S8
            detail_text = metrics.elidedText(detail, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(left + name + S8, top, room, _ROW), flags, detail_text)
            painter.setPen(QColor(now.muted))
            right = flags | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(shape_left, top, shape, _ROW), right, size)
            painter.drawText(QRectF(self.width() - number, top, number, _ROW), right, parameters)
        painter.end()
