"""Torch and what stands on it, imported in a thread once the window is on the screen."""

import gc
import importlib
from collections.abc import Generator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Signal

from cnn_desktop.core.progress import Progress
from cnn_desktop.ui.jobs.job import JobRunner

_MODULES = (
    "torch",
    "cnn_desktop.data.sets",
    "cnn_desktop.models.archs",
    "cnn_desktop.models.device",
    "cnn_desktop.models.layers",
    "cnn_desktop.models.weights",
    "cnn_desktop.predict.classifier",
    "cnn_desktop.explain.activations",
    "cnn_desktop.explain.filters",
    "cnn_desktop.explain.rendering",
    "cnn_desktop.train.trainer",
    "cnn_desktop.train.runs.listing",
)


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
        self._job.start(_import_all, on_done=self.ready.emit, on_error=self.failed.emit)

    def shutdown(self) -> None:
        """Wait until no import runs, and give the garbage collector back what was kept from it."""
        self._job.cancel()
        self._job.wait(60_000)
        gc.unfreeze()


def _import_all(progress: Progress) -> str:
    with _without_collections():
        for index, name in enumerate(_MODULES):
            progress(index, len(_MODULES))
            importlib.import_module(name)
    from cnn_desktop.models.device import choose_device, choose_precision, device_title

    device = choose_device("auto")
    return f"{device_title(device)} · {choose_precision('auto', device)}"


@contextmanager
def _without_collections() -> Generator[None]:
    """Keep the garbage collector from what is imported within the block, now and later.

    The hundreds of thousands of objects that come with torch stay for good. Looking through them at each full
    collection would stop the window for a quarter of a second.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
