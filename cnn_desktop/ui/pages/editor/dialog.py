"""The layer editor: a window in which a network is put together, saved, and sent to be trained."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QMessageBox, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.design import Design, Layer
from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.editor.code_card import CodeCard
from cnn_desktop.ui.pages.editor.draft import Draft, new_design
from cnn_desktop.ui.pages.editor.head_card import HeadCard
from cnn_desktop.ui.pages.editor.layer_list import LayerList
from cnn_desktop.ui.pages.editor.layers_card import LayersCard
from cnn_desktop.ui.pages.editor.opening import OpenButton
from cnn_desktop.ui.pages.editor.palette import Palette
from cnn_desktop.ui.pages.editor.totals_card import TotalsCard
from cnn_desktop.ui.theme import S8, S16

_SIDE_WIDTH = 330


class EditorDialog(QDialog):
    """Opened once torch is there.

    Args:
        design: a saved one to edit; None: a new one.
        pictures: channels and side of those that it is likely to be trained on.
        classes: for how many it answers.
        parent: the window that waits meanwhile.
    """

    kept = Signal()
    """What lies on the disk has changed."""
    renamed = Signal(str, str)
    """Before that: a saved design's old and new name."""
    train_asked = Signal(str)
    """The name of a saved design that shall be trained."""

    def __init__(
        self, design: Design | None, pictures: tuple[int, int], classes: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("layerEditor")
        self.setWindowTitle(_("Design a network"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._pictures = pictures
        self._opened = "" if design is None else design.name
        """The name under which the design lies on the disk; empty where it doesn't."""
        self.draft = Draft(design or self._new(), classes, self)
        self.layers = LayerList(self.draft)
        self.palette_card = Palette()
        self.code = CodeCard(self.draft)
        self.open_button = OpenButton()
        self._state = QLabel()
        self._state.setObjectName("designState")
        self._state.setWordWrap(True)
        self._undo = self._action(_("Undo"), "undo", QKeySequence(QKeySequence.StandardKey.Undo), self.draft.undo)
        self._redo = self._action(_("Redo"), "redo", QKeySequence(QKeySequence.StandardKey.Redo), self.draft.redo)
        self._again = self._action(_("Add the same again"), "copy", QKeySequence("Ctrl+D"), self.draft.repeat)
        self._remove = self._action(_("Take out"), "trash", QKeySequence("Ctrl+Backspace"), self.draft.remove)
        self.delete_button = _button("deleteDesign", _("Delete"), "danger")
        self.close_button = _button("closeEditor", _("Close"), "")
        self.save_button = _button("saveDesign", _("Save"), "")
        self.save_button.setShortcut(QKeySequence(QKeySequence.StandardKey.Save))
        self.train_button = _button("trainDesign", _("Train this"), "primary")
        self._lay_out()
        self._connect()
        self._follow()
        self.layers.setFocus()

    @override
    def reject(self) -> None:
        if self._may_lose():
            super().reject()

    @override
    def done(self, result: int) -> None:
        self.code.stop()
        super().done(result)

    def save(self) -> bool:
        """Keep the design; whether that went well. What went wrong is shown."""
        from cnn_desktop.ui.pages.editor.keeping import kept

        try:
            design = kept(self.draft.design, self._opened)
        except CnnDesktopError as error:
            QMessageBox.warning(self, _("Not saved"), one_line(error))
            return False
        if self._opened and self._opened != design.name:
            self.renamed.emit(self._opened, design.name)
        self._opened = design.name
        self.draft.mark_saved(design)
        self.kept.emit()
        return True

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(S16)
        middle.addWidget(self.palette_card)
        middle.addWidget(LayersCard(self.layers, (self._undo, self._redo, self._again, self._remove)), 1)
        right = QVBoxLayout()
        right.setSpacing(S16)
        right.addWidget(TotalsCard(self.draft))
        right.addWidget(self.code, 1)
        side = QWidget()
        side.setFixedWidth(_SIDE_WIDTH)
        side.setLayout(right)
        right.setContentsMargins(0, 0, 0, 0)
        middle.addWidget(side)
        buttons = QHBoxLayout()
        buttons.setSpacing(S8)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.delete_button)
        buttons.addWidget(self._state, 1)
        for button in (self.close_button, self.save_button, self.train_button):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(S16, S16, S16, S16)
        column.setSpacing(S16)
        column.addWidget(HeadCard(self.draft))
        column.addLayout(middle, 1)
        column.addLayout(buttons)
        self.resize(1180, 800)

    def _connect(self) -> None:
        self.palette_card.asked.connect(self._add)
        self.layers.add_asked.connect(self.palette_card.buttons["conv"].setFocus)
        self.open_button.chosen.connect(self._open)
        self.open_button.copy_asked.connect(self._copy)
        self.delete_button.clicked.connect(self._delete)
        self.close_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self.save)
        self.train_button.clicked.connect(self._train)
        self.draft.changed.connect(self._follow)

    def _follow(self) -> None:
        draft, wrong = self.draft, self.draft.report.wrong
        self._undo.setEnabled(draft.can_undo)
        self._redo.setEnabled(draft.can_redo)
        for action in (self._again, self._remove):
            action.setEnabled(draft.chosen is not None)
        self.palette_card.setEnabled(not draft.is_full)
        self.save_button.setEnabled(draft.is_changed or not self._opened)
        self.delete_button.setVisible(bool(self._opened))
        self.train_button.setEnabled(wrong is None)
        if wrong is None:
            self._say(_("On the command line: --arch {name}").format(name=self._name()), "caption")
        else:
            self._say(_("{layer}: {problem}").format(layer=wrong.name, problem=wrong.problem), "error")

    def _name(self) -> str:
        from cnn_desktop.ui.pages.editor.keeping import name_of

        return name_of(self.draft.design.title, self._opened)

    def _say(self, text: str, role: str) -> None:
        self._state.setText(text)
        if self._state.property("role") != role:
            self._state.setProperty("role", role)
            self._state.style().unpolish(self._state)
            self._state.style().polish(self._state)

    def _new(self) -> Design:
        from cnn_desktop.ui.pages.editor.keeping import untaken_title

        return new_design(untaken_title(_("My network")), *self._pictures)

    def _add(self, layer: Layer) -> None:
        self.draft.add(layer)
        self.layers.setFocus()

    def _open(self, design: Design | None, is_saved: bool) -> None:
        """Go on with another design; None: a new one. One that isn't saved gets a title of its own."""
        from cnn_desktop.ui.pages.editor.keeping import untaken_title

        if not self._may_lose():
            return
        self._opened = design.name if design is not None and is_saved else ""
        if design is None:
            design = self._new()
        elif not is_saved:
            title = untaken_title(_("My {title}").format(title=design.title))
            design = design.changed(title=title, channels=self._pictures[0])
        self.draft.begin(design)
        self.layers.setFocus()

    def _copy(self) -> None:
        """Go on with the same layers under another name; what lies on the disk stays."""
        from cnn_desktop.ui.pages.editor.keeping import untaken_title

        self._opened = ""
        self.draft.describe("title", untaken_title(self.draft.design.title))
        self._follow()

    def _delete(self) -> None:
        from cnn_desktop.ui.pages.editor.keeping import delete_design

        text = _("Delete “{title}”? Runs and models that were made of it keep their copy.")
        answer = QMessageBox.question(self, _("Delete design"), text.format(title=self.draft.design.title))
        if answer != QMessageBox.StandardButton.Yes:
            return
        try:
            delete_design(self._opened)
        except CnnDesktopError as error:
            QMessageBox.warning(self, _("Not deleted"), one_line(error))
            return
        self._opened = ""
        self.draft.begin(self._new())
        self.kept.emit()

    def _train(self) -> None:
        if (self._opened and not self.draft.is_changed) or self.save():
            self.accept()
            self.train_asked.emit(self._opened)

    def _may_lose(self) -> bool:
        """Ask where changes would be lost; whether it is all right to go on."""
        if not self.draft.is_changed:
            return True
        buttons = QMessageBox.StandardButton
        text = _("Save the changes to “{title}”?").format(title=self.draft.design.title)
        answer = QMessageBox.question(
            self, _("Unsaved changes"), text, buttons.Save | buttons.Discard | buttons.Cancel, buttons.Save
        )
        return self.save() if answer == buttons.Save else answer == buttons.Discard

    def _action(self, text: str, icon: str, keys: QKeySequence, slot: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        set_icon(action, icon)
        action.setShortcut(keys)
        action.setToolTip(f"{text} ({keys.toString(QKeySequence.SequenceFormat.NativeText)})")
        action.triggered.connect(lambda _checked=False: slot())
        self.addAction(action)
        return action


def _button(object_name: str, text: str, role: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(object_name)
    button.setAccessibleName(text)
    button.setProperty("role", role)
    button.setAutoDefault(False)
    return button
