"""What a design comes to for pictures of a size: layer by layer its shapes and costs, or what can't be. No torch."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from cnn_desktop.core.design import Activation, Dense, Design, Layer
from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text
from cnn_desktop.models.design.steps import Shape, Step, UnfitError, dense, step

_NUMBER = 4
"""Bytes of a float32."""
_LARGEST = 2**32
"""Bytes of one layer's output for one picture, or of its weights: what no machine trains with, refused in time."""

_PREFIXES = {"batch_norm": "bn", "global_pool": "pool", "padding": "pad"}


@dataclass(frozen=True)
class Row:
    """One layer of a design where it stands; `step` is None where it, or one before it, can't stand there."""

    name: str
    """As the network has it: conv1."""
    layer: Layer
    step: Step | None
    problem: str = ""
    """Why it can't stand there: a sentence, on the first such layer only."""

    @property
    def activation_bytes(self) -> int:
        """Of its output for one picture, in float32."""
        return _NUMBER * prod(self.step.shape) if self.step else 0


@dataclass(frozen=True)
class Report:
    """All rows of a design, the last of which answers, and what they come to together."""

    input_shape: Shape
    rows: tuple[Row, ...]

    @property
    def wrong(self) -> Row | None:
        """The layer that can't stand where it does."""
        return next((row for row in self.rows if row.problem), None)

    @property
    def parameters(self) -> int:
        """Of all layers."""
        return sum(row.step.parameters for row in self.rows if row.step)

    @property
    def operations(self) -> int:
        """Multiplications with an addition, for one picture."""
        return sum(row.step.operations for row in self.rows if row.step)

    @property
    def activation_bytes(self) -> int:
        """Of all outputs for one picture, in float32: what training keeps of it until its gradients are known."""
        return sum(row.activation_bytes for row in self.rows)

    @property
    def weight_bytes(self) -> int:
        """Of all parameters, in float32."""
        return _NUMBER * self.parameters


def report(design: Design, input_shape: tuple[int, int, int], classes: int) -> Report:
    """Follow a picture of `input_shape` (channels, height, width) through `design` to its answer for `classes`."""
    rows: list[Row] = []
    shape: Shape | None = input_shape
    named = list(named_layers(design))
    for place, (name, layer) in enumerate(named):
        is_head = place == len(named) - 1
        if shape is None:
            rows.append(Row(name, layer, None))
            continue
        try:
            # Only the head may have fewer or more outputs than a layer of a person's own.
            taken = _affordable(dense(Dense.model_construct(outputs=classes), shape) if is_head else step(layer, shape))
            rows.append(Row(name, layer, taken))
            shape = taken.shape
        except UnfitError as error:
            rows.append(Row(name, layer, None, str(error)))
            shape = None
    return Report(input_shape, tuple(rows))


def named_layers(design: Design) -> Iterator[tuple[str, Layer]]:
    """The layers of `design` under their names in the network, the head as the last of them."""
    seen: Counter[str] = Counter()
    for layer in (*design.layers, Dense()):
        prefix = layer.function if isinstance(layer, Activation) else _PREFIXES.get(layer.kind, layer.kind)
        seen[prefix] += 1
        is_bare = prefix == "flatten" and seen[prefix] == 1  # most have one, and call it so
        yield (prefix if is_bare else f"{prefix}{seen[prefix]}"), layer


def head_name(design: Design) -> str:
    """What the layer that answers is called."""
    return list(named_layers(design))[-1][0]


def _affordable(taken: Step) -> Step:
    size = _NUMBER * max(prod(taken.shape), taken.parameters)
    if size > _LARGEST:
        text = _("This layer alone would take {size}: make it smaller, or pool before it.")
        raise UnfitError(text.format(size=bytes_text(size)))
    return taken
