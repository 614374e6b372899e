"""Asks before weights are downloaded, and shows the download."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text
from cnn_desktop.ui.pages.models.entries import AbsentWeights
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.download_row import DownloadRow


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
        self._text = QLabel()
        self._text.setWordWrap(True)
        self.row = DownloadRow("weights", _("the weights"), is_primary=True)
        self.row.asked.connect(lambda: self.download_asked.emit(self._name))
        self.row.cancel_asked.connect(self.cancel_asked)
        load = QPushButton(_("Load weights from file…"))
        load.setObjectName("loadWeightsButton")
        load.setAccessibleName(load.text())
        load.clicked.connect(lambda: self.file_asked.emit(self._name))
        self.row.add_button(load)
        self.row.buttons.addStretch(2)
        self.body.addWidget(self._text)
        self.body.addWidget(self.row)
        self.hide()

    @property
    def _name(self) -> str:
        return self._absent.name if self._absent else ""

    def text(self) -> str:
        """Everything that the panel says now."""
        return f"{self._text.text()} {self.row.text()}"

    def ask(self, absent: AbsentWeights) -> None:
        """Offer both ways to the weights."""
        self._absent = absent
        text = _("The weights of {title} aren’t on this machine: {size} to download, kept in {folder}.")
        size = bytes_text(absent.bytes)
        self._text.setText(text.format(title=absent.title, size=size, folder=_from_home(absent.folder)))
        self.row.offer("")
        self.show()


def _from_home(folder: Path) -> str:
    return f"~/{folder.relative_to(Path.home()).as_posix()}" if folder.is_relative_to(Path.home()) else str(folder)
