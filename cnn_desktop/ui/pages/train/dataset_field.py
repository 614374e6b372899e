"""Choosing what to learn from: a dataset of ours, or a folder of the person's; with a download where one is needed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.card import caption, labelled
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
        self._absent = _AbsentRow()
        self._absent.download.clicked.connect(lambda: self.download_asked.emit(self.picker.choice()))
        self._absent.cancel.clicked.connect(self.cancel_asked)
        self._absent.browse.clicked.connect(self.browse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S8)
        column.addLayout(labelled(_("Dataset"), self.picker))
        column.addWidget(self._absent)
        self._absent.hide()

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

    def show_download(self, done: int, total: int) -> None:
        """Show how far a download is, in bytes."""
        self._absent.show_progress(done, total)

    def show_download_ended(self) -> None:
        """Offer the download again."""
        self._absent.show_idle(self._choices.get(self.picker.choice()))

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
        self._absent.setVisible(not self.is_present)
        self._absent.show_idle(self._choices.get(name))
        self.picker.setToolTip(name if name not in self._choices else "")
        self.chosen.emit(name)


class _AbsentRow(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._text = caption()
        self._text.setObjectName("datasetAbsent")
        self._progress = QProgressBar()
        self._progress.setObjectName("datasetProgress")
        self._progress.setAccessibleName(_("Progress of the download"))
        self._progress.setTextVisible(False)
        self.download = QPushButton(_("Download"))
        self.download.setObjectName("datasetDownloadButton")
        self.download.setAccessibleName(_("Download the dataset"))
        set_icon(self.download, "download")
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.setObjectName("datasetCancelButton")
        self.cancel.setAccessibleName(_("Cancel the download"))
        self.browse = QPushButton(_("Choose folder…"))
        self.browse.setObjectName("datasetFolderButton")
        self.browse.setAccessibleName(_("Choose a folder of pictures"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S4)
        column.addWidget(self._text)
        column.addWidget(self._progress)
        row = QHBoxLayout()
        row.setSpacing(S8)
        for button in (self.download, self.cancel, self.browse):
            row.addWidget(button, 1)
        column.addLayout(row)
        self.show_idle(None)

    def show_idle(self, choice: "DatasetChoice | None") -> None:
        size = choice.download_bytes if choice else 0
        text = _("Not on this machine; {size} to download").format(size=bytes_text(size))
        self._text.setText(text if size else _("Not on this machine"))
        self._show_loading(False)
        self.download.setEnabled(bool(size))

    def show_progress(self, done: int, total: int) -> None:
        self._show_loading(True)
        self._progress.setRange(0, 1000 if total else 0)
        self._progress.setValue(int(1000 * done / total) if total else 0)
        if total:
            text = _("{done} of {total}").format(done=bytes_text(done), total=bytes_text(total))
        else:
            text = bytes_text(done) if done else _("Connecting…")
        self._text.setText(text)

    def _show_loading(self, is_loading: bool) -> None:
        self._progress.setVisible(is_loading)
        self.cancel.setVisible(is_loading)
        self.download.setVisible(not is_loading)
        self.browse.setEnabled(not is_loading)


def _dataset_text(choice: "DatasetChoice") -> str:
    if not choice.pictures:
        return choice.title
    return _size_text(choice.title, choice.pictures, choice.classes)


def _size_text(title: str, pictures: int, classes: int) -> str:
    text = _("{title} · {pictures:,} in {classes} classes")
    return text.format(title=title, pictures=pictures, classes=classes)


def _folder_text(folder: str) -> str:
    return _("{name} · folder").format(name=Path(folder).name or folder)
