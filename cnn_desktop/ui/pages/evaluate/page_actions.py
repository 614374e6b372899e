"""The menu actions of the Evaluate page."""

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon


class PageActions:
    """Each is carried out by the page, which connects to `triggered`."""

    def __init__(self, page: QWidget) -> None:
        self._page = page
        key = QKeySequence.StandardKey
        self.open_model = self._action("openEvaluatedModel", _("Open model file…"), "folder", "Ctrl+Shift+O")
        self.open_folder = self._action("openEvaluatedFolder", _("Evaluate on a folder…"), "folder", key.Open)
        self.find = self._action("findClass", _("Find a class"), "zoom", key.Find)
        self.find.setEnabled(False)
        self.evaluate = self._action("evaluateNow", _("Evaluate"), "evaluate", key.Refresh)
        self.evaluate.setEnabled(False)

    def _action(self, name: str, text: str, icon: str, key: QKeySequence.StandardKey | str) -> QAction:
        action = QAction(text, self._page)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(key))
        set_icon(action, icon)
        return action
