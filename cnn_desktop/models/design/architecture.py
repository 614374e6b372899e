"""A person's own design as an architecture: everything that takes a registered one takes it too."""

from torch import nn
from typing_extensions import override

from cnn_desktop.core.design import Design
from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.models.architecture import Architecture
from cnn_desktop.models.design.building import glorot_weights, he_weights, network_of
from cnn_desktop.models.design.report import head_name, report

FIRST_WEIGHTS = {"glorot": glorot_weights, "he": he_weights}
"""What draws them where torch's own are not wanted."""

_DOUBLED = tuple(2**power for power in range(13))
"""Sides to try first."""


class DesignedArchitecture(Architecture):
    """Two are the same where their designs are."""

    recipe = Recipe(epochs=12, batch_size=64, optimizer="adam", learning_rate=1e-3)

    def __init__(self, design: Design) -> None:
        self.design = self._design = design
        self.name = design.name
        self.title = design.title
        self.summary = _("Your own design of {count} layers.").format(count=len(design.layers) + 1)
        self.min_size = smallest_side(design)
        self.preferred_size = design.side
        self.head = head_name(design)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, DesignedArchitecture) and other.design == self._design

    @override
    def __hash__(self) -> int:
        return hash(self._design.name)

    @override
    def build(self, classes: int, channels: int, size: tuple[int, int]) -> nn.Module:
        """The layers of the design, those behind a flatten as wide as pictures of `size` make them.

        Raises:
            ModelError: a layer can't stand where it does; it is named.
        """
        network = network_of(report(self._design, (channels, *size), classes), self.title)
        if self._design.first_weights in FIRST_WEIGHTS:
            FIRST_WEIGHTS[self._design.first_weights](network)
        return network


def smallest_side(design: Design) -> int:
    """The smallest side of square pictures for which `design` can be built; 1 where no size would do."""
    high = next((side for side in _DOUBLED if _fits(design, side)), 1)
    low = high // 2  # here it doesn't fit
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _fits(design, middle) else (middle, high)
    return high


def _fits(design: Design, side: int) -> bool:
    return report(design, (design.channels, side, side), 2).wrong is None
