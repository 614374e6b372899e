"""The pictures that the Inspect page can look at: a person's own, or those of the model's dataset; one is open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.pictures import GivenPicture, gather, pasted
from cnn_desktop.ui.widgets.picture_panel import PicturePanel


class Album(QObject):
    """Fills itself with what is given to a panel, and says there which of its pictures is open.

    Args:
        panel: where pictures are dropped, pasted, browsed and stepped through.
        gathering: runs what finds them.
    """

    turned = Signal()
    """Another picture is open."""
    refused = Signal(object)
    """An exception, or a sentence: why what was given can't be taken."""

    def __init__(self, panel: PicturePanel, gathering: JobRunner) -> None:
        super().__init__(panel)
        self._panel = panel
        self._gathering = gathering
        self._pictures: list[GivenPicture] = []
        self._at = 0
        self.is_own = False
        """Whether the pictures were given by the person, and stay when another model is chosen."""
        panel.zone.paths_given.connect(self._gather)
        panel.zone.picture_given.connect(self._paste)
        panel.zone.refused.connect(self.refused.emit)
        panel.stepped.connect(self.step)

    @property
    def open_picture(self) -> GivenPicture | None:
        """The picture to look at."""
        return self._pictures[self._at] if self._pictures else None

    def take(self, pictures: list[GivenPicture], *, is_own: bool) -> None:
        """Hold `pictures` instead, and open the first."""
        self._gathering.cancel()
        self._pictures, self._at, self.is_own = pictures, 0, is_own
        self._turn()

    def fill(self, find: Callable[..., Any], *args: Any, on_error: Callable[[Exception], None] | None = None) -> None:
        """Take what `find(*args, progress=…)` answers: a list of pictures of a dataset."""

        def take(pictures: list[GivenPicture]) -> None:
            self.take(pictures, is_own=False)

        self._gathering.start(find, *args, on_done=take, on_error=on_error or self.refused.emit)

    def empty(self) -> None:
        """Hold nothing."""
        self._pictures, self._at, self.is_own = [], 0, False
        self._turn()

    def step(self, by: int) -> None:
        """Open the next picture, or with -1 the one before."""
        if 0 <= self._at + by < len(self._pictures):
            self._at += by
            self._turn()

    def _turn(self) -> None:
        self._panel.show_place(self._at, max(1, len(self._pictures)))
        self.turned.emit()

    def _gather(self, paths: list[Path]) -> None:
        def take(pictures: list[GivenPicture]) -> None:
            self.take(pictures, is_own=True)

        self._gathering.start(gather, paths, on_done=take, on_error=self.refused.emit)

    def _paste(self, data: QImage) -> None:
        self.take([pasted(data)], is_own=True)
