"""What the table of classes shows: each class with its pictures by split. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnn_desktop.core.language import _

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset, SplitName
    from cnn_desktop.data.decisions import Decisions


@dataclass(frozen=True)
class ClassRow:
    """A class as it is called now."""

    name: str
    counts: Mapping[SplitName, int]
    """Pictures by split; of a class that is left out, those that were found."""
    is_left_out: bool = False
    merged: tuple[str, ...] = ()
    """The classes as found that it is made of, where they aren't just the one of that name."""

    @property
    def total(self) -> int:
        """Pictures in all splits."""
        return sum(self.counts.values())

    @property
    def origin(self) -> str:
        """How the class was found, where that differs."""
        if not self.merged:
            return ""
        text = _("Found as {name}") if len(self.merged) == 1 else _("Made of {name}")
        return text.format(name=", ".join(self.merged))


def class_rows(found: Dataset, dataset: Dataset, decisions: Decisions) -> list[ClassRow]:
    """The classes of the dataset as decided, in its order, then those that are left out."""
    made_of: dict[str, list[str]] = {}
    for name in found.classes:
        made_of.setdefault(decisions.renamed.get(name, name), []).append(name)

    def row(name: str, counts: Mapping[SplitName, int], *, is_left_out: bool = False) -> ClassRow:
        origins = tuple(made_of.get(name, ()))
        return ClassRow(name, counts, is_left_out, () if origins in ((), (name,)) else origins)

    kept = _counts(dataset)
    before = _counts(found)
    rows = [
        row(name, {split: counts[place] for split, counts in kept.items()})
        for place, name in enumerate(dataset.classes)
    ]
    place_of = {name: place for place, name in enumerate(found.classes)}
    for name in decisions.left_out_classes:
        places = [place_of[origin] for origin in made_of.get(name, ())]
        if places:
            counts: dict[SplitName, int] = {
                split: sum(numbers[place] for place in places) for split, numbers in before.items()
            }
            rows.append(row(name, counts, is_left_out=True))
    return rows


def _counts(dataset: Dataset) -> dict[SplitName, list[int]]:
    import numpy as np

    return {
        name: np.bincount(split.labels, minlength=len(dataset.classes)).tolist()
        for name, split in dataset.splits.items()
    }
