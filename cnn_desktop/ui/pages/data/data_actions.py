"""What can be done on the Data page, as actions with the platform's own keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.data.entries import DatasetEntry
from cnn_desktop.ui.pages.page import MenuName


class DataActions(QObject):
    """Actions of the page; whoever carries them out connects to `triggered`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        key = QKeySequence.StandardKey
        self.open_folder = self._action("openFolder", _("Open folder of pictures…"), key.Open, "folder")
        self.open_archive = self._action("openArchive", _("Open archive or table…"), "Ctrl+Shift+O")
        self.record = self._action("recordPictures", _("Record with the webcam…"))
        self.paste = self._action("pasteDataset", _("Paste folder or archive"), key.Paste, "paste")
        self.undo = self._action("undoDecision", _("Undo"), key.Undo, "undo")
        self.forget = self._action("forgetDecisions", _("Forget everything decided about it"))
        self.read_again = self._action("readDatasetAgain", _("Read the files again"), key.Refresh, "repeat")
        self.train = self._action("trainOnDataset", _("Train on this"))
        self.remove = self._action("removeDataset", _("Remove from the list"), key.Delete, "trash")
        self.remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.show_folder = self._action("showDatasetFolder", _("Show in the file manager"), None, "folder")
        self.show_for(None)
        self.show_decided("", is_anything=False)

    @property
    def ways_in(self) -> Sequence[QAction | None]:
        """How pictures come in; None separates."""
        return (self.open_folder, self.open_archive, self.paste, None, self.record)

    @property
    def of_entry(self) -> Sequence[QAction | None]:
        """What can be done with a line of the list."""
        return (self.train, self.read_again, self.show_folder, None, self.remove)

    @property
    def in_menus(self) -> Mapping[MenuName, Sequence[QAction]]:
        """Where the menu bar shows them."""
        file = [self.open_folder, self.open_archive, self.record, self.read_again, self.show_folder, self.remove]
        return {"file": file, "edit": [self.undo, self.paste, self.forget], "run": [self.train]}

    def show_for(self, entry: DatasetEntry | None) -> None:
        """Enable what can be done with a line of the list."""
        is_folder = entry is not None and entry.is_folder
        self.remove.setEnabled(is_folder)
        self.show_folder.setEnabled(is_folder and entry is not None and entry.is_present)

    def show_decided(self, title: str, *, is_anything: bool) -> None:
        """Offer to undo the change called so (empty: there is none), and to forget what is decided, if anything is."""
        self.forget.setEnabled(is_anything)
        self.undo.setEnabled(bool(title))
        self.undo.setText(_("Undo “{title}”").format(title=title) if title else _("Undo"))

    def _action(
        self, name: str, text: str, key: QKeySequence.StandardKey | str | None = None, icon: str = ""
    ) -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        if key is not None:
            action.setShortcut(QKeySequence(key))
        if icon:
            set_icon(action, icon)
        return action
