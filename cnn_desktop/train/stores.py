"""The pictures of a run, ready on its device."""

from collections.abc import Generator
from dataclasses import dataclass

import torch

from cnn_desktop.core.errors import TrainingError
from cnn_desktop.core.events import Event, Notice
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.data.batches import PixelStore, pixel_store
from cnn_desktop.data.dataset import SplitName
from cnn_desktop.train.background import reported
from cnn_desktop.train.control import Control
from cnn_desktop.train.task import Task


@dataclass(frozen=True)
class Stores:
    """What a run learns from, and what it is measured on while it learns."""

    training: PixelStore
    validation: PixelStore | None

    def move_to(self, device: torch.device) -> None:
        """Keep the pictures on `device` until the next move."""
        for store in (self.training, self.validation):
            if store is not None:
                store.move_to(device)


def read_stores(task: Task, control: Control) -> Generator[Event, None, Stores]:
    """Read training and validation pictures, reporting progress.

    Raises:
        CancelledError: stopped.
        TrainingError: there is no training picture.
    """
    training = yield from _read(task, "train", control)
    if training is None or len(training) == 0:
        raise TrainingError(_("No training picture of {dataset} could be read.").format(dataset=task.config.dataset))
    return Stores(training, (yield from _read(task, "validation", control)))


def read_test_store(task: Task, control: Control) -> Generator[Event, None, PixelStore | None]:
    """Read the test pictures, where there are any; as `read_stores`."""
    return (yield from _read(task, "test", control))


def class_weights(task: Task, training: PixelStore) -> torch.Tensor | None:
    """float32, one a class, on the device: the inverse of its share of the pictures, 1 on average; None if unwanted."""
    if task.recipe.class_weights == "none":
        return None
    counts = torch.bincount(training.labels.cpu(), minlength=len(task.dataset.classes)).float()
    return (counts.sum() / (len(counts) * counts.clamp(min=1))).to(task.device)


def _read(task: Task, name: SplitName, control: Control) -> Generator[Event, None, PixelStore | None]:
    split = task.dataset.splits.get(name)
    if split is None:
        return None
    store = yield from reported(
        _TITLES[name], control, lambda progress: pixel_store(split, task.preprocessing, task.device, progress)
    )
    if store.skipped:
        sentence = ngettext(
            "{count} picture could not be read and was left out: {first}",
            "{count} pictures could not be read and were left out; the first: {first}",
            len(store.skipped),
        )
        yield Notice(sentence.format(count=len(store.skipped), first=store.skipped[0]))
    return store


_TITLES: dict[SplitName, str] = {
    "train": _("Reading training pictures"),
    "validation": _("Reading validation pictures"),
    "test": _("Reading test pictures"),
}
