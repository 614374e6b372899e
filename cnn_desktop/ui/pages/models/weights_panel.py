"""Asks before weights are downloaded, and shows the download."""

import time
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text, duration_text
from cnn_desktop.ui.pages.models.entries import AbsentWeights
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import Card


class WeightsPanel(Card):
    """How big the weights are and where they go; Download, Load weights from file…, progress and Cancel."""

    download_asked = Signal(str)
    """The name of the network whose weights shall be downloaded."""
    file_asked = Signal(str)
    """The name of the network whose weights shall be loaded from a file."""
    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("weightsPanel")
        self._absent: AbsentWeights | None = None
        self._started = 0.0
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._error = QLabel()
        self._error.setWordWrap(True)
        self._error.setProperty("role", "error")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(_("Download of weights"))
        self._state = QLabel()
        self._state.setProperty("role", "caption")
        self._download = self._button("downloadWeightsButton", _("Download"), "primary")
        self._load = self._button("loadWeightsButton", _("Load weights from file…"), "")
        self._cancel = self._button("cancelDownloadButton", _("Cancel"), "")
        self._download.clicked.connect(lambda: self.download_asked.emit(self._name))
        self._load.clicked.connect(lambda: self.file_asked.emit(self._name))
        self._cancel.clicked.connect(self.cancel_asked)
        buttons = QHBoxLayout()
        buttons.setSpacing(S8)
        for button in (self._download, self._load, self._cancel):
            buttons.addWidget(button)
        buttons.addStretch()
        for widget in (self._text, self._error, self._bar, self._state):
            self.body.addWidget(widget)
        self.body.addLayout(buttons)
        self.hide()

    @property
    def _name(self) -> str:
        return self._absent.name if self._absent else ""

    def _button(self, name: str, text: str, role: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setProperty("role", role)
        return button

    def text(self) -> str:
        """Everything that the panel says now."""
        return " ".join(label.text() for label in (self._text, self._error, self._state) if label.isVisibleTo(self))

    def ask(self, absent: AbsentWeights, error: str = "") -> None:
        """Offer both ways to the weights; `error` says why the last attempt came to nothing."""
        self._absent = absent
        text = _("The weights of {title} aren’t on this machine: {size} to download, kept in {folder}.")
        size = bytes_text(absent.bytes)
        self._text.setText(text.format(title=absent.title, size=size, folder=_from_home(absent.folder)))
        self._error.setText(error)
        self._show(is_loading=False)

    def show_progress(self, done: int, total: int) -> None:
        """Show how far the download is, in bytes."""
        if not self._bar.isVisibleTo(self):
            self._started = time.monotonic()
            self._error.clear()
            self._show(is_loading=True)
        if total <= 0 or done <= 0:
            self._bar.setRange(0, 0)
            self._state.setText(_("Connecting…"))
            return
        self._bar.setRange(0, 1000)
        self._bar.setValue(1000 * done // total)
        left = (time.monotonic() - self._started) * (total - done) / done
        text = _("{done} of {total} · {left} left")
        self._state.setText(text.format(done=bytes_text(done), total=bytes_text(total), left=duration_text(left)))

    def _show(self, *, is_loading: bool) -> None:
        self._error.setVisible(bool(self._error.text()))
        for widget in (self._bar, self._state, self._cancel):
            widget.setVisible(is_loading)
        for widget in (self._download, self._load):
            widget.setVisible(not is_loading)
        self.show()


def _from_home(folder: Path) -> str:
    return f"~/{folder.relative_to(Path.home()).as_posix()}" if folder.is_relative_to(Path.home()) else str(folder)
