"""A picture in, the best classes out."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.data.decoding import OpenedPicture
from cnn_desktop.data.pictures import normalize
from cnn_desktop.models.described import identity
from cnn_desktop.models.device import ComputePrecision, choose_device, choose_precision, dtype_of
from cnn_desktop.models.model import Model
from cnn_desktop.models.precision_memory import PrecisionChoice
from cnn_desktop.models.rewriting import answering_copy
from cnn_desktop.predict.precision import ForwardStopwatch, measured_precision

_PIXELS_AT_ONCE = 8 * 224 * 224
"""What a processor is given of a larger batch at a time: with more, the maps between layers don't stay in its caches.

MobileNetV2 took 13.4 ms a picture in fp32 for 8 at once, 18.9 ms for 32, 15.8 ms for one; in bf16 7.4, 8.3 and 12.5 ms.
"""


@dataclass(frozen=True, slots=True)
class Guess:
    """A class and how probable the model finds it, 0…1."""

    label: str
    probability: float


class Classifier:
    """A model on a device, ready to answer; it may be asked from any thread.

    Args:
        model: stays as it is; what answers is a copy of its layers, rewritten to be fast.
        device: as for `choose_device`.
        precision: `fp32`, `bf16`, or `auto` for what was measured to be worth it (a second, once for each network).
        mirrored: ask about each picture and its mirror image, and answer with the mean of both logits: twice the work.

    Raises:
        ModelError: the device asked for isn't there.
        BadInputError: no device or precision has that name.
    """

    def __init__(self, model: Model, device: str = "auto", precision: str = "fp32", *, mirrored: bool = False) -> None:
        self.model = model
        self.mirrored = mirrored
        self.device = choose_device(device)
        self._modules: dict[ComputePrecision, nn.Module] = {}
        choice = self._chosen(precision)
        self.precision: ComputePrecision = choice.precision
        self.precision_reason = choice.reason
        """Which one and why, as a sentence."""
        self.module = self._module_in(choice.precision)
        """The network that answers: float N×C×H×W of the precision's type to N×classes."""
        self._modules.clear()

    @property
    def title(self) -> str:
        """What a person calls the model, and how it is asked where that isn't as usual."""
        text = _("{title}, mirror images averaged")
        return text.format(title=self.model.title) if self.mirrored else self.model.title

    @property
    def classes(self) -> tuple[str, ...]:
        """The class names, in the order of the model's outputs."""
        return self.model.classes

    def predict(self, picture: OpenedPicture, top: int = 10) -> tuple[Guess, ...]:
        """The `top` best classes of one picture, best first.

        Raises:
            ImageError: the picture's file turns out to be damaged.
            ModelError: the network's answer isn't a number.
        """
        pixels = np.ascontiguousarray(picture.pixels(self.model.preprocessing))
        return self.best(self.probabilities(torch.from_numpy(pixels).unsqueeze(0)), top)[0]

    def logits(self, pixels: torch.Tensor) -> torch.Tensor:
        """What the network says before softmax: uint8 N×C×H×W to float32 N×classes, on the classifier's device."""
        height, width = pixels.shape[2:]
        at_once = max(1, _PIXELS_AT_ONCE // (height * width)) if self.device.type == "cpu" else max(1, len(pixels))
        with torch.inference_mode():
            return torch.cat([self._answered(part) for part in pixels.split(at_once)])

    def _answered(self, pixels: torch.Tensor) -> torch.Tensor:
        batch = pixels.to(self.device, memory_format=torch.channels_last)
        batch = normalize(batch, self.model.preprocessing).to(dtype_of(self.precision))
        answers = self.module(batch).float()
        return (answers + self.module(batch.flip(3)).float()) / 2 if self.mirrored else answers

    def probabilities(self, pixels: torch.Tensor) -> torch.Tensor:
        """Class probabilities, by the model's temperature: uint8 N×C×H×W to float32 N×classes, on the CPU.

        Raises:
            ModelError: the network's answer isn't a number (a top k over NaN would succeed silently).
        """
        probabilities = (self.logits(pixels) / self.model.temperature).softmax(dim=1).cpu()
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

    def _chosen(self, precision: str) -> PrecisionChoice:
        if precision != "auto":
            asked = choose_precision(precision, self.device)
            return PrecisionChoice(asked, _("{precision}, as asked for.").format(precision=asked))
        seen = self.model.preprocessing
        shape = seen.channels, seen.height, seen.width
        return measured_precision(
            identity(self.model), shape, self.device, lambda: ForwardStopwatch(self._module_in, shape, self.device)
        )

    def _module_in(self, precision: ComputePrecision) -> nn.Module:
        if precision not in self._modules:
            self._modules[precision] = answering_copy(self.model.module, self.device, dtype_of(precision))
        return self._modules[precision]
