"""The layers of a model, as a person finds them in a list."""

from dataclasses import dataclass

from cnn_desktop.explain.recording.recorder import outline
from cnn_desktop.models.model import Model


@dataclass(frozen=True)
class Layer:
    """One entry of the list: an operation that a person would name."""

    name: str
    """The operation's."""
    module_name: str
    """Dotted name of the module that it is; empty where a function of a larger part is."""
    kind: str
    detail: str
    block: str
    """Dotted name of the part of the network that holds it; empty at the top."""
    label: str
    """The name within its block."""
    shape: tuple[int, ...]
    """C×H×W, or C for what has no extent."""
    parameters: int
    function: str
    """What torch calls it, as in `Operation`."""


def layers_of(model: Model) -> list[Layer]:
    """Every layer of `model` in the order in which a picture meets them; nothing is computed.

    Raises:
        ModelError: the network gives something other than logits.
    """
    size = model.preprocessing
    operations = outline(model.module, (size.channels, size.height, size.width)).operations.values()
    return [
        Layer(
            name=found.name,
            module_name=found.module_name,
            kind=found.kind,
            detail=found.detail,
            block=found.block,
            label=found.name.removeprefix(f"{found.block}.") if found.block else found.name,
            shape=found.map_shape,
            parameters=found.parameters,
            function=found.function,
        )
        for found in operations
        if found.is_layer
    ]
