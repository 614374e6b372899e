"""A picture in, the best classes out."""

import threading
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.data.decoding import OpenedPicture
from cnn_desktop.data.pictures import normalize
from cnn_desktop.models.device import ComputePrecision, autocast, choose_device, choose_precision
from cnn_desktop.models.model import Model


@dataclass(frozen=True)
class Guess:
    """A class and how probable the model finds it, 0…1."""

    label: str
    probability: float


class Classifier:
    """A model on a device, ready to answer; it may be asked from any thread.

    Raises:
        ModelError: the device asked for isn't there.
    """

    def __init__(self, model: Model, device: str = "auto", precision: str = "fp32") -> None:
        self.model = model
        self.device = choose_device(device)
        self.precision: ComputePrecision = choose_precision(precision, self.device)
        self._module = _placed(model.module, self.device).eval()

    @property
    def title(self) -> str:
        """What a person calls the model."""
        return self.model.title

    @property
    def classes(self) -> tuple[str, ...]:
        """The class names, in the order of the model's outputs."""
        return self.model.classes

    def predict(self, picture: OpenedPicture, top: int = 10) -> tuple[Guess, ...]:
        """The `top` best classes of one picture, best first.

        Raises:
            ModelError: the network's answer isn't a number.
        """
        pixels = np.ascontiguousarray(picture.pixels(self.model.preprocessing))
        return self.best(self.probabilities(torch.from_numpy(pixels).unsqueeze(0)), top)[0]

    def logits(self, pixels: torch.Tensor) -> torch.Tensor:
        """What the network says before softmax: uint8 N×C×H×W to float32 N×classes, on the classifier's device."""
        batch = pixels.to(self.device, memory_format=torch.channels_last)
        with torch.inference_mode(), autocast(self.device, self.precision):
            return self._module(normalize(batch, self.model.preprocessing)).float()

    def probabilities(self, pixels: torch.Tensor) -> torch.Tensor:
        """Class probabilities: uint8 N×C×H×W to float32 N×classes, on the CPU.

        Raises:
            ModelError: the network's answer isn't a number (a top k over NaN would succeed silently).
        """
        probabilities = self.logits(pixels).softmax(dim=1).cpu()
        if not torch.isfinite(probabilities).all():
            text = _(
                "“{title}” answers with something that is no number: its weights are damaged or training diverged."
            )
            raise ModelError(text.format(title=self.title))
        return probabilities

    def best(self, probabilities: torch.Tensor, top: int) -> list[tuple[Guess, ...]]:
        """The `top` best classes of each row of `probabilities` (N×classes), best first; equal ones in class order."""
        order = probabilities.argsort(dim=1, descending=True, stable=True)[:, :top]
        values = probabilities.gather(1, order)
        return [
            tuple(Guess(self.classes[index], value) for index, value in zip(row, shares, strict=True))
            for row, shares in zip(order.tolist(), values.tolist(), strict=True)
        ]


_placing = threading.Lock()


def _placed(module: nn.Module, device: torch.device) -> nn.Module:
    """`module` on `device`, its kernels in channels_last, which convolutions read faster.

    Its tensors are replaced only where they must be, and by one thread at a time: replaced under a forward pass of
    another classifier of the same model, they would make that one answer nonsense.
    """
    with _placing:
        if not all(_is_placed(tensor, device) for tensor in (*module.parameters(), *module.buffers())):
            module.to(device).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    return module


def _is_placed(tensor: torch.Tensor, device: torch.device) -> bool:
    is_there = tensor.device.type == device.type and device.index in (None, tensor.device.index)
    return is_there and (tensor.ndim != 4 or tensor.is_contiguous(memory_format=torch.channels_last))
