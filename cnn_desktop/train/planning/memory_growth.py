"""How much memory an update takes at its peak."""

import contextlib
import threading
from collections.abc import Generator

import torch

from cnn_desktop.data.memory import memory_of_program
from cnn_desktop.train.updating import Updater

_LOOK_EVERY_SECONDS = 0.002


class MemoryGrowth:
    """What is taken within the block of `watched`, on top of what was there before.

    CUDA counts its own peak. Elsewhere it is the larger of two figures, either of which can be too small: by how much
    the program grew (it may have used memory that it had kept from before), and the sizes of gradients, optimizer
    state, average and of what the forward pass keeps for the backward pass (which leaves out what is needed briefly).
    """

    def __init__(self, updater: Updater) -> None:
        self.bytes = 0
        self._updater = updater
        self._kept: dict[int, int] = {}

    @contextlib.contextmanager
    def watched(self) -> Generator[None]:
        """Watch the block, which should update once."""
        device = self._updater.task.device
        if device.type == "cuda":
            before = torch.cuda.memory_allocated(device)
            torch.cuda.reset_peak_memory_stats(device)
            yield
            self.bytes = torch.cuda.max_memory_allocated(device) - before
            return
        with _ResidentPeak() as resident, torch.autograd.graph.saved_tensors_hooks(self._note, lambda kept: kept):
            yield
        self.bytes = max(resident.growth, self._known())

    def _note(self, kept: torch.Tensor) -> torch.Tensor:
        if not isinstance(kept, torch.nn.Parameter):
            self._kept[kept.untyped_storage().data_ptr()] = kept.untyped_storage().nbytes()
        return kept.detach()

    def _known(self) -> int:
        gradients = [parameter.grad for parameter in self._updater.task.module.parameters()]
        tensors = [*(gradient for gradient in gradients if gradient is not None), *self._updater.tensors().values()]
        return sum(tensor.nbytes for tensor in tensors) + sum(self._kept.values())


class _ResidentPeak:
    """Looks every two milliseconds how much main memory the program has; nothing where the system doesn't say."""

    growth = 0

    def __enter__(self) -> "_ResidentPeak":
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="resident peak", daemon=True)
        self._before = memory_of_program()
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        before = self._before
        while before is not None and not self._over.wait(_LOOK_EVERY_SECONDS):
            self.growth = max(self.growth, (memory_of_program() or before) - before)
