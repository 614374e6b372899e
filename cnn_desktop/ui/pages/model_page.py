"""What the pages that take a model and pictures have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.models.chooser import ModelChooser
from cnn_desktop.ui.pages.page import MenuName, Page


class ModelPage(Page):
    """A chooser of models, and what runs in the background; what is done with a model is the page's own.

    Args:
        picker: the object name of the picker of models.
    """

    def __init__(self, context: AppContext, picker: str, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._jobs: list[JobRunner] = []
        self._chooser = ModelChooser(picker, self)
        self._gathering = self._new_job()
        self._actions: Mapping[MenuName, Sequence[QAction]] = {}

    @override
    def engine_ready(self) -> None:
        self._chooser.refresh()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._chooser.choose_newest()

    @override
    def menu_actions(self) -> Mapping[MenuName, Sequence[QAction]]:
        return self._actions

    @override
    def open_model(self, model: str) -> None:
        self._chooser.choose(model)

    @override
    def shutdown(self) -> None:
        for job in self._jobs:
            job.cancel()
        self._chooser.shutdown()
        for job in self._jobs:
            job.wait()

    def load_weights(self, file: Path) -> None:
        """Open the chosen pretrained network with the weights in `file`."""
        self._chooser.load_weights(file)

    def _new_job(self) -> JobRunner:
        """A runner that is cancelled and awaited when the page is shut down."""
        self._jobs.append(JobRunner(self))
        return self._jobs[-1]
