"""Updates of a network that is thrown away afterwards, to find out something before a run."""

from collections.abc import Generator, Iterator

import numpy as np
import torch

from cnn_desktop.core.errors import CancelledError
from cnn_desktop.core.events import Preparing
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.batches import Batch, PixelStore, pixel_store, stays_in_memory
from cnn_desktop.train.background import reported
from cnn_desktop.train.control import Control
from cnn_desktop.train.plan import Plan
from cnn_desktop.train.randomness import epoch_order
from cnn_desktop.train.shortage import free_memory, is_out_of_memory, more_parts
from cnn_desktop.train.stores import class_weights
from cnn_desktop.train.task import Task
from cnn_desktop.train.updating import Update, Updater


def read_sample(task: Task, count: int, control: Control) -> Generator[Preparing, None, PixelStore]:
    """`sample_store`, reporting progress.

    Raises:
        CancelledError: stopped.
        DatasetError: most of the pictures can't be read.
    """
    what = _("Reading some training pictures")
    return (yield from reported(what, control, lambda progress: sample_store(task, count, progress)))


def sample_store(task: Task, count: int, progress: Progress = no_progress) -> PixelStore:
    """Some `count` of the task's training pictures, held or streamed as all of them are in a run's first epoch.

    Raises:
        DatasetError: most of them can't be read.
    """
    split = task.dataset.splits["train"]
    limit = None if stays_in_memory(split, task.preprocessing, task.device) else 0
    chosen = np.sort(epoch_order(task.config.seed, 0, len(split))[:count].numpy())
    return pixel_store(split.subset(chosen), task.preprocessing, task.device, progress, limit, cached=False)


class Trial:
    """Trains a task's network as a run does, on a sample of its pictures; the network must be nobody else's."""

    def __init__(self, task: Task, sample: PixelStore, control: Control) -> None:
        self.task, self.sample, self.control = task, sample, control
        self.updater = Updater(task, class_weights(task, sample))
        self.batch_size = min(task.recipe.batch_size, Plan(task.config, len(task.dataset.splits["train"])).usable)
        self._step = 0

    def batches(self, count: int) -> Iterator[Batch]:
        """`count` full batches of the sample's pictures, over and over again.

        Raises:
            CancelledError: stopped.
        """
        self.task.module.train()
        wanted, there = count * self.batch_size, len(self.sample)
        epochs = range(-(-wanted // there))
        order = torch.cat([epoch_order(self.task.config.seed, epoch, there) for epoch in epochs])[:wanted]
        for batch in self.sample.batches(order, self.batch_size):
            if self.control.stop_requested:
                raise CancelledError
            yield batch

    @property
    def is_held(self) -> bool:
        """Whether a run keeps all training pictures in memory."""
        return stays_in_memory(self.task.dataset.splits["train"], self.task.preprocessing, self.task.device)

    def update(self, batch: Batch, rate: float) -> Update:
        """Change the weights once; where memory runs out, in more and more parts.

        Raises:
            TrainingError: single pictures don't fit into memory either.
        """
        while (update := self._tried(batch, rate)) is None:
            free_memory(self.task.device)
            self.updater.parts = more_parts(self.updater.parts, len(batch[1]))
        self._step += 1
        return update

    def _tried(self, batch: Batch, rate: float) -> Update | None:
        """None where memory ran out; the exception, which keeps the update's tensors alive, ends here."""
        try:
            return self.updater.update(*batch, self._step, rate)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            self.updater.optimizer.zero_grad(set_to_none=True)
            return None
