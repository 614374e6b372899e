"""“Export model…” in a page's File menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.models.export.dialog import ExportDialog
from cnn_desktop.ui.pages.models.export.work import ExportSubject

if TYPE_CHECKING:
    from cnn_desktop.models.model import Model
    from cnn_desktop.ui.pages.models.chooser import ModelChooser
    from cnn_desktop.ui.pages.page import Page


def export_action(page: Page, chooser: ModelChooser) -> QAction:
    """An action of `page` that exports the model of `chooser`, enabled while that is open."""
    action = QAction(_("Export model…"), page)
    action.setObjectName("exportModel")
    action.setShortcut(QKeySequence("Ctrl+Shift+E"))
    action.setEnabled(False)
    set_icon(action, "save")
    opened: list[Model] = []

    def take(model: Model) -> None:
        opened[:] = [model]
        action.setEnabled(True)

    def forget() -> None:
        opened.clear()
        action.setEnabled(False)

    def ask() -> None:
        (model,) = opened
        ExportDialog(ExportSubject(model.title, chooser.ref, model), page.context, page).open()

    chooser.opened.connect(take)
    chooser.closed.connect(forget)
    action.triggered.connect(lambda _checked: ask())
    return action
