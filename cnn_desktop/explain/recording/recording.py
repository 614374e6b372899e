"""Everything that a network computed for one picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import torch

from cnn_desktop.core.errors import ModelError, listed
from cnn_desktop.core.language import _
from cnn_desktop.explain.recording.axes import usual_axes
from cnn_desktop.explain.recording.operation import Operation, Places

INPUT = "input"
"""What operations call the picture where they take it."""


@dataclass(frozen=True)
class Recording:
    """One pass through a network; of a batch, the first picture is shown."""

    operations: Mapping[str, Operation]
    """By name, in the order in which they ran."""
    blocks: Mapping[str, str]
    """Which operation gives what a larger part of the network gives: “layer1.0” → “layer1.0.relu (2)”."""
    input: torch.Tensor
    """Float N×C×H×W, as the network was given it."""
    output: str
    """The operation that gives the logits."""

    def operation(self, name: str) -> Operation:
        """The operation called `name`, or the one that ends the part of the network called so.

        Raises:
            ModelError: there is none; the message lists near names.
        """
        found = self.operations.get(name) or self.operations.get(self.blocks.get(name, ""))
        if found is not None:
            return found
        known = [*self.operations, *self.blocks]
        if near := get_close_matches(name, known, n=3, cutoff=0.4):
            text = _("The network has no layer “{name}”; did you mean {near}?")
            raise ModelError(text.format(name=name, near=listed(near)))
        text = _("The network has no layer “{name}”; there are {all}.")
        raise ModelError(text.format(name=name, all=listed(known)))

    def taken(self, name: str) -> torch.Tensor:
        """What an operation that takes `name` was given: that one's output, or the picture.

        Raises:
            ModelError: there is no such operation.
        """
        return self.input if name == INPUT else self.operation(name).output

    def places(self, name: str) -> Places:
        """Where the numbers of an operation's output stand, or those of the picture.

        Raises:
            ModelError: there is no such operation.
        """
        if name == INPUT:
            return Places(tuple(self.input.shape), usual_axes(self.input.ndim))
        return self.operation(name).places

    def maps(self, name: str) -> np.ndarray:
        """What the operation gave for the first picture: float32 C×H×W, the numbers that torch computed.

        What has no extent is C×1×1; rows of tokens are C×1×tokens. It may share the recording's memory: don't write.

        Raises:
            ModelError: there is no such operation.
        """
        return _maps(self.operation(name)).numpy()

    @property
    def logits(self) -> torch.Tensor:
        """What the network answers, float32, one number a class, on the CPU."""
        return _maps(self.operations[self.output]).flatten()

    @property
    def probabilities(self) -> torch.Tensor:
        """The logits after the softmax at the end."""
        *_others, last = self.operations.values()
        return _maps(last).flatten()


def maps_of(operation: Operation) -> torch.Tensor:
    """What an operation gave for every picture of the batch: N×C×H×W, of the output's type, on its device."""
    values, places = operation.output.detach(), operation.places
    if places.axes.row is not None:
        order = [axis for axis in places.axes if axis is not None]
        values = values.permute(0, *order, *(axis for axis in range(1, values.ndim) if axis not in order))
    elif places.axes.channel:
        values = values.movedim(places.axes.channel, 1)
    return values.reshape(len(values), places.channels, *places.extent)


def _maps(operation: Operation) -> torch.Tensor:
    return maps_of(operation)[0].float().cpu()
