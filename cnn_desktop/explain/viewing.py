"""Which layers of a model there are to look at, and everything they put out for a picture."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

import cnn_desktop.models.archs  # noqa: F401 - registers the architectures
from cnn_desktop.data.decoding import OpenedPicture
from cnn_desktop.data.pictures import normalize
from cnn_desktop.explain.activations import as_maps, feature_maps, find_layer
from cnn_desktop.models.architecture import architecture_of
from cnn_desktop.models.layer_words import describe
from cnn_desktop.models.layers import list_layers
from cnn_desktop.models.model import Model

_WITHOUT_VIEW = (nn.Flatten, nn.Dropout, nn.Identity)


@dataclass(frozen=True)
class ViewableLayer:
    """A layer whose output can be looked at: `shape` is C×H×W, or C for what has no extent."""

    name: str
    kind: str
    shape: tuple[int, ...]


def layers_to_view(model: Model) -> list[ViewableLayer]:
    """The layers that the architecture finds worth viewing, then the dense ones, in the order of the forward pass."""
    names = architecture_of(model).viewable(model.module)
    size = model.preprocessing
    for info in list_layers(model.module, (size.channels, size.height, size.width)):
        is_dense = len(info.output_shape) == 1 and not isinstance(find_layer(model.module, info.name), _WITHOUT_VIEW)
        if is_dense and info.name not in names:
            names.append(info.name)
    blank = torch.zeros(1, size.channels, size.height, size.width, device=_device(model))
    outputs = feature_maps(model.module, blank, names)
    return [ViewableLayer(name, _kind(model, name), _shape(model, name, outputs[name])) for name in names]


def all_maps(model: Model, picture: OpenedPicture, layers: list[str]) -> dict[str, np.ndarray]:
    """What each of `layers` puts out for `picture`, from one forward pass: float32 C×H×W, as torch computed it."""
    outputs = feature_maps(model.module, picture_batch(model, picture), layers)
    return {name: as_maps(output, find_layer(model.module, name)).numpy() for name, output in outputs.items()}


def picture_batch(model: Model, picture: OpenedPicture) -> torch.Tensor:
    """The picture as the model sees it: float32 1×C×H×W, on the device of its weights."""
    pixels = torch.from_numpy(picture.pixels(model.preprocessing)).unsqueeze(0)
    return normalize(pixels.to(_device(model)), model.preprocessing)


def _device(model: Model) -> torch.device:
    return next(model.module.parameters()).device


def _kind(model: Model, name: str) -> str:
    kind, detail = describe(find_layer(model.module, name))
    return f"{kind} {detail}".strip()


def _shape(model: Model, name: str, output: torch.Tensor) -> tuple[int, ...]:
    maps = tuple(as_maps(output, find_layer(model.module, name)).shape)
    return maps if maps[1:] != (1, 1) else maps[:1]
