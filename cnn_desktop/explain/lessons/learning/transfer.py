"""What was learned once helps to learn something else: from 0–4 to 5–9."""

from __future__ import annotations

import copy
from collections.abc import Iterator

from torch import nn

from cnn_desktop.explain.lessons.learning.dials import Dials
from cnn_desktop.explain.lessons.learning.material import digits
from cnn_desktop.explain.lessons.learning.network import small_network, start_anew
from cnn_desktop.explain.lessons.learning.training import Look, SmallTraining
from cnn_desktop.models.freezing import freezable, set_frozen

_KNOWN, _NEW = range(5), range(5, 10)
_SEED = 1


class Transfer:
    """A network that has learned the digits 0–4, tuned to 5–9 beside one that begins from nothing."""

    def __init__(self) -> None:
        self._trained: nn.Sequential | None = None

    @property
    def has_learned(self) -> bool:
        """Whether 0–4 are learned."""
        return self._trained is not None

    def learn_first(self, steps: int = 400) -> Iterator[Look]:
        """Learn 0–4 from all their pictures; `tune` needs it."""
        material = digits(_KNOWN)
        network = small_network(material.side, len(material.classes))
        yield from SmallTraining(network, material, Dials(batch_size=64)).looks(steps, every=20)
        self._trained = network

    def tune(self, per_class: int, frozen: int, dials: Dials, steps: int) -> Iterator[tuple[Look, Look]]:
        """Learn 5–9 from few pictures: the looks at the tuned network and at the one that begins from nothing.

        Both are built alike, and see the same pictures in the same order.

        Args:
            per_class: pictures of each digit to learn from.
            frozen: how many of the first layers keep what they have learned, 0…2.
        """
        if self._trained is None:
            raise ValueError("nothing was learned first")
        material = digits(_NEW, per_class)
        anew = small_network(material.side, len(material.classes), _SEED)
        tuned = copy.deepcopy(self._trained)
        start_anew(tuned.get_submodule("dense"), _SEED)
        set_frozen(tuned, min(frozen, len(freezable(tuned)) - 1))
        yield from zip(
            SmallTraining(tuned, material, dials).looks(steps),
            SmallTraining(anew, material, dials).looks(steps),
            strict=True,
        )
