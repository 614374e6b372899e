"""Figures of a run: gathered on the device, read on a time budget."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.batches import PixelStore
from cnn_desktop.data.memory import memory_of_program
from cnn_desktop.data.pictures import normalize
from cnn_desktop.models.device import ComputePrecision, autocast
from cnn_desktop.train.shortage import do_without_broken_onednn, free_memory, is_out_of_memory, more_parts
from cnn_desktop.train.updating import Update

READ_EVERY_SECONDS = 0.1
_EVALUATION_PIXELS = 4_000_000


@dataclass(frozen=True)
class Figures:
    """Mean loss, and the share of right answers, over `count` pictures."""

    loss: float
    accuracy: float
    count: int


class StepFigures:
    """Losses and hits of single steps, left on the device until it is time to read them."""

    def __init__(self) -> None:
        self._pending: list[torch.Tensor] = []
        self._sizes: list[int] = []
        self._norm: torch.Tensor | None = None
        self._read_at = time.perf_counter()

    def add(self, update: Update) -> None:
        """Note what an update found."""
        self._pending.append(torch.stack((update.loss.detach().float(), update.hits.float())))
        self._sizes.append(update.count)
        self._norm = self._norm if update.gradient_norm is None else update.gradient_norm

    def __bool__(self) -> bool:
        return bool(self._pending)

    @property
    def is_due(self) -> bool:
        """Whether the device should be asked for the figures after the coming step, or now."""
        return time.perf_counter() - self._read_at >= READ_EVERY_SECONDS

    def read(self) -> tuple[list[float], list[int], list[int], float | None]:
        """Losses, hits and sizes of the steps since the last reading, and the last norm; waits for the device."""
        values = torch.stack(self._pending).tolist()
        norm, self._norm = None if self._norm is None else self._norm.item(), None
        sizes, self._pending, self._sizes = self._sizes, [], []
        self._read_at = time.perf_counter()
        return [loss for loss, _hits in values], [round(hits) for _loss, hits in values], sizes, norm


def memory_in_use(device: torch.device) -> int | None:
    """Bytes that torch holds on a GPU, or that the program has in main memory; None where that can't be told."""
    match device.type:
        case "cuda":
            return torch.cuda.memory_allocated(device)
        case "mps":
            return torch.mps.current_allocated_memory()
        case _:
            return memory_of_program()


def evaluation_batch(preprocessing: Preprocessing) -> int:
    """How many pictures are measured at once."""
    return max(1, min(1024, _EVALUATION_PIXELS // (preprocessing.height * preprocessing.width)))


def evaluate(
    module: nn.Module,
    store: PixelStore,
    preprocessing: Preprocessing,
    precision: ComputePrecision,
    should_stop: Callable[[], bool],
) -> Figures | None:
    """Loss and accuracy of `module` over a whole split, in evaluation mode; None when stopped on the way."""
    module.eval()
    device = store.labels.device
    batch_size = evaluation_batch(preprocessing)
    totals = torch.zeros(2, dtype=torch.float64) if device.type != "mps" else torch.zeros(2)
    totals = totals.to(device)
    count, parts = 0, 1

    def forward(pixels: torch.Tensor) -> torch.Tensor:
        with autocast(device, precision):
            return module(normalize(pixels, preprocessing)).float()

    with torch.inference_mode():
        for pixels, labels in store.batches(None, batch_size):
            if should_stop():
                return None
            logits, parts = _in_parts_that_fit(forward, pixels, parts)
            totals[0] += functional.cross_entropy(logits, labels, reduction="sum")
            totals[1] += (logits.argmax(1) == labels).sum()
            count += len(labels)
    loss, hits = totals.tolist()
    return Figures(loss / max(1, count), hits / max(1, count), count)


def _in_parts_that_fit(
    forward: Callable[[torch.Tensor], torch.Tensor], pixels: torch.Tensor, parts: int
) -> tuple[torch.Tensor, int]:
    """What `forward` answers for all of `pixels`, in so many parts, or more where memory runs out; and how many.

    Raises:
        TrainingError: memory doesn't suffice for a single picture.
    """
    while (answers := _answers(forward, pixels, parts)) is None:
        free_memory(pixels.device)
        parts = more_parts(parts, len(pixels))
    return answers, parts


def _answers(forward: Callable[[torch.Tensor], torch.Tensor], pixels: torch.Tensor, parts: int) -> torch.Tensor | None:
    """None where memory ran out: the exception, which would keep tensors alive, ends here."""
    try:
        return torch.cat([forward(part) for part in pixels.tensor_split(min(parts, len(pixels)))])
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        do_without_broken_onednn(error)
        return None
