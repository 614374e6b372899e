"""The menu actions of a page that takes a model and pictures."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtGui import QAction, QKeySequence

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.models.chooser import ModelChooser
from cnn_desktop.ui.pages.models.export import export_action
from cnn_desktop.ui.pages.page import MenuName, Page
from cnn_desktop.ui.widgets.picture_panel import PicturePanel


def picture_actions(page: Page, chooser: ModelChooser, panel: PicturePanel) -> Mapping[MenuName, Sequence[QAction]]:
    """Everything that can be dropped can be opened and pasted from the menus too, with the platform's own keys."""

    def action(text: str, call: Callable[[], object], shortcut: QKeySequence | None = None) -> QAction:
        made = QAction(text, page)
        if shortcut is not None:
            made.setShortcut(shortcut)
        made.triggered.connect(lambda _checked: call())
        return made

    key = QKeySequence.StandardKey
    load_weights = action(_("Load weights from file…"), chooser.browse_weights)
    load_weights.setEnabled(False)
    chooser.closed.connect(lambda: load_weights.setEnabled(chooser.is_pretrained))
    return {
        "file": [
            action(_("Open picture…"), panel.zone.browse, QKeySequence(key.Open)),
            action(_("Open model file…"), chooser.browse_model, QKeySequence("Ctrl+Shift+O")),
            load_weights,
            export_action(page, chooser),
        ],
        "edit": [action(_("Paste picture"), panel.zone.paste, QKeySequence(key.Paste))],
        "view": [
            action(_("Previous picture"), lambda: panel.stepped.emit(-1), QKeySequence(key.Back)),
            action(_("Next picture"), lambda: panel.stepped.emit(1), QKeySequence(key.Forward)),
        ],
    }
