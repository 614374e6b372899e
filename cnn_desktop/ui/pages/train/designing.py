"""The way from the Train page into the layer editor and back."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.train.settings_card import SettingsCard

if TYPE_CHECKING:
    from cnn_desktop.ui.pages.train.network_plan import NetworkPlan

_PICTURES, _CLASSES = (3, 32), 10
"""Channels, side and classes where no dataset says other."""
_LARGEST_SIDE = 1024
_USUAL_SIDE = 64
"""Where the dataset's pictures have sizes of their own."""


class Designing(QObject):
    """Opens the editor with the chosen architecture where it is the person's own.

    Args:
        settings: whose picker says what is chosen.
        window: over which the editor opens.
    """

    kept = Signal()
    """Designs were saved or deleted: the choices are out of date."""
    chosen = Signal(str)
    """A design that shall be trained next."""

    def __init__(self, settings: SettingsCard, window: Callable[[], QWidget], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._window = window
        self._facts = (_PICTURES, _CLASSES)
        self.action = QAction(_("Design a network…"), self)
        self.action.setShortcut(QKeySequence("Ctrl+Shift+N"))
        self.action.setEnabled(False)
        self.action.triggered.connect(self.open)
        settings.design_asked.connect(self.open)

    def show_pictures(self, plan: "NetworkPlan") -> None:
        """What a new design is drawn for: the pictures and classes of the chosen dataset."""
        size = plan.dataset.image_size
        side = _USUAL_SIDE if size is None else min(max(size), _LARGEST_SIDE)
        self._facts = ((plan.dataset.channels, side), max(2, len(plan.dataset.classes)))

    def open(self) -> None:
        """Show the editor."""
        from cnn_desktop.models.design.store import has_design, load_design
        from cnn_desktop.ui.pages.editor.dialog import EditorDialog

        name = self._settings.architecture.choice()
        try:
            design = load_design(name) if has_design(name) else None
        except ModelError:
            design = None  # the picker doesn't offer what can't be read
        dialog = EditorDialog(design, *self._facts, self._window())
        dialog.renamed.connect(self._settings.follow_design)
        dialog.kept.connect(self.kept)
        dialog.train_asked.connect(self.chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
