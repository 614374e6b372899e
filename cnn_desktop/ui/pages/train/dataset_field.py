"""Choosing what to learn from: a dataset of ours, or a folder of the person's; with a download where one is needed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import labelled
from cnn_desktop.ui.widgets.download_row import DownloadRow
from cnn_desktop.ui.widgets.fields import Picker

if TYPE_CHECKING:
    from cnn_desktop.ui.pages.train.engine import DatasetChoice

CHOOSE_FOLDER = "?folder"
"""Data of the last entry, which is no dataset: it opens a dialog. No folder can be called so."""


class DatasetField(QWidget):
    """A picker, and below it what can be done when the chosen dataset isn't on this machine."""

    chosen = Signal(str)
    """The registered name, or the folder, that is now chosen."""
    download_asked = Signal(str)
    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picker = Picker("datasetPicker")
        self.picker.activated.connect(self._on_activated)
        self.picker.currentIndexChanged.connect(lambda _index: self._on_changed())
        self._choices: dict[str, DatasetChoice] = {}
        self._last = ""
        self.absent = DownloadRow("dataset", _("the dataset"))
        self.absent.asked.connect(lambda: self.download_asked.emit(self.picker.choice()))
        self.absent.cancel_asked.connect(self.cancel_asked)
        self.absent.add_button(self._browse_button())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S8)
        column.addLayout(labelled(_("Dataset"), self.picker))
        column.addWidget(self.absent)
        self.absent.hide()

    @property
    def is_present(self) -> bool:
        """Whether the chosen dataset can be read now."""
        choice = self._choices.get(self.picker.choice())
        return choice is None or choice.is_present

    @property
    def is_folder(self) -> bool:
        """Whether the chosen dataset is a folder of the person's."""
        return self.picker.choice() not in self._choices

    def show_choices(self, choices: Sequence["DatasetChoice"], folders: Sequence[str], chosen: str) -> None:
        """Offer the registered datasets, the folders used before, and a new folder; `chosen` is chosen."""
        self._choices = {choice.name: choice for choice in choices}
        self.picker.blockSignals(True)
        self.picker.clear()
        for choice in choices:
            self.picker.addItem(_dataset_text(choice), choice.name)
        known = folders if chosen in (*self._choices, *folders) or not Path(chosen).is_dir() else (chosen, *folders)
        self._add_folders(known)
        if not self.picker.choose(chosen):
            self.picker.setCurrentIndex(0)
        self.picker.blockSignals(False)
        self._on_changed()

    def choose(self, name: str) -> None:
        """Choose a registered dataset, or else a folder, whether or not it is still there."""
        if not self.picker.choose(name):
            self.choose_folder(Path(name))

    def choose_folder(self, folder: Path) -> None:
        """Choose a folder of class folders, adding it to the picker where it is new."""
        if not self.picker.choose(str(folder)):
            self.picker.insertItem(self.picker.count() - 1, _folder_text(str(folder)), str(folder))
            self.picker.choose(str(folder))

    def show_size(self, pictures: int, classes: int) -> None:
        """Add to the chosen folder's entry what was found in it; registered datasets say it from the start."""
        if self.is_folder:
            name = Path(self.picker.choice()).name
            self.picker.setItemText(self.picker.currentIndex(), _size_text(name, pictures, classes))

    def browse(self) -> None:
        """Ask for a folder."""
        title = _("Choose a folder with one subfolder of pictures for each class")
        folder = QFileDialog.getExistingDirectory(self, title)
        if folder:
            self.choose_folder(Path(folder))

    def show_download(self, name: str, done: int, total: int) -> None:
        """Show how far the download of `name` is, in bytes, while it is the chosen one."""
        if name == self.picker.choice():
            self.absent.show_progress(done, total)

    def show_download_error(self, name: str, sentence: str) -> None:
        """Say why the download of `name` came to nothing, while it is the chosen one."""
        if name == self.picker.choice():
            self.absent.show_error(sentence)

    def _browse_button(self) -> QPushButton:
        button = QPushButton(_("Choose folder…"))
        button.setObjectName("datasetFolderButton")
        button.setAccessibleName(_("Choose a folder of pictures"))
        button.clicked.connect(self.browse)
        return button

    def _add_folders(self, folders: Sequence[str]) -> None:
        for folder in folders:
            self.picker.addItem(_folder_text(folder), folder)
        self.picker.addItem(_("Choose folder…"), CHOOSE_FOLDER)

    def _on_activated(self, index: int) -> None:
        if self.picker.itemData(index) == CHOOSE_FOLDER:
            self.picker.choose(self._last)
            self.browse()

    def _on_changed(self) -> None:
        name = self.picker.choice()
        if name in ("", CHOOSE_FOLDER):
            return
        self._last = name
        self.absent.setVisible(not self.is_present)
        choice = self._choices.get(name)
        self.absent.offer(_absent_text(choice), can_download=choice is not None and choice.download_bytes > 0)
        self.picker.setToolTip(name if name not in self._choices else "")
        self.chosen.emit(name)


def _absent_text(choice: "DatasetChoice | None") -> str:
    if choice is None or not choice.download_bytes:
        return _("Not on this machine")
    return _("Not on this machine; {size} to download").format(size=bytes_text(choice.download_bytes))


def _dataset_text(choice: "DatasetChoice") -> str:
    if not choice.pictures:
        return choice.title
    return _size_text(choice.title, choice.pictures, choice.classes)


def _size_text(title: str, pictures: int, classes: int) -> str:
    text = _("{title} · {pictures:,} in {classes} classes")
    return text.format(title=title, pictures=pictures, classes=classes)


def _folder_text(folder: str) -> str:
    return _("{name} · folder").format(name=Path(folder).name or folder)
