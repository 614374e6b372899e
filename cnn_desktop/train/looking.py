"""Showing the network while it is trained: computed between two steps, by the thread that trains."""

import time
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from cnn_desktop.core.errors import ImageError
from cnn_desktop.core.language import _
from cnn_desktop.data.dataset import SPLIT_NAMES
from cnn_desktop.data.decoding import OpenedPicture
from cnn_desktop.data.pictures import normalize
from cnn_desktop.explain.activations import as_maps, feature_maps, find_layer
from cnn_desktop.explain.filters import filters
from cnn_desktop.explain.recording import layers_of
from cnn_desktop.train.control import Control
from cnn_desktop.train.sight import Look, Sight
from cnn_desktop.train.task import Task
from cnn_desktop.train.updating import Updater

_SHARE = 0.01
"""Of training time that may go into it."""
_WHOLE = ""
"""The name of the network itself among its parts."""
_TRIED = 20
"""Pictures of a dataset, one of which can surely be read."""


@dataclass(frozen=True)
class _Pinned:
    pixels: np.ndarray
    name: str = ""
    problem: str = ""


class Looker:
    """Answers a `Look` with a `Sight` a few times a second, within a hundredth of the time; else does nothing.

    One picture runs through the network itself, in evaluation mode and float32: that takes less than copying the
    weights, and another thread would take the processors away from training. The network is what is measured on the
    validation part: the average of the weights, where one is kept. Weights, modes and random numbers stay as they are.
    """

    def __init__(self, task: Task, control: Control, updater: Updater) -> None:
        self.task, self.control, self.updater = task, control, updater
        self._layers: tuple[str, ...] | None = None
        self._first = next((name for name, part in task.module.named_modules() if isinstance(part, nn.Conv2d)), "")
        self._due = 0.0
        self._seen: tuple[Look, int] | None = None
        self._pinned: tuple[OpenedPicture | None, _Pinned] | None = None

    def look(self, step: int, epoch: float) -> None:
        """Answer the look that was asked for last, if it is time and there is anything new to see."""
        look, began = self.control.wanted_look, time.perf_counter()
        if look is None or self._seen == (look, step):
            return
        self._layers = _layers_with_maps(self.task) if self._layers is None else self._layers
        if not self._layers:
            return
        is_new = self._seen is None or self._seen[0] is not look
        if began < self._due and not is_new:
            return
        is_first, began = self._seen is None, time.perf_counter()
        self.control.show(self._sight(look, self._layers, step, epoch))
        self._seen = look, step
        cost = 0.0 if is_first else time.perf_counter() - began  # at first a pass takes longer than it will
        self._due = began + max(1 / look.per_second, cost / _SHARE)

    def finish(self, step: int, epoch: float) -> None:
        """Show the network as the last step left it, whenever it was shown before."""
        self._due = 0.0
        self.look(step, epoch)

    def _sight(self, look: Look, layers: tuple[str, ...], step: int, epoch: float) -> Sight:
        layer = look.layer if look.layer in layers else layers[0]
        pinned, module = self._pin(look.picture), self.task.module
        pixels = torch.from_numpy(pinned.pixels).unsqueeze(0).to(next(module.parameters()).device)
        with self.updater.averaged():
            outputs = feature_maps(module, normalize(pixels, self.task.preprocessing), [layer, _WHOLE])
            weights = filters(module, self._first) if self._first else None
        return Sight(
            step=step,
            epoch=epoch,
            filter_layer=self._first,
            filters=weights,
            layers=layers,
            layer=layer,
            maps=as_maps(outputs[layer], find_layer(module, layer)).numpy(),
            classes=self.task.dataset.classes,
            probabilities=outputs[_WHOLE][0].float().softmax(0).cpu().numpy(),
            pixels=pinned.pixels,
            picture=pinned.name,
            problem=pinned.problem,
        )

    def _pin(self, picture: OpenedPicture | None) -> _Pinned:
        """The picture as the network is given it; read once."""
        if self._pinned is None or self._pinned[0] is not picture:
            self._pinned = picture, self._read(picture)
        return self._pinned[1]

    def _read(self, picture: OpenedPicture | None) -> _Pinned:
        if picture is None:
            return self._of_dataset()
        try:
            return _Pinned(picture.pixels(self.task.preprocessing))
        except ImageError as error:
            own = self._of_dataset()
            return _Pinned(own.pixels, own.name, str(error))

    def _of_dataset(self) -> _Pinned:
        """The first picture of the validation split that can be read, or of another where there is none."""
        splits, classes = self.task.dataset.splits, self.task.dataset.classes
        for name in ("validation", *SPLIT_NAMES):
            split = splits.get(name)
            if split is None:
                continue
            for index in range(min(_TRIED, len(split))):
                try:
                    pixels = split.pixels(index, self.task.preprocessing)
                except ImageError:
                    continue
                text = _("{picture}, class {label}")
                return _Pinned(pixels, text.format(picture=split.name(index), label=classes[int(split.labels[index])]))
        size = self.task.preprocessing
        return _Pinned(np.zeros((size.channels, size.height, size.width), np.uint8))


def _layers_with_maps(task: Task) -> tuple[str, ...]:
    """The modules that give maps, in the order in which a picture meets them; one that runs often comes once."""
    names = (layer.module_name for layer in layers_of(task.model()) if len(layer.shape) == 3)
    return tuple(dict.fromkeys(name for name in names if name))
