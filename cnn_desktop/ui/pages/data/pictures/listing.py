"""Every picture of a dataset with what it is filtered by. No Qt: this runs in the panel's jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, overload

from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.data.dataset import Dataset, PictureRef, SplitName
    from cnn_desktop.data.decisions import Decisions
    from cnn_desktop.data.health.report import Finding

LEFT_OUT = "left out"
"""Stands for a split in filters: what is in none of them because the person left it out."""


@dataclass(frozen=True)
class PictureFilter:
    """What is shown; empty shows all."""

    class_name: str = ""
    split: str = ""
    """The name of a split, or `LEFT_OUT`."""
    finding: Finding | None = None
    text: str = ""
    """Part of the key, capitals or not."""


class PictureRows(Sequence["PictureRef"]):
    """References to pictures that are made when somebody asks: a hundred thousand of them at once would be felt.

    Args:
        splits: the splits' names.
        numbers: int, N×2: the place of the split in `splits`, and the picture's index there.
    """

    def __init__(self, splits: Sequence[SplitName], numbers: np.ndarray) -> None:
        self.splits = tuple(splits)
        self.numbers = numbers

    @override
    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, place: int) -> PictureRef: ...
    @overload
    def __getitem__(self, place: slice) -> PictureRows: ...
    @override
    def __getitem__(self, place: int | slice) -> PictureRef | PictureRows:
        from cnn_desktop.data.dataset import PictureRef

        if isinstance(place, slice):
            return PictureRows(self.splits, self.numbers[place])
        split, index = self.numbers[place].tolist()
        return PictureRef(self.splits[split], index)


@dataclass(frozen=True)
class Listing:
    """What a filter lets through."""

    dataset: Dataset
    rows: PictureRows
    marks: Mapping[str, str]
    total: int
    """How many there are without the filter: used ones, or where these are asked for, left out ones."""


@dataclass(frozen=True)
class _Table:
    """All pictures of one dataset, by row: split by split."""

    dataset: Dataset
    keys: tuple[str, ...]
    numbers: np.ndarray
    labels: np.ndarray
    texts: tuple[str, ...]
    """The keys without capitals."""

    @classmethod
    def of(cls, dataset: Dataset, progress: Progress) -> _Table:
        import numpy as np

        keys: list[str] = []
        numbers: list[np.ndarray] = []
        for place, split in enumerate(dataset.splits.values()):
            progress(len(keys), 0)
            keys += split.all_keys()
            numbers.append(np.stack([np.full(len(split), place), np.arange(len(split))], axis=1))
        labels = np.concatenate([split.labels for split in dataset.splits.values()])
        return cls(dataset, tuple(keys), np.concatenate(numbers), labels, tuple(key.casefold() for key in keys))

    def only(self, kept: np.ndarray) -> _Table:
        """The rows where `kept` is true."""
        places = kept.nonzero()[0].tolist()
        keys, texts = (tuple(column[place] for place in places) for column in (self.keys, self.texts))
        return _Table(self.dataset, keys, self.numbers[kept], self.labels[kept], texts)

    def rows(self, chosen: np.ndarray) -> PictureRows:
        """The pictures of the rows numbered so."""
        return PictureRows(tuple(self.dataset.splits), self.numbers[chosen])


@dataclass(frozen=True)
class Catalogue:
    """A dataset as it is decided, and what was left out of it."""

    used: _Table
    found: _Table
    left_out: _Table
    """Rows of `found` that are not in `used`."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """By key: why a picture was left out, or that it was moved."""
    row_of: Mapping[str, int] = field(default_factory=dict)
    """By key, of pictures that are used."""

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        found: Dataset,
        decisions: Decisions,
        before: Catalogue | None = None,
        progress: Progress = no_progress,
    ) -> Catalogue:
        """List both; `progress` is only asked whether to go on, and what is still so is taken from `before`."""
        import numpy as np

        used = _Table.of(dataset, progress)
        row_of = {key: row for row, key in enumerate(used.keys)}
        everything = before.found if before and before.found.dataset is found else _Table.of(found, progress)
        missing = np.fromiter((key not in row_of for key in everything.keys), bool, len(everything.keys))
        moved = dict.fromkeys(decisions.moved, _("moved"))
        return cls(used, everything, everything.only(missing), {**moved, **decisions.left_out}, row_of)

    def listed(self, wanted: PictureFilter, progress: Progress = no_progress) -> Listing:
        """The pictures that a filter lets through: in the order of a finding's groups, else as they come."""
        import numpy as np

        progress(0, 0)
        table = self.left_out if wanted.split == LEFT_OUT else self.used
        rows = np.arange(len(table.keys))
        if wanted.finding is not None:
            known = self.row_of if table is self.used else {key: row for row, key in enumerate(table.keys)}
            rows = np.array([known[key] for key in wanted.finding.keys if key in known], dtype=np.int64)
        if wanted.split and table is self.used:
            rows = rows[table.numbers[rows, 0] == _place(tuple(table.dataset.splits), wanted.split)]
        if wanted.class_name:
            rows = rows[table.labels[rows] == _place(table.dataset.classes, wanted.class_name)]
        if wanted.text:
            text = wanted.text.casefold()
            rows = rows[np.fromiter((text in table.texts[row] for row in rows.tolist()), bool, len(rows))]
        marks = self.marks if wanted.finding is None else {**self.marks, **wanted.finding.marks}
        return Listing(table.dataset, table.rows(rows), marks, len(table.keys))


def _place(names: Sequence[str], name: str) -> int:
    """Where `name` is, or -1: no picture is there."""
    return names.index(name) if name in names else -1
