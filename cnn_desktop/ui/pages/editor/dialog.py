"""The layer editor: a window in which a network is put together, saved, and sent to be trained."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QMenu, QMessageBox, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.design import Design
from cnn_desktop.core.errors import CnnDesktopError
from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.editor.code_card import CodeCard
from cnn_desktop.ui.pages.editor.draft import Draft, new_design
from cnn_desktop.ui.pages.editor.head_card import HeadCard
from cnn_desktop.ui.pages.editor.layer_list import LayerList
from cnn_desktop.ui.pages.editor.palette import Palette
from cnn_desktop.ui.pages.editor.totals_card import TotalsCard
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import Card

_SIDE_WIDTH = 360


class EditorDialog(QDialog):
    """Opened once torch is there.

    Args:
        design: to begin with; None: a small network that works.
        input_shape: channels and side of the pictures that it is likely to be trained on.
        classes: for how many it answers.
        parent: the window that waits meanwhile.
    """

    saved = Signal(str)
    """The name of a design that was saved; empty: one was deleted."""
    train_asked = Signal(str)
    """The name of a saved design that the person wants to train."""

    def __init__(
        self, design: Design | None, input_shape: tuple[int, int], classes: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("layerEditor")
        self.setWindowTitle(_("Design a network"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._input_shape = input_shape
        self._opened = ""
        self.draft = Draft(design or self._fresh(), classes, self)
        if design is not None:
            self._opened = design.name
        else:
            self.draft.begin(self._fresh(), is_saved=True)
        self.head = HeadCard(self.draft)
        self.palette_card = Palette()
        self.layers = LayerList(self.draft)
        self.totals = TotalsCard(self.draft)
        self.code = CodeCard(self.draft)
        self._state = QLabel()
        self._state.setObjectName("designState")
        self._state.setWordWrap(True)
        self._undo = self._action(_("Undo"), "undo", self.draft.undo, QKeySequence.StandardKey.Undo)
        self._redo = self._action(_("Redo"), "repeat", self.draft.redo, QKeySequence.StandardKey.Redo)
        self._repeat = self._action(_("Repeat layer"), "plus", self.draft.repeat, "Ctrl+D")
        self._remove = self._action(_("Remove layer"), "trash", self.draft.remove, "Ctrl+Backspace")
        self._make_buttons()
        self._lay_out()
        self.palette_card.asked.connect(self._add)
        self.layers.add_asked.connect(self.palette_card.buttons["conv"].setFocus)
        self.draft.changed.connect(self._follow)
        self._follow()
        self.layers.setFocus()

    @override
    def keyPressEvent(self, event) -> None:  # noqa: ANN001
        super().keyPressEvent(event)
