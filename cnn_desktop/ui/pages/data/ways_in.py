"""How pictures come in: chosen in a dialog, pasted, dropped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.data.data_actions import DataActions

_SUFFIXES = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".gz", ".bz2", ".xz", ".csv", ".tsv")
_PATTERNS = " ".join(f"*{suffix}" for suffix in _SUFFIXES)


class WaysIn(QObject):
    """Listens to the actions of the page, and is asked by it about what is dropped."""

    given = Signal(list)
    """Folders, archives and tables, as a list of `Path`."""
    refused = Signal(str)
    """Why what was pasted can't be used."""

    def __init__(self, actions: DataActions, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._last = ""
        actions.open_folder.triggered.connect(self.browse_folder)
        actions.open_archive.triggered.connect(self.browse_archive)
        actions.paste.triggered.connect(self.paste)

    def browse_folder(self) -> None:
        """Let the person choose a folder."""
        title = _("Choose a folder of pictures, with a folder or a table that says their classes")
        folder = QFileDialog.getExistingDirectory(self._window, title, self._last)
        if folder:
            self._give([Path(folder)])

    def browse_archive(self) -> None:
        """Let the person choose archives or tables."""
        patterns = _("Archives and tables ({patterns});;All files (*)").format(patterns=_PATTERNS)
        title = _("Choose archives of pictures, or tables of files and labels")
        files, _filter = QFileDialog.getOpenFileNames(self._window, title, self._last, patterns)
        if files:
            self._give([Path(file) for file in files])

    def paste(self) -> None:
        """Take the files and folders that the clipboard holds."""
        places = places_in(QGuiApplication.clipboard().mimeData())
        if places:
            self._give(places)
        else:
            self.refused.emit(_("The clipboard holds no folder and no archive: copy one, and paste again."))

    def _give(self, places: list[Path]) -> None:
        self._last = str(places[0].parent)
        self.given.emit(places)


def is_bundle(place: Path) -> bool:
    """Whether that looks like an archive of pictures, or a table of files and labels."""
    return place.suffix.lower() in _SUFFIXES and place.is_file()


def places_in(data: QMimeData) -> list[Path]:
    """Files and folders that are dropped or were copied, also where only their path was copied as text."""
    places = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    text = data.text().strip().strip('"')
    if not places and text and "\n" not in text and Path(text).is_absolute():
        places = [Path(text)]
    return places
