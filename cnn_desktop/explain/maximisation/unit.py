"""A unit of a network, and how much a picture excites it."""

import contextlib
from dataclasses import dataclass

import torch
from torch import nn

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.data.pictures import normalize
from cnn_desktop.explain.activations import find_layer
from cnn_desktop.explain.independence import independent
from cnn_desktop.explain.recording import Recording
from cnn_desktop.models.model import Model

_NEVER_FALLING = (nn.ReLU, nn.ReLU6, nn.Softplus, nn.Sigmoid, nn.Hardsigmoid, nn.Tanh, nn.LeakyReLU, nn.ELU)
"""Activations that put out more, or as much, where they get more."""


@dataclass(frozen=True)
class Unit:
    """What is to be excited: a channel on average over its places, one of its cells, or a class."""

    layer: str
    """Dotted name of the module; empty: the network itself, whose channels are the classes' logits."""
    channel: int
    cell: tuple[int, int] | None = None
    """Row and column; None: the mean of all."""
    use: int = 1
    """Which of the module's uses in a forward pass, counted from 1."""
    axis: int = 1
    """Of the tensor, its batch included: along which the channels lie."""
    is_input: bool = False
    """What the module is given is meant, instead of what it gives."""


def unit_of(recording: Recording, name: str, channel: int, cell: tuple[int, int] | None = None) -> Unit:
    """The unit whose numbers the operation called `name` gives; of a softmax at the end, the logit of the class.

    Raises:
        ModelError: there is no such operation, or no module that gives or takes its output.
    """
    operations = recording.operations
    found = recording.operation(name)
    if found.name in (recording.output, list(operations)[-1]):
        return Unit("", channel)
    axis = found.axes.channel
    if axis is None:
        raise ModelError(_no_channels(name))
    if found.module_name:
        return Unit(found.module_name, channel, cell, found.use, axis)
    for part, end in recording.blocks.items():
        if end == found.name:
            return Unit(part, channel, cell, 1, axis)
    for later in operations.values():
        if later.module_name and later.inputs == (found.name,):
            return Unit(later.module_name, channel, cell, later.use, axis, is_input=True)
    text = _("“{layer}” is a step inside a larger part of the network, which can’t be excited alone: choose the next.")
    raise ModelError(text.format(layer=name))


def _no_channels(layer: str) -> str:
    return _("The layer “{layer}” puts out no channels that could be excited one by one.").format(layer=layer)


class _ReachedError(Exception):
    """The unit's layer has put something out: the rest of the network need not be computed."""


class Watch:
    """Asks a network about one unit; gradients reach the batch. Close it when done.

    Args:
        module: nobody else's; a hook stays on it until `close`.
        unit: of a layer that puts out N×C, N×C×H×W, or tokens.
        is_steep: before an activation that never falls, where its input has a gradient though its output is flat; what
            excites the one excites the other.

    Raises:
        ModelError: the network has no such layer.
    """

    def __init__(self, module: nn.Module, unit: Unit, *, is_steep: bool = False) -> None:
        self._module, self._unit = module, unit
        self._layer = find_layer(module, unit.layer)
        self._uses = 0
        self._value: torch.Tensor | None = None
        if unit.is_input or (is_steep and isinstance(self._layer, _NEVER_FALLING)):
            self._handle = self._layer.register_forward_pre_hook(lambda _layer, inputs: self._take(inputs[0]))
        else:
            self._handle = self._layer.register_forward_hook(lambda _layer, _inputs, output: self._take(output))

    def __call__(self, batch: torch.Tensor) -> torch.Tensor:
        """How much each of a preprocessed N×C×H×W batch excites the unit: float N.

        Raises:
            ModelError: the layer was not used so often, or puts out nothing that has such a channel or cell.
        """
        self._uses, self._value = 0, None
        with contextlib.suppress(_ReachedError):
            self._module(batch)
        if self._value is None:
            raise ModelError(_("The network did not use “{layer}” for this picture.").format(layer=self._unit.layer))
        return self._value

    def close(self) -> None:
        """Take the hook away."""
        self._handle.remove()

    def _take(self, output: object) -> None:
        self._uses += 1
        if self._uses == self._unit.use:
            # At once: what comes next may overwrite it in place.
            self._value = self._chosen(output)
            raise _ReachedError

    def _chosen(self, output: object) -> torch.Tensor:
        unit = self._unit
        if not isinstance(output, torch.Tensor) or output.ndim < 2:
            raise ModelError(_no_channels(unit.layer))
        channels = output.movedim(unit.axis, 1)
        if not unit.channel < channels.shape[1]:
            text = _("The layer “{layer}” has {count} channels: there is no {channel}, counted from 0.")
            raise ModelError(text.format(layer=unit.layer, count=channels.shape[1], channel=unit.channel))
        places = channels[:, unit.channel].clone()
        places = places.reshape(len(places), -1, places.shape[-1] if places.ndim > 1 else 1)
        if unit.cell is None:
            return places.mean(dim=(1, 2))
        row, column = unit.cell
        height, width = places.shape[1:]
        if not (row < height and column < width):
            text = _("A map of “{layer}” has {height}×{width} cells: there is no ({row}, {column}), counted from 0.")
            raise ModelError(text.format(layer=unit.layer, height=height, width=width, row=row, column=column))
        return places[:, row, column]


def excitement(model: Model, unit: Unit, pixels: torch.Tensor) -> torch.Tensor:
    """How much each picture excites the unit: uint8 N×C×H×W, as `model.preprocessing` gives them, to float32 N, CPU.

    Raises:
        ModelError: the network has no such unit.
    """
    module = independent(model.module)
    watch = Watch(module, unit)
    device = next(module.parameters()).device
    try:
        with torch.inference_mode():
            return watch(normalize(pixels.to(device), model.preprocessing)).float().cpu()
    finally:
        watch.close()
