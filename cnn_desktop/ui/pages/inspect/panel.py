"""A part of the Inspect page that follows what is looked at, while it can be seen."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.inspect.subject import Subject


class Panel(QWidget):
    """Override `follow`: it is called when the subject changed, at once or when next shown."""

    def __init__(self, context: AppContext, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.subject = subject
        self.tools: QWidget | None = None
        """What belongs beside the panel's title, where it is a face of a card."""
        self._jobs: list[JobRunner] = []
        self._is_behind = True
        for change in (subject.model_changed, subject.picture_changed, subject.layer_changed, subject.cell_changed):
            change.connect(self._on_change)

    def follow(self) -> None:
        """Show what the subject is now; called often, so do nothing where nothing that matters here has changed."""
        raise NotImplementedError

    @property
    def is_busy(self) -> bool:
        """Whether something runs in the background whose answer is still to come."""
        return any(job.is_running for job in self._jobs)

    def shutdown(self) -> None:
        """Cancel and await what runs in the background."""
        for job in self._jobs:
            job.cancel()
        for job in self._jobs:
            job.wait()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_behind:
            self._catch_up()

    def _new_job(self) -> JobRunner:
        self._jobs.append(JobRunner(self))
        return self._jobs[-1]

    def _on_change(self) -> None:
        self._is_behind = True
        if self.isVisible():
            self._catch_up()

    def _catch_up(self) -> None:
        self._is_behind = False
        self.follow()
