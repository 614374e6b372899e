"""What can be done with chosen pictures, as actions with keys, buttons and a context menu."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QInputDialog, QMenu, QToolButton, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon

_CLASSES_IN_MENU = 24
"""More than these are chosen from a list that can be typed into."""


class PictureActions(QObject):
    """Actions for chosen pictures; whoever carries them out connects to `triggered` and `move_asked`.

    Args:
        place: the widget in which the keys work, and its children.
    """

    move_asked = Signal(str)
    """The name of the class that the chosen pictures are moved to; it may be a new one."""

    def __init__(self, place: QWidget) -> None:
        super().__init__(place)
        self._place = place
        self._classes: Sequence[str] = ()
        self.open = self._action("openPicture", _("Show large"), None, "zoom")
        self.leave_out = self._action("leaveOutPictures", _("Leave out"), QKeySequence.StandardKey.Delete, "trash")
        self.move = self._action("movePictures", _("Move to class"), "M", "folder")
        self.take_back = self._action("takeBackPictures", _("Take back"), "T", "repeat")
        self.choose_all = self._action("chooseAllPictures", _("Choose all"))
        self.leave_out.setToolTip(_("Leave the chosen pictures out of training; the files stay where they are"))
        self.move.setToolTip(_("Count the chosen pictures to another class; the files stay where they are"))
        self.take_back.setToolTip(_("Use the chosen pictures again, in the class in which they were found"))
        self.move.triggered.connect(self._ask_for_class)
        self._buttons: list[QToolButton] = []
        self._class_menu = QMenu(place)
        self.offer_classes(())
        self.show_for(0)

    def offer_classes(self, classes: Sequence[str]) -> None:
        """Offer these to move pictures to."""
        if self._classes == classes and not self._class_menu.isEmpty():
            return
        self._classes = classes
        self._class_menu.clear()
        for name in classes[:_CLASSES_IN_MENU]:
            entry = self._class_menu.addAction(name.replace("&", "&&"))
            entry.triggered.connect(lambda _on=False, name=name: self.move_asked.emit(name))
        self._class_menu.addSeparator()
        self._class_menu.addAction(_("Another class…")).triggered.connect(self._ask_for_name)

    def show_for(self, chosen: int, *, are_left_out: bool = False, can_take_back: bool = False) -> None:
        """Enable what can be done with so many pictures."""
        self.open.setEnabled(chosen > 0)
        self.leave_out.setEnabled(chosen > 0 and not are_left_out)
        self.move.setEnabled(chosen > 0 and not are_left_out)
        self.take_back.setEnabled(chosen > 0 and can_take_back)

    def menu(self) -> QMenu:
        """All of them, to be shown under the cursor."""
        menu = QMenu(self._place)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self.open, self.leave_out, self.move, self.take_back])
        menu.addSeparator()
        menu.addAction(self.choose_all)
        return menu

    def button(self, action: QAction) -> QToolButton:
        """A button for one of them."""
        button = QToolButton()
        button.setObjectName(f"{action.objectName()}Button")
        button.setDefaultAction(action)
        button.setAccessibleName(action.text())
        self._buttons.append(button)
        return button

    def show_texts(self, are_shown: bool) -> None:
        """Show the words on the buttons, or where there is little room only their icons."""
        style = Qt.ToolButtonStyle
        for button in self._buttons:
            button.setToolButtonStyle(style.ToolButtonTextBesideIcon if are_shown else style.ToolButtonIconOnly)

    def _ask_for_class(self) -> None:
        """Open the classes under the cursor or in the middle; a great many are chosen by typing."""
        if len(self._classes) > _CLASSES_IN_MENU:
            self._ask_for_name()
            return
        self._class_menu.popup(self._place.mapToGlobal(self._place.rect().center()))

    def _ask_for_name(self) -> None:
        names = list(self._classes)
        name, is_given = QInputDialog.getItem(
            self._place, _("Move to class"), _("Class, or a new name:"), names, 0, True
        )
        if is_given and name.strip():
            self.move_asked.emit(name.strip())

    def _action(
        self, name: str, text: str, key: QKeySequence.StandardKey | str | None = None, icon: str = ""
    ) -> QAction:
        action = QAction(text, self._place)
        action.setObjectName(name)
        if key is not None:
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if icon:
            set_icon(action, icon)
        self._place.addAction(action)
        return action
