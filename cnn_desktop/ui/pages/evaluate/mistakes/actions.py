"""What can be done with pictures that were answered wrongly."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QInputDialog, QMenu, QPushButton, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon

_CLASSES_IN_MENU = 24


class MistakeActions(QObject):
    """Fix the label, leave out, look inside, undo; whoever carries them out connects to them and to `move_asked`.

    Args:
        place: the widget in which the keys work, and its children.
        undo: takes the last change back; its key works on the whole page.
    """

    move_asked = Signal(str)
    """The name of the class that the chosen pictures belong to; empty: what the model answered to each."""

    def __init__(self, place: QWidget, undo: QAction) -> None:
        super().__init__(place)
        self._place = place
        self._classes: Sequence[str] = ()
        self.fix = self._action("fixLabels", _("Wrong label: fix"), "F", "check")
        self.fix.setToolTip(_("Count the chosen pictures to another class from now on; the files stay where they are"))
        self.leave_out = self._action("leaveOutMistakes", _("Leave out"), QKeySequence.StandardKey.Delete, "trash")
        self.leave_out.setToolTip(_("Leave the chosen pictures out from now on; the files stay where they are"))
        self.inspect = self._action("inspectMistake", _("Look inside"), "I", "inspect")
        self.undo = undo
        self.classes = QMenu(_("Wrong label: fix"), place)
        self.classes.setObjectName("fixClasses")
        self.fix.triggered.connect(lambda: self.classes.popup(place.mapToGlobal(place.rect().center())))
        self.show_for(0)

    def offer_classes(self, classes: Sequence[str]) -> None:
        """Offer what the model said, then these."""
        if self._classes == classes:
            return
        self._classes = classes
        self.classes.clear()
        said = self.classes.addAction(_("To the class that the model answered"))
        said.setObjectName("fixToAnswer")
        said.triggered.connect(lambda: self.move_asked.emit(""))
        self.classes.addSeparator()
        if len(classes) > _CLASSES_IN_MENU:
            self.classes.addAction(_("To another class…")).triggered.connect(self._ask_for_class)
            return
        for name in classes:
            entry = self.classes.addAction(name.replace("&", "&&"))
            entry.triggered.connect(lambda _on=False, name=name: self.move_asked.emit(name))

    def show_for(self, chosen: int) -> None:
        """Enable what can be done with so many pictures."""
        self.fix.setEnabled(chosen > 0)
        self.leave_out.setEnabled(chosen > 0)
        self.inspect.setEnabled(chosen == 1)

    def menu(self) -> QMenu:
        """All of them, to be shown under the cursor."""
        menu = QMenu(self._place)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.fix.isEnabled():
            menu.addMenu(self.classes)
        menu.addActions([self.leave_out, self.inspect, self.undo])
        return menu

    def button(self, action: QAction, text: str = "") -> QPushButton:
        """A button for one of them; `text` stays where the action's own changes."""
        button = QPushButton(text or action.text())
        button.setObjectName(f"{action.objectName()}Button")
        button.setAccessibleName(text or action.text())
        if action is self.fix:
            button.setMenu(self.classes)
        else:
            button.clicked.connect(action.trigger)
        button.setEnabled(action.isEnabled())
        button.setToolTip(action.toolTip())
        action.enabledChanged.connect(button.setEnabled)
        action.changed.connect(lambda: button.setToolTip(action.toolTip()))
        return button

    def _ask_for_class(self) -> None:
        name, is_given = QInputDialog.getItem(
            self._place, _("Wrong label: fix"), _("Class:"), list(self._classes), 0, False
        )
        if is_given:
            self.move_asked.emit(name)

    def _action(self, name: str, text: str, key: QKeySequence.StandardKey | str, icon: str) -> QAction:
        action = QAction(text, self._place)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        set_icon(action, icon)
        self._place.addAction(action)
        return action
