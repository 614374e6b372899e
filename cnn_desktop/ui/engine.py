"""Torch and what stands on it, imported in a thread once the window is on the screen."""

import importlib
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from cnn_desktop.core.progress import Progress
from cnn_desktop.ui.jobs.garbage import look_at_everything, look_rarely, without_collections
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.jobs.turns import take_short_turns

_MODULES = (
    "torch",
    "cnn_desktop.data.sets",
    "cnn_desktop.models.archs",
    "cnn_desktop.models.device",
    "cnn_desktop.models.layers",
    "cnn_desktop.models.weights",
    "cnn_desktop.predict.batch",
    "cnn_desktop.predict.classifier",
    "cnn_desktop.predict.polarity",
    "cnn_desktop.explain.recording",
    "cnn_desktop.explain.filters",
    "cnn_desktop.explain.rendering",
    "cnn_desktop.train.trainer",
    "cnn_desktop.train.runs.listing",
    "cnn_desktop.ui.pages.data.pictures_panel",
    "cnn_desktop.ui.pages.data.findings_panel",
    "cnn_desktop.ui.pages.data.classes_panel",
    "cnn_desktop.ui.pages.data.augmentation_panel",
)
"""The last ones are parts of a page, made when they are first shown: the window shall not wait for their import."""

_LATER = ("torchvision.models", "sklearn.datasets")
"""What some page needs soon, and nobody has to wait for: half as large again as all of the above."""


class EngineLoader(QObject):
    """Imports the engine once and says when it is there."""

    ready = Signal(str)
    """With a line about the device and the precision that training would use."""
    failed = Signal(Exception)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = JobRunner(self)

    def start(self) -> None:
        """Begin to import; answers by `ready` or `failed`."""
        look_rarely()
        take_short_turns()
        self._job.start(_load, on_done=self._on_loaded, on_error=self.failed.emit)

    def shutdown(self) -> None:
        """Wait until no import runs, and give the garbage collector back what was kept from it."""
        self._job.cancel()
        self._job.wait(60_000)
        look_at_everything()

    def _on_loaded(self, device_line: str) -> None:
        self.ready.emit(device_line)
        self._job.start(_import_all, _LATER, on_error=self.failed.emit)


def _import_all(names: Sequence[str], progress: Progress) -> None:
    with without_collections():
        for index, name in enumerate(names):
            progress(index, len(names))
            importlib.import_module(name)


def _load(progress: Progress) -> str:
    _import_all(_MODULES, progress)
    from cnn_desktop.models.device import choose_device, choose_precision, device_title

    device = choose_device("auto")
    return f"{device_title(device)} · {choose_precision('auto', device)}"
