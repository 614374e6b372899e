"""A moving average of the weights, which often predicts better than the weights themselves."""

import contextlib
from collections.abc import Generator

import torch
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


class WeightAverage:
    """An exponential moving average of all weights and statistics of a module (Polyak and Juditsky 1992).

    It forgets faster in the first steps, when the weights still say little: after `step` updates it keeps at most
    (1 + step) / (10 + step), so that it is a function of the steps alone.
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay = decay
        self._module = module
        self._names = [name for name, tensor in module.state_dict().items() if tensor.is_floating_point()]
        self._current = self._tensors_of_module()
        self._average = [tensor.detach().clone() for tensor in self._current]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the weights after update number `step`, counted from 1."""
        decay = min(self.decay, (1 + step) / (10 + step))
        get_ema_multi_avg_fn(decay)(self._average, [tensor.detach() for tensor in self._current], step)

    @contextlib.contextmanager
    def in_place(self) -> Generator[None]:
        """Let the module compute with the average within the block."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    def tensors(self) -> dict[str, torch.Tensor]:
        """The average by the names of the module's `state_dict`."""
        return dict(zip(self._names, self._average, strict=True))

    def load(self, tensors: dict[str, torch.Tensor]) -> None:
        """Go on from what `tensors` gave."""
        for name, average in zip(self._names, self._average, strict=True):
            average.copy_(tensors[name])

    def move_to(self, device: torch.device) -> None:
        """Keep the average on `device`, where the module is already; its statistics are other objects there."""
        self._current = self._tensors_of_module()
        self._average = [average.to(device) for average in self._average]

    def _tensors_of_module(self) -> list[torch.Tensor]:
        tensors = {**dict(self._module.named_parameters()), **dict(self._module.named_buffers())}
        return [tensors[name] for name in self._names]

    def _swap(self) -> None:
        for place, current in enumerate(self._current):
            current.data, self._average[place] = self._average[place], current.data
