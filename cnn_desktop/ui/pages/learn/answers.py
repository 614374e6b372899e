"""Small pictures in a row, each with an answer and whether it is right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.ui.theme import S8, colors

_TEXT = 18


@dataclass(frozen=True)
class Answered:
    """A picture with what is said of it; `is_right` None: nothing was asked."""

    picture: QImage
    text: str = ""
    is_right: bool | None = None


class Answers(QWidget):
    """Pictures of a few pixels, enlarged; right ones have a tick, wrong ones a cross and a red frame.

    Args:
        name: for screen readers.
        rows: how many rows they fill.
        side: of a picture, in pixels, where there is room.
    """

    def __init__(self, name: str, rows: int = 1, side: int = 48, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows, self._side = rows, side
        self.answers: tuple[Answered, ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_answers(self, answers: Sequence[Answered]) -> None:
        """Show these in the place of the earlier ones."""
        self.answers = tuple(answers)
        self.setAccessibleDescription(", ".join(answer.text for answer in answers if answer.text))
        self.updateGeometry()
        self.update()

    @property
    def _has_texts(self) -> bool:
        return any(answer.text for answer in self.answers)

    @property
    def _columns(self) -> int:
        return max(1, math.ceil(len(self.answers) / self._rows))

    @override
    def sizeHint(self) -> QSize:
        tall = self._side + (_TEXT if self._has_texts else 0) + S8
        return QSize(self._columns * (self._side + S8), self._rows * tall)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._columns * 28, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        now = colors()
        painter = QPainter(self)
        font = QFont(self.font())
        font.setPixelSize(self.fontInfo().pixelSize() - 1)
        painter.setFont(font)
        step = min(self.width() / self._columns, float(self._side + S8))
        side = step - S8
        tall = self.height() / self._rows
        for place, answer in enumerate(self.answers):
            row, column = divmod(place, self._columns)
            area = QRectF(round(column * step) + 2, row * tall + 2, side, side)
            painter.drawImage(area, answer.picture)
            color = now.border if answer.is_right is None else now.ok if answer.is_right else now.danger
            painter.setPen(QPen(QColor(color), 1 if answer.is_right is None else 2))
            painter.drawRect(area.adjusted(-1, -1, 1, 1))
            painter.setPen(QColor(color if answer.is_right is not None else now.muted))
            mark = {None: "", True: " ✓", False: " ✗"}[answer.is_right]
            below = QRectF(area.left() - 4, area.bottom() + 2, area.width() + 8, _TEXT)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{answer.text}{mark}")
        painter.end()


def grey_picture(pixels: Sequence[Sequence[float]]) -> QImage:
    """Rows of brightness in 0…1 as a picture."""
    height, width = len(pixels), len(pixels[0])
    levels = bytes(round(255 * min(1.0, max(0.0, value))) for row in pixels for value in row)
    return QImage(levels, width, height, width, QImage.Format.Format_Grayscale8).copy()
