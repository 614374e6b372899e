"""What can be opened in the layer editor: a new network, a saved one, or a tutorial's to start from."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from cnn_desktop.core.design import Design
from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon


class OpenButton(QPushButton):
    """A menu, filled when it is opened."""

    chosen = Signal(object, bool)
    """A `Design`, None for a new one; and whether it is the person's own, rather than one to start from."""
    copy_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Open"), parent)
        self.setObjectName("openDesign")
        self.setAccessibleName(_("Open a design"))
        self.setAutoDefault(False)
        set_icon(self, "folder")
        self._menu = QMenu(self)
        self._menu.setObjectName("openDesignMenu")
        self._menu.aboutToShow.connect(self.fill)
        self.setMenu(self._menu)

    def fill(self) -> None:
        """List what there is now."""
        from cnn_desktop.ui.pages.editor.keeping import designs_to_start_from, saved_designs

        self._menu.clear()
        self._menu.addAction(_("A new network"), lambda: self.chosen.emit(None, False))
        self._menu.addAction(_("A copy of this one"), self.copy_asked.emit)
        for heading, designs, is_own in (
            (_("Your own"), saved_designs(), True),
            (_("Start from…"), designs_to_start_from(), False),
        ):
            if designs:
                self._menu.addSection(heading)
                title = self._menu.addAction(heading)
                title.setEnabled(False)
            for design in designs:
                self._menu.addAction(design.title, partial(self._choose, design, is_own))

    def _choose(self, design: Design, is_own: bool) -> None:
        self.chosen.emit(design, is_own)
