"""What a lesson says: the text at the left of what it shows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from cnn_desktop.core.lessons import LessonText
from cnn_desktop.ui.theme import S4, S8, S16, S20
from cnn_desktop.ui.widgets.card import Card


class TextCard(Card):
    """Title, explanation, why it is done, and what to try; scrolls where there is too little room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self._area, 1)

    def show_text(self, text: LessonText) -> None:
        """Show another lesson's text from its beginning."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, S8, 0)
        column.setSpacing(S8)
        column.addWidget(_label(text.title, "heading"))
        column.addWidget(_label(text.summary, "lead"))
        for paragraph in text.paragraphs:
            column.addWidget(_label(paragraph, "reading"))
        column.addSpacing(S8)
        column.addWidget(_label(text.why_title, "strong"))
        for paragraph in text.why:
            column.addWidget(_label(paragraph, "reading"))
        column.addSpacing(S8)
        column.addWidget(_hints(text))
        column.addStretch()
        self._area.setWidget(inside)
        self._area.setAccessibleName(text.title)


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.MarkdownText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _hints(text: LessonText) -> QFrame:
    frame = QFrame()
    frame.setObjectName("lessonHints")
    column = QVBoxLayout(frame)
    column.setContentsMargins(S16, S16 - S4, S16, S16 - S4)
    column.setSpacing(S8)
    column.addWidget(_label(text.hints_title, "strong"))
    for number, hint in enumerate(text.hints, start=1):
        row = QHBoxLayout()
        row.setSpacing(S8)
        count = QLabel(f"{number}")
        count.setProperty("role", "caption")
        count.setFixedWidth(S20 - S8)
        row.addWidget(count, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(_label(hint, "reading"), 1)
        column.addLayout(row)
    return frame
