"""A number written out: the facts that are shown, checked against torch's own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

Kind = Literal["products", "largest", "formula", "joined", "share", "copied"]
"""Products that are added; the largest of a window; a formula of one number; numbers of several operations made one;
a share of a whole; a number that is only passed on."""

_FINEST = 40
"""Digits after the point of the smallest number that float32 holds."""
TOLERANCE = 1e-5
"""How far torch's number may be from the one written out, as a part of `Working.magnitude`: float32 rounds, and no two
ways of adding thousands of products round alike."""


class Cell(NamedTuple):
    """A place in what an operation gives, as it is shown: counted from 0."""

    channel: int
    row: int
    column: int


class Padding(NamedTuple):
    """How many rows and columns of a patch lie outside the map it is cut from."""

    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0


class Step(NamedTuple):
    """A number on the way, and what was done to get it."""

    text: str
    value: float


class Item(NamedTuple):
    """One of several numbers that are joined."""

    name: str
    value: float


class Origin(NamedTuple):
    """Where a number that is passed on comes from."""

    operation: str
    cell: Cell


@dataclass(frozen=True)
class Patches:
    """What lies under the kernel, for each channel that it sees.

    Args:
        source: the operation whose numbers they are.
        channels: int C, their places in what the source gives.
        values: float64 C×h×w; padding holds what the network takes for it, 0 or minus infinity.
        weights: float64 C×h×w, by which they are multiplied; None where nothing is.
        top, left: the row and column of the first value in the source; negative over padding.
        every: the step between rows and between columns, above 1 where the kernel is dilated.
        padding: how much of the patch lies outside.
        is_map: whether `channels`, `top` and `left` are places in a map; not so where the inputs are a mere list.
    """

    source: str
    channels: np.ndarray
    values: np.ndarray
    weights: np.ndarray | None
    top: int = 0
    left: int = 0
    every: tuple[int, int] = (1, 1)
    padding: Padding = Padding()  # noqa: RUF009 - a tuple
    is_map: bool = True

    @cached_property
    def products(self) -> np.ndarray:
        """Float64 C×h×w: values times weights, or the values."""
        return self.values if self.weights is None else self.values * self.weights

    @cached_property
    def sums(self) -> np.ndarray:
        """Float64 C: of each channel's products."""
        return self.products.sum(axis=(1, 2))

    @cached_property
    def strongest(self) -> np.ndarray:
        """The places in `channels`, those first whose sums are furthest from zero, or are no numbers any more."""
        sizes = np.where(np.isnan(self.sums), np.inf, np.abs(self.sums))
        return np.argsort(-sizes, kind="stable")


@dataclass(frozen=True)
class Working:
    """How a number comes to be.

    Args:
        kind: by what sort of rule.
        total: the result, float64.
        magnitude: of everything that was added, the sum of the sizes; what errors of rounding are measured by.
        steps: from the first number to the last; the last is `total` where there are any.
        patches: of products and the largest of a window.
        items: of what is joined or shared.
        origin: of what is passed on.
        winner: of the largest of a window: its row and column in the patch.
        curve: of a formula of one number: what it gives around that, as pairs of x and y.
    """

    kind: Kind
    total: float
    magnitude: float
    steps: tuple[Step, ...] = ()
    patches: Patches | None = None
    items: tuple[Item, ...] = ()
    origin: Origin | None = None
    winner: tuple[int, int] | None = None
    curve: tuple[tuple[float, float], ...] = ()

    def agrees_with(self, value: float) -> bool:
        """Whether torch's `value` is the same but for rounding."""
        if math.isnan(self.total) or math.isnan(value):
            return math.isnan(self.total) and math.isnan(value)
        return self.total == value or abs(self.total - value) <= TOLERANCE * self.magnitude

    def digits(self, value: float) -> int:
        """How many digits after the point are sure enough to be shown, of the total and of torch's `value` alike.

        About five of what was added, four of a small result; fewer where the two happen to be rounded apart.
        """
        of_result = 3 - _power(self.total) if self.total else 4
        digits = max(0, min(5 - _power(self.magnitude), max(4, of_result), _FINEST))
        while digits and f"{self.total:.{digits}f}" != f"{value:.{digits}f}":
            digits -= 1
        return digits


class After(NamedTuple):
    """What an operation that follows makes of the number."""

    operation: str
    kind: str
    working: Working
    torch: float


@dataclass(frozen=True)
class Arithmetic:
    """A number of an operation, written out, beside torch's own.

    Args:
        operation: its name.
        cell: which of its numbers.
        working: how it comes to be.
        torch: the number that torch computed, in float32.
        follows: what batch norms and activations behind it make of it, as long as nothing else takes it.
    """

    operation: str
    cell: Cell
    working: Working
    torch: float
    follows: tuple[After, ...] = ()

    @property
    def difference(self) -> float:
        """How far the number written out is from torch's."""
        return abs(self.working.total - self.torch)

    @property
    def agrees(self) -> bool:
        """Whether torch computed the same, but for rounding, here and behind it."""
        pairs = [(self.working, self.torch), *((after.working, after.torch) for after in self.follows)]
        return all(working.agrees_with(value) for working, value in pairs)


def _power(value: float) -> int:
    return math.floor(math.log10(abs(value))) if value and math.isfinite(value) else 0
