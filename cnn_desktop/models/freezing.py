"""Keeping the first layers of a network as they are while the rest learns."""

from collections.abc import Iterator

from torch import nn

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import ngettext

_COUNTED = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)


class FrozenBatchNorm2d(nn.BatchNorm2d):
    """A batch norm that stays in eval mode whatever is said to the network around it, so that its statistics hold."""

    def train(self, mode: bool = True) -> "FrozenBatchNorm2d":
        """Stay in eval mode."""
        super().train(False)
        return self


def freezable(module: nn.Module) -> list[str]:
    """Dotted names of the layers that a person would count (conv, dense), from the input on.

    Norms aren't counted: each belongs to the layer before it, and is frozen with it.
    """
    return [name for name, layer in _in_order(module, "") if _is_counted(layer)]


def parameter_depths(module: nn.Module) -> list[tuple[nn.Parameter, int]]:
    """Every parameter once, with the number of counted layers before its own: 0 for those at the input."""
    depths: dict[nn.Parameter, int] = {}
    seen = 0
    for _name, layer in (*_in_order(module, ""), ("", module)):
        seen += _is_counted(layer)
        for parameter in layer.parameters(recurse=False):
            depths.setdefault(parameter, max(0, seen - 1))
    return list(depths.items())


def set_frozen(module: nn.Module, count: int) -> None:
    """Freeze the first `count` of `freezable(module)`, as `freeze_first` does, and let all others learn.

    Raises:
        ModelError: nothing would be left to train.
    """
    release(module)
    if count:
        freeze_first(module, count)


def freeze_first(module: nn.Module, count: int) -> None:
    """Freeze the first `count` of `freezable(module)`, with all that lies between them.

    Their parameters need no gradient any more, and batch norms among them keep their statistics.

    Raises:
        ModelError: nothing would be left to train.
    """
    counted = len(freezable(module))
    if count >= counted:
        raise ModelError(
            ngettext(
                "This network has {counted} layer with weights, so that none can be frozen.",
                "This network has {counted} layers with weights; freeze {most} at most, so that something can learn.",
                counted,
            ).format(counted=counted, most=counted - 1)
        )
    keep_first(module, count)


def release(module: nn.Module) -> None:
    """Let all of `module` learn."""
    for layer in module.modules():
        _thaw(layer)


def keep_first(module: nn.Module, count: int) -> None:
    """`freeze_first`, where it is known that something is left to train."""
    seen = 0
    for _name, layer in _in_order(module, ""):
        seen += _is_counted(layer)
        if seen > count:
            break
        if seen:
            _freeze(layer)


def _is_counted(layer: nn.Module) -> bool:
    return isinstance(layer, _COUNTED) and any(True for _parameter in layer.parameters(recurse=False))


def _freeze(layer: nn.Module) -> None:
    for parameter in layer.parameters(recurse=False):
        parameter.requires_grad_(False)
    if type(layer) is nn.BatchNorm2d:
        _become(layer, FrozenBatchNorm2d)
        layer.train()


def _thaw(layer: nn.Module) -> None:
    for parameter in layer.parameters(recurse=False):
        parameter.requires_grad_(True)
    if type(layer) is FrozenBatchNorm2d:
        _become(layer, nn.BatchNorm2d)


def _become(layer: nn.Module, kind: type[nn.BatchNorm2d]) -> None:
    """Another class for the same object: names, values and references to it stay as they are, and copies keep it."""
    layer.__class__ = kind


def _in_order(module: nn.Module, prefix: str) -> Iterator[tuple[str, nn.Module]]:
    """Every module below `module`, a block after its parts: what a block itself holds applies to their output."""
    for name, child in module.named_children():
        yield from _in_order(child, f"{prefix}{name}.")
        yield prefix + name, child
