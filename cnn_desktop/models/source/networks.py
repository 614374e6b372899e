"""Architectures as source: what builds the network, and what puts a fresh head on it."""

from cnn_desktop.models.architecture import Architecture, architectures
from cnn_desktop.models.source.bundle import Bundle
from cnn_desktop.models.source.definitions import source_of
from cnn_desktop.models.source.design import add_design
from cnn_desktop.models.source.layout import signature
from cnn_desktop.models.torchvision_architecture import TorchvisionArchitecture, take_channels

BUILD, NEW_HEAD, ADAPT = "build_network", "replace_head", "adapt"
"""What the functions are called in a script."""

_BASE = "base_{method}"
"""What an overridden method of a base class is called."""


def add_network(bundle: Bundle, architecture: Architecture, channels: int, size: tuple[int, int]) -> None:
    """Take in `build_network(classes, channels, size)`, which draws the same first weights as the program does.

    Args:
        bundle: what takes it in.
        architecture: a registered one, one of torchvision's, or a person's own.
        channels: what it will be called with.
        size: the same; (height, width).
    """
    bundle.need("from torch import nn")
    if architecture.design is not None:
        add_design(bundle, architecture.design, channels, size, BUILD)
    elif isinstance(architecture, TorchvisionArchitecture):
        _add_torchvision(bundle, architecture, channels, size)
    else:
        _add_method(bundle, architecture, type(architecture), "build", BUILD)


def can_be_empty(architecture: Architecture) -> bool:
    """Whether the network can be built without values, for weights that all come from a file."""
    return architecture.name in architectures or architecture.design is not None


def add_new_head(bundle: Bundle, architecture: Architecture) -> None:
    """Take in `replace_head(module, classes)`, which draws the same weights for new classes as the program does."""
    _add_method(bundle, architecture, type(architecture), "replace_head", NEW_HEAD)


def add_adaptation(bundle: Bundle, architecture: Architecture) -> None:
    """Take in `adapt(module, pictures)`, which computes a part of the network from normalised pictures."""
    _add_method(bundle, architecture, type(architecture), "adapt", ADAPT)


def _add_method(bundle: Bundle, architecture: Architecture, kind: type, method: str, name: str) -> None:
    """Take in a method as the function `name`, before it those of base classes that it calls."""
    owner = next(base for base in kind.__mro__ if method in vars(base))
    function = vars(owner)[method]
    if f"super().{method}(" in source_of(function):
        bases = owner.__mro__[1:]
        base = next(base for base in bases if method in vars(base))
        _add_method(bundle, architecture, base, method, _BASE.format(method=method))
    bundle.add_method(function, architecture, name)


def _add_torchvision(
    bundle: Bundle, architecture: TorchvisionArchitecture, channels: int, size: tuple[int, int]
) -> None:
    bundle.need("import torchvision")
    options = "".join(f", {option}={value!r}" for option, value in architecture.options(channels, size).items())
    made = f"torchvision.models.{architecture.name}(num_classes=classes{options})"
    changes: list[str] = []
    if channels != 3:
        bundle.add(take_channels)
        changes.append("    take_channels(network, channels)")
    if type(architecture).adjust is not TorchvisionArchitecture.adjust:
        bundle.add_method(type(architecture).adjust, architecture, "adjust")
        changes.append("    adjust(network, classes)")
    body = [f"    network = {made}", *changes, "    return network"] if changes else [f"    return {made}"]
    head = signature(BUILD, ["classes: int", "channels: int", "size: tuple[int, int]"], "nn.Module")
    bundle.write(BUILD, "\n".join([*head, f'    """torchvision\'s {architecture.title}."""', *body]))
