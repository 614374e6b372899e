"""What a check comes to: a word in its colour, and a sentence."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cnn_desktop.ui.theme import S4
from cnn_desktop.ui.widgets.sentence import Sentence

Tone = Literal["good", "doubt", "bad", "unknown"]


class VerdictRow(QWidget):
    """Empty until `tell`.

    Args:
        name: the object name of the sentence.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word = QLabel()
        self._word.setProperty("role", "verdict")
        self.sentence = Sentence()
        self.sentence.setObjectName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S4)
        column.addWidget(self._word, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.sentence)
        self.hide()

    @property
    def word(self) -> str:
        """The verdict in a few words."""
        return self._word.text()

    def tell(self, tone: Tone, word: str, sentence: str) -> None:
        """Say what a check came to."""
        self._word.setText(word)
        self._word.setProperty("tone", tone)
        self._word.style().unpolish(self._word)
        self._word.style().polish(self._word)
        self.sentence.setText(sentence)
        self.show()
