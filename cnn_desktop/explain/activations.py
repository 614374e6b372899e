"""What the layers of a network put out for one picture."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

import torch
from torch import nn

from cnn_desktop.core.errors import ModelError, listed
from cnn_desktop.core.language import _


def feature_maps(module: nn.Module, batch: torch.Tensor, layers: Sequence[str]) -> dict[str, torch.Tensor]:
    """Run `batch` through `module` once and return the output of each of `layers`, in the order asked for.

    The outputs are copies taken the moment a layer returns, so that an in-place layer after it changes nothing. A
    layer that the network uses more than once gives its last output. The module is in eval mode meanwhile and is left
    as it was: modes restored, hooks removed, also when the forward pass raises.

    Args:
        module: any network; several threads may ask the same one, each gets its own answer.
        batch: float N×C×H×W, preprocessed, on the module's device.
        layers: dotted names, as in `module.named_modules()`.

    Raises:
        ModelError: a name that the network doesn't have, a layer that was not used, or whose output isn't a tensor.
    """
    targets = {name: find_layer(module, name) for name in layers}
    recorded: dict[str, torch.Tensor] = {}
    with _evaluating(module), _hooks(targets, recorded), torch.inference_mode():
        module(batch)
    unused = [name for name in targets if name not in recorded]
    if unused:
        raise ModelError(_("The network has “{layer}” but did not use it for this picture.").format(layer=unused[0]))
    return {name: recorded[name] for name in targets}


def as_maps(output: torch.Tensor, layer: nn.Module) -> torch.Tensor:
    """One picture's maps out of a layer's output: C×H×W, on the CPU, float32; values as they are.

    A dense layer's N×C becomes C×1×1. Layers that work on N×H×W×C (the inside of a ConvNeXt block) are turned around.
    """
    first = output[0].detach().cpu().float()
    if first.ndim == 1:
        return first.reshape(-1, 1, 1)
    if isinstance(layer, nn.Linear) or type(layer) is nn.LayerNorm:
        first = first.movedim(-1, 0)
    return first.reshape(first.shape[0], -1, first.shape[-1]).contiguous()


def find_layer(module: nn.Module, name: str) -> nn.Module:
    """The part of `module` with the dotted name `name`.

    Raises:
        ModelError: there is none; the message lists near names.
    """
    known = dict(module.named_modules())
    if name in known:
        return known[name]
    near = get_close_matches(name, [known_name for known_name in known if known_name], n=3, cutoff=0.4)
    if near:
        text = _("The network has no layer “{name}”; did you mean {near}?")
        raise ModelError(text.format(name=name, near=listed(near)))
    text = _("The network has no layer “{name}”; there are {all}.")
    raise ModelError(text.format(name=name, all=listed(known_name for known_name in known if known_name)))


@contextlib.contextmanager
def _evaluating(module: nn.Module) -> Iterator[None]:
    modes = [(part, part.training) for part in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for part, training in modes:
            part.training = training


@contextlib.contextmanager
def _hooks(targets: dict[str, nn.Module], recorded: dict[str, torch.Tensor]) -> Iterator[None]:
    # A forward pass that another thread runs through the same module triggers these hooks too.
    owner = threading.get_ident()

    def keep(name: str) -> Callable[[nn.Module, Any, Any], None]:
        def hook(_module: nn.Module, _inputs: Any, output: Any) -> None:
            if threading.get_ident() != owner:
                return
            if not isinstance(output, torch.Tensor):
                raise ModelError(_("The layer “{name}” puts out no tensor that could be shown.").format(name=name))
            recorded[name] = output.detach().clone()

        return hook

    with contextlib.ExitStack() as handles:
        for name, layer in targets.items():
            handles.callback(layer.register_forward_hook(keep(name)).remove)
        yield
