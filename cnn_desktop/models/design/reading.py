"""A network that is a plain stack, as a design to start from."""

from collections.abc import Iterator
from functools import cache

from torch import nn

from cnn_desktop.core.design import (
    Activation,
    ActivationName,
    BatchNorm,
    Convolution,
    Dense,
    Design,
    Dropout,
    Flatten,
    GlobalPool,
    Layer,
    Padding,
    Pool,
    Residual,
)
from cnn_desktop.models.architecture import Architecture, architectures
from cnn_desktop.models.design.building import ResidualBlock
from cnn_desktop.models.torchvision_architecture import TorchvisionArchitecture
from cnn_desktop.models.weightless import weightless

_ACTIVATIONS: dict[type[nn.Module], ActivationName] = {
    nn.ReLU: "relu",
    nn.LeakyReLU: "leaky_relu",
    nn.GELU: "gelu",
    nn.SiLU: "silu",
    nn.Tanh: "tanh",
    nn.Sigmoid: "sigmoid",
}
_MANY = 10
"""Classes: for two, some tutorials have a layer of their own."""


def plain_architectures() -> list[Architecture]:
    """The registered architectures that are plain stacks; torchvision's are classes of their own."""
    ours = [architectures[name] for name in architectures]
    ours = [architecture for architecture in ours if not isinstance(architecture, TorchvisionArchitecture)]
    return [architecture for architecture in ours if design_of(architecture) is not None]


@cache
def design_of(architecture: Architecture) -> Design | None:
    """The layers of `architecture` as a design; None where it isn't layers one after the other, of the kinds known."""
    side = architecture.preferred_size
    with weightless():
        network = architecture.build(_MANY, 3, (side, side))
    if type(network) is not nn.Sequential:
        return None
    layers = [_layer(module) for module in network]
    if not isinstance(layers[-1], Dense) or not all(layers):
        return None
    return Design(
        name=architecture.name,
        title=architecture.title,
        layers=tuple(layer for layer in layers[:-1] if layer is not None),
        side=side,
    )


def _layer(module: nn.Module) -> Layer | None:  # noqa: PLR0911 - one a kind
    match module:
        case nn.Conv2d() if type(module) is nn.Conv2d:
            return _convolution(module)
        case nn.BatchNorm2d() | nn.BatchNorm1d():
            return BatchNorm()
        case nn.MaxPool2d() | nn.AvgPool2d():
            return _pool(module)
        case nn.AdaptiveAvgPool2d() | nn.AdaptiveMaxPool2d() if module.output_size == 1:
            return GlobalPool(function="mean" if isinstance(module, nn.AdaptiveAvgPool2d) else "max")
        case nn.ZeroPad2d():
            left, right, top, bottom = module.padding
            return Padding(left=left, right=right, top=top, bottom=bottom)
        case nn.Dropout():
            return Dropout(share=module.p)
        case nn.Flatten():
            return Flatten()
        case nn.Linear():
            return Dense(outputs=module.out_features, bias=module.bias is not None)
        case ResidualBlock():
            return Residual()
        case _:
            function = _ACTIVATIONS.get(type(module))
            return Activation(function=function) if function else None


def _convolution(module: nn.Conv2d) -> Layer | None:
    sides = _squares(module.kernel_size, module.stride, module.padding, module.dilation)
    if sides is None:
        return None
    kernel, stride, padding, dilation = sides
    return Convolution(
        filters=module.out_channels,
        kernel=kernel,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=module.groups,
        bias=module.bias is not None,
    )


def _pool(module: nn.MaxPool2d | nn.AvgPool2d) -> Layer | None:
    sides = _squares(module.kernel_size, module.stride, module.padding)
    if sides is None or module.ceil_mode:
        return None
    size, stride, padding = sides
    function = "max" if isinstance(module, nn.MaxPool2d) else "mean"
    return Pool(function=function, size=size, stride=0 if stride == size else stride, padding=padding)


def _squares(*values: object) -> list[int] | None:
    """One number for each of `values`, which are one or two sides; None where two differ."""
    found = list(_sides(values))
    return None if any(isinstance(side, tuple) for side in found) else [side for side in found if isinstance(side, int)]


def _sides(values: tuple[object, ...]) -> Iterator[object]:
    for value in values:
        is_square = isinstance(value, tuple) and len(set(value)) == 1
        yield value[0] if is_square and isinstance(value, tuple) else value
