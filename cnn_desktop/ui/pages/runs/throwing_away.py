"""Moving runs to the trash, with a way back; deleting them for good only where there is no trash, and after asking."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.runs.trash import Removal, Trashed, delete_for_good, move_to_trash, put_back
from cnn_desktop.ui.widgets.banner import Banner, Choice


class ThrowingAway(QObject):
    """Carries it out in a job, and tells and asks in the page.

    Args:
        page: the parent of what is asked.
        banner: where it is told, with the button that undoes it.
        job: what it runs in.
        context: hears that the runs changed, and what went wrong.
    """

    came_back = Signal(list)
    """These folders of runs were taken out of the trash."""

    def __init__(self, page: QWidget, banner: Banner, job: JobRunner, context: AppContext) -> None:
        super().__init__(page)
        self._page, self._banner, self._job, self._context = page, banner, job, context

    def throw_away(self, runs: Sequence[Path]) -> None:
        """Move these runs to the trash."""
        if runs:
            self._job.start(move_to_trash, list(runs), on_done=self._tell, on_error=self._context.notify_error)

    def _tell(self, removal: Removal) -> None:
        self._context.runs_changed.emit()
        if removal.trashed:
            self._tell_trashed(removal)
        if removal.running:
            count = len(removal.running)
            text = ngettext("A run that is being trained stays.", "{count} runs that are being trained stay.", count)
            self._context.notify(text.format(count=count))
        if removal.refused:
            self._ask_to_delete(removal.refused)

    def _tell_trashed(self, removal: Removal) -> None:
        count = len(removal.trashed)
        name = removal.trashed[0].was.name
        text = ngettext("{name} is in the trash.", "{count} runs are in the trash.", count)
        undo = Choice("undoDelete", _("Undo"), lambda: self._undo(removal.trashed))
        self._banner.tell(
            text.format(name=name, count=count), tone="calm", choices=[undo] if removal.can_be_undone else []
        )

    def _undo(self, trashed: Sequence[Trashed]) -> None:
        self._job.start(put_back, trashed, on_done=self._take_back, on_error=self._context.notify_error)

    def _take_back(self, runs: list[Path]) -> None:
        self.came_back.emit(runs)
        self._context.runs_changed.emit()

    def _ask_to_delete(self, runs: list[Path]) -> None:
        box = QMessageBox(self._page.window())
        box.setObjectName("deleteQuestion")
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(_("There is no trash here"))
        count = len(runs)
        text = ngettext(
            "{name} can't be moved to the trash.", "{count} runs can't be moved to the trash.", count
        ).format(name=runs[0].name, count=count)
        box.setText(text)
        box.setInformativeText(_("They can be deleted for good instead. That can't be undone."))
        delete = box.addButton(_("Delete for good"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(_("Keep"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.exec()
        if box.clickedButton() is delete:
            self._job.start(
                delete_for_good,
                runs,
                on_done=lambda _count: self._context.runs_changed.emit(),
                on_error=self._context.notify_error,
            )
