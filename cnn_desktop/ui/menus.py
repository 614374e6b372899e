"""The menu bar: what the window itself can do, and what its pages bring."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.page import MenuName
from cnn_desktop.ui.theme import Appearance


class Menus(QObject):
    """File, Edit, View, Run, Help. Actions of a page show while the page does; those under Run always do."""

    page_chosen = Signal(str)
    appearance_chosen = Signal(str)
    runs_folder_asked = Signal()
    full_screen_asked = Signal()
    presenter_asked = Signal()
    cursor_highlight_chosen = Signal(bool)
    keys_asked = Signal()
    about_asked = Signal()
    quit_asked = Signal()

    def __init__(self, bar: QMenuBar, pages: Mapping[str, str], appearance: Appearance) -> None:
        super().__init__(bar)
        self._of_pages: list[tuple[str, QAction]] = []
        self._menus: dict[MenuName, QMenu] = {
            "file": bar.addMenu(_("&File")),
            "edit": bar.addMenu(_("&Edit")),
            "view": bar.addMenu(_("&View")),
            "run": bar.addMenu(_("&Run")),
        }
        self._ends: dict[MenuName, QAction] = {}
        self._fill_file(self._menus["file"])
        self._fill_view(self._menus["view"], pages, appearance)
        help_menu = bar.addMenu(_("&Help"))
        keys = help_menu.addAction(_("Keys"), self.keys_asked.emit)
        keys.setObjectName("showKeys")
        keys.setShortcuts([QKeySequence("?"), QKeySequence("F1")])
        about = help_menu.addAction(_("About CNN Desktop"), self.about_asked.emit)
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def add_page(self, name: str, actions: Mapping[MenuName, Sequence[QAction]]) -> None:
        """Take in the actions of the page `name`, above what the menu has of its own."""
        for menu_name, some in actions.items():
            for action in some:
                if menu_name in self._ends:
                    self._menus[menu_name].insertAction(self._ends[menu_name], action)
                else:
                    self._menus[menu_name].addAction(action)
                if menu_name != "run":
                    self._of_pages.append((name, action))

    def show_page(self, name: str) -> None:
        """Show only the actions of the page `name`, and with them their shortcuts."""
        for owner, action in self._of_pages:
            action.setVisible(owner == name)
        edit = self._menus["edit"]
        edit.menuAction().setVisible(any(action.isVisible() for action in edit.actions()))

    def _fill_file(self, menu: QMenu) -> None:
        self._ends["file"] = menu.addSeparator()
        menu.addAction(_("Open folder of runs"), self.runs_folder_asked.emit)
        menu.addSeparator()
        leave = menu.addAction(_("Quit"), self.quit_asked.emit)
        leave.setShortcut(_standard_key(QKeySequence.StandardKey.Quit, "Ctrl+Q"))
        leave.setMenuRole(QAction.MenuRole.QuitRole)

    def _fill_view(self, menu: QMenu, pages: Mapping[str, str], appearance: Appearance) -> None:
        self._ends["view"] = menu.addSeparator()
        for number, (name, title) in enumerate(pages.items(), start=1):
            action = menu.addAction(title)
            action.setShortcut(QKeySequence(f"Ctrl+{number}"))
            action.triggered.connect(lambda _checked=False, name=name: self.page_chosen.emit(name))
        menu.addSeparator()
        looks = menu.addMenu(_("Appearance"))
        group = QActionGroup(looks)
        for look, title in (("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))):
            action = looks.addAction(title)
            action.setObjectName(f"appearance{look.capitalize()}")
            action.setCheckable(True)
            action.setChecked(look == appearance)
            action.triggered.connect(lambda _checked=False, look=look: self.appearance_chosen.emit(look))
            group.addAction(action)
        menu.addSeparator()
        presenter = menu.addAction(_("Presenter mode"), self.presenter_asked.emit)
        presenter.setObjectName("presenterMode")
        presenter.setShortcuts([QKeySequence("F11"), QKeySequence("Ctrl+Alt+P")])
        highlight = menu.addAction(_("Highlight the cursor while presenting"))
        highlight.setObjectName("highlightCursor")
        highlight.setShortcut(QKeySequence("Ctrl+Alt+H"))
        highlight.setCheckable(True)
        highlight.toggled.connect(self.cursor_highlight_chosen)
        full = menu.addAction(_("Full screen"), self.full_screen_asked.emit)
        usual = _standard_key(QKeySequence.StandardKey.FullScreen, "Shift+F11")
        full.setShortcut(usual if usual != QKeySequence("F11") else QKeySequence("Shift+F11"))


def _standard_key(key: QKeySequence.StandardKey, otherwise: str) -> QKeySequence:
    """The platform's own shortcut, or `otherwise` where the platform has none."""
    keys = QKeySequence.keyBindings(key)
    return keys[0] if keys else QKeySequence(otherwise)
