"""The network as PyTorch code."""

from textwrap import fill

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from cnn_desktop.core.errors import CnnDesktopError
from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.editor.draft import Draft
from cnn_desktop.ui.widgets.card import Card

_PAUSE = 150
"""Milliseconds after the last change: whoever holds a spin's arrow doesn't wait for code."""


_COLUMNS = 44
"""Of a sentence that stands in the place of code."""


class CodeCard(Card):
    """Follows the draft a moment later; a design that can't be built leaves the sentence that says why."""

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(_("As PyTorch code"), parent)
        self._draft = draft
        self.copy_button = QPushButton(_("Copy"))
        self.copy_button.setObjectName("copyDesignCode")
        self.copy_button.setAccessibleName(_("Copy the code"))
        self.copy_button.setProperty("role", "link")
        self.copy_button.setAutoDefault(False)
        set_icon(self.copy_button, "paste")
        self.copy_button.clicked.connect(self._copy)
        self.header.addWidget(self.copy_button)
        self.view = QPlainTextEdit()
        self.view.setObjectName("designCode")
        self.view.setAccessibleName(_("PyTorch code of the network"))
        self.view.setReadOnly(True)
        self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.view.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(max(10, self.fontInfo().pixelSize() - 2))
        self.view.setFont(font)
        self.body.addWidget(self.view, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self.follow)
        draft.changed.connect(self._timer.start)
        self._timer.start()  # the first code takes parsing of sources, for which the window doesn't wait to open

    def follow(self) -> None:
        """Write the draft's code."""
        from cnn_desktop.models.source.design import design_code

        design = self._draft.design
        try:
            text = design_code(design, design.channels, (design.side, design.side), self._draft.classes)
        except CnnDesktopError as error:
            self.copy_button.setEnabled(False)
            text = fill(str(error), _COLUMNS, initial_indent="# ", subsequent_indent="# ")
        else:
            self.copy_button.setEnabled(True)
        if text != self.view.toPlainText():
            bar = self.view.verticalScrollBar()
            place = bar.value()
            self.view.setPlainText(text)
            bar.setValue(place or self._line_of_network())

    def stop(self) -> None:
        """Follow no more."""
        self._timer.stop()

    def _line_of_network(self) -> int:
        """Where that begins which a person looks for first."""
        found = self.view.document().find("def build_network")
        return max(0, found.blockNumber())

    def _copy(self) -> None:
        self.follow()
        QGuiApplication.clipboard().setText(self.view.toPlainText())
