"""Asks for a form and a place, exports in the background, and shows the proof."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.models.export.form_choice import FormChoice
from cnn_desktop.ui.pages.models.export.outcome_card import OutcomeCard
from cnn_desktop.ui.pages.models.export.work import ExportOrder, ExportSubject, FormEntry, export, proposed_target
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from cnn_desktop.predict.export.exporting import Exported


class ExportDialog(QDialog):
    """One export after the other, until it is closed; closing cancels what runs.

    Args:
        subject: what is exported.
        context: remembers the folder, and hears of what nobody expected.
        parent: the page that asks, whose window waits meanwhile.
    """

    def __init__(self, subject: ExportSubject, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setWindowTitle(_("Export model"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._subject, self._context = subject, context
        self._job = JobRunner(self)
        self.forms = FormChoice()
        self._target = self._exported = self._proposed()
        self._place = ElidedLabel()
        self._place.setObjectName("exportTarget")
        self.outcome = OutcomeCard()
        self._change = _button("exportChooseTarget", _("Change…"), "")
        self._folder = _button("exportOpenFolder", _("Open folder"), "")
        self._close = _button("exportClose", _("Close"), "")
        self._start = _button("exportStart", _("Export"), "primary")
        self._lay_out()
        self._connect()
        self._show_target()
        self._folder.hide()

    @override
    def done(self, result: int) -> None:
        self._job.cancel()
        super().done(result)

    def set_target(self, target: Path) -> None:
        """Write there."""
        self._target = target
        self._context.settings.change(export_folder=str(target.parent))
        self._show_target()

    # ---- the export

    def _export(self) -> None:
        order = ExportOrder(self._subject, self.forms.entry, self._target, self.forms.with_preprocessing)
        self._folder.hide()
        self.outcome.show_progress(0, 0)
        self._show_working(True)
        self._job.start(
            export,
            order,
            on_done=self._show_exported,
            on_error=self._show_error,
            on_progress=self.outcome.show_progress,
        )

    def _cancel_or_close(self) -> None:
        if not self._job.is_running:
            self.reject()
            return
        self._job.cancel()
        self._show_working(False)
        self.outcome.show_cancelled()

    def _show_exported(self, exported: Exported) -> None:
        self._show_working(False)
        self.outcome.show_exported(exported)
        self._exported = exported.place
        self._folder.show()
        self._close.setFocus()

    def _show_error(self, error: Exception) -> None:
        self._show_working(False)
        self.outcome.show_error(one_line(error))
        if not isinstance(error, CnnDesktopError):
            self._context.notify_error(error)

    def _show_working(self, is_working: bool) -> None:
        for widget in (self.forms, self._change, self._start):
            widget.setEnabled(not is_working)
        self._close.setText(_("Cancel") if is_working else _("Close"))
        self._close.setAccessibleName(self._close.text())

    # ---- where to

    def _proposed(self) -> Path:
        last = Path(self._context.settings.settings.export_folder)
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = last if last.is_absolute() and last.is_dir() else Path(documents or Path.home())
        return proposed_target(folder, self._subject.title, self.forms.entry)

    def _ask_for_target(self) -> None:
        entry = self.forms.entry
        if entry.suffix:
            chosen, _filter = QFileDialog.getSaveFileName(self, _("Export to"), str(self._target), entry.filter)
        else:
            chosen = QFileDialog.getExistingDirectory(self, _("Export into the folder"), str(self._target.parent))
        if chosen:
            file = Path(chosen)
            self.set_target(file if file.suffix or not entry.suffix else file.with_name(file.name + entry.suffix))

    def _change_form(self, _entry: FormEntry) -> None:
        self._target = self._proposed()
        self.outcome.explain()
        self._folder.hide()
        self._show_target()

    def _show_target(self) -> None:
        self._place.setText(str(self._target))

    def _open_folder(self) -> None:
        place = self._exported
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(place if place.is_dir() else place.parent)))

    # ---- looks

    def _lay_out(self) -> None:
        card = Card(self._subject.title)
        card.body.addSpacing(S8)
        card.body.addWidget(self.forms)
        card.body.addSpacing(S8)
        place = QHBoxLayout()
        place.setSpacing(S8)
        place.addWidget(caption(_("To")))
        place.addWidget(self._place, 1)
        place.addWidget(self._change)
        card.body.addLayout(place)
        buttons = QHBoxLayout()
        buttons.setSpacing(S8)
        buttons.addWidget(self._folder)
        buttons.addStretch()
        buttons.addWidget(self._close)
        buttons.addWidget(self._start)
        column = QVBoxLayout(self)
        column.setContentsMargins(S16, S16, S16, S16)
        column.setSpacing(S16)
        column.addWidget(card)
        column.addWidget(self.outcome, 1)
        column.addLayout(buttons)
        self.resize(640, 520)

    def _connect(self) -> None:
        self.forms.chosen.connect(self._change_form)
        self._change.clicked.connect(self._ask_for_target)
        self._folder.clicked.connect(self._open_folder)
        self._close.clicked.connect(self._cancel_or_close)
        self._start.clicked.connect(self._export)
        cast("QCoreApplication", QCoreApplication.instance()).aboutToQuit.connect(self._job.cancel)


def _button(object_name: str, text: str, role: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(object_name)
    button.setAccessibleName(text)
    button.setProperty("role", role)
    button.setAutoDefault(role == "primary")
    return button
