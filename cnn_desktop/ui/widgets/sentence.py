"""A sentence that can be selected and copied, however narrow its place is."""

import math

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget
from typing_extensions import override


class Sentence(QTextEdit):
    """As tall as its text; breaks long addresses and paths too, for which a label would widen the window.

    Args:
        role: as of labels: caption, error.
    """

    def __init__(self, role: str = "caption", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.textChanged.connect(self._fit)
        self._fit()

    def text(self) -> str:
        """What it says."""
        return self.toPlainText()

    @override
    def setText(self, text: str) -> None:
        self.setPlainText(text)  # a file's name is no markup

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        height = math.ceil(self.document().size().height())
        if height != self.height():
            self.setFixedHeight(height)
