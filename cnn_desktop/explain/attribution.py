"""Which parts of a picture speak for a class: attributions, by captum.

Each method runs a copy of the network that shares its numbers, in evaluation mode and float32: hooks and gradients of
one question touch neither the module that others ask nor another question.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.data.pictures import normalize
from cnn_desktop.explain.activations import find_layer
from cnn_desktop.explain.attribution_layer import attribution_layer
from cnn_desktop.models.model import Model


@dataclass(frozen=True)
class Attribution:
    """How much each part of what the network received speaks for a class."""

    map: np.ndarray
    """float32 h×w, 0…1 of the strongest part; coarser than the picture where it comes from inside the network."""
    layer: str = ""
    """The layer whose maps were weighed; empty where the method looks at pixels."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing speaks for the class."""
        return not self.map.any()


def grad_cam(model: Model, pixels: torch.Tensor, class_index: int, layer: str | None = None) -> Attribution:
    """Grad-CAM: a layer's maps, weighed by how much the class's logit rises with each on average, added up.

    What speaks against the class is left out, and the rest is divided by its largest value. Of two classes, it is the
    difference of their logits that counts: networks may hold one of them still. Selvaraju et al., 2017, “Grad-CAM:
    Visual Explanations from Deep Networks via Gradient-based Localization”.

    Args:
        model: any; it may be answering in other threads meanwhile.
        pixels: uint8 1×C×H×W, as its preprocessing gives them.
        class_index: the place of the class in `model.classes`.
        layer: dotted name of a layer with maps; None chooses `attribution_layer`.

    Raises:
        ModelError: the network keeps no maps, or has no such layer, or one without maps.
    """
    from captum.attr import LayerGradCam  # noqa: PLC0415  slow

    name = attribution_layer(model) if layer is None else layer
    module = independent(model.module)
    batch = normalize(pixels.to(next(module.parameters()).device), model.preprocessing)
    method = LayerGradCam(_answer_of(module, len(model.classes)), find_layer(module, name))
    weighed: Any = method.attribute(batch, class_index, relu_attributions=True)
    if not isinstance(weighed, torch.Tensor) or weighed.ndim != 4:
        raise ModelError(_("The layer “{layer}” gives no maps that could be laid over a picture.").format(layer=name))
    return Attribution(_as_shares(weighed.detach()[0, 0].cpu().numpy()), name)


def _answer_of(module: nn.Module, classes: int) -> Callable[[torch.Tensor], torch.Tensor]:
    """What the network says to a batch, N×classes, so that a class with more of it is more probable."""

    def difference(batch: torch.Tensor) -> torch.Tensor:
        logits = module(batch)
        return logits - logits.flip(1)

    return difference if classes == 2 else module


def independent(module: nn.Module) -> nn.Module:
    """A copy of `module` in evaluation mode, without hooks, whose tensors are float32 and share the same memory.

    Tensors of another type are copied. Whoever replaces a tensor of `module` meanwhile leaves the copy as it was.
    """
    shared: dict[int, Any] = {}
    for tensor in (*module.parameters(), *module.buffers()):
        alias = tensor.detach()
        alias = alias.float() if alias.is_floating_point() else alias
        if alias.is_inference():  # autograd refuses those
            alias = alias.clone()
        is_parameter = isinstance(tensor, nn.Parameter)
        shared[id(tensor)] = nn.Parameter(alias, requires_grad=False) if is_parameter else alias
    alike = copy.deepcopy(module, shared)
    for part in alike.modules():
        part._forward_hooks.clear()
        part._forward_pre_hooks.clear()
    return alike.eval()


def _as_shares(values: np.ndarray) -> np.ndarray:
    largest = float(np.max(values, initial=0.0, where=np.isfinite(values)))
    if largest <= 0:
        return np.zeros(values.shape, np.float32)
    return np.clip(np.nan_to_num(values) / largest, 0, 1).astype(np.float32)
