"""The figures of a dataset, as texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnn_desktop.core.language import _

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset


@dataclass(frozen=True)
class Figure:
    """A figure and what it counts."""

    title: str
    text: str
    has_details: bool = False
    """Whether there is a list behind it."""


def figures_of(found: Dataset, dataset: Dataset) -> tuple[Figure, ...]:
    """Classes, pictures in all and by split, and what isn't used of what was found."""
    from cnn_desktop.data.dataset import SPLIT_NAMES, split_title

    total = sum(map(len, dataset.splits.values()))
    left_out = sum(map(len, found.splits.values())) - total
    figures = [_figure(_("Classes"), len(dataset.classes)), _figure(_("Pictures"), total)]
    figures += [
        _figure(split_title(name).capitalize(), len(dataset.splits[name]))
        for name in SPLIT_NAMES
        if name in dataset.splits
    ]
    if left_out:
        figures.append(_figure(_("Left out"), left_out))
    if found.skipped:
        figures.append(Figure(_("Skipped files"), f"{len(found.skipped):,}", has_details=True))
    notices = len(dict.fromkeys((*found.notices, *dataset.notices)))
    if notices:
        figures.append(Figure(_("To know"), f"{notices:,}", has_details=True))
    return tuple(figures)


def _figure(title: str, count: int) -> Figure:
    return Figure(title, f"{count:,}")
