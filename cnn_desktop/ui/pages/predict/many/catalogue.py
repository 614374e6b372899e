"""All answers of a batch by columns, so that a hundred thousand are sorted and searched in a moment, in any thread."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from cnn_desktop.core.path_text import shown

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.predict.batch import Answer

ALL, UNSURE, UNREADABLE = -1, -2, -3
"""What a filter asks for instead of a class's number."""

_DIGITS = re.compile(r"\d+")
_WIDEST_NUMBER = 12


class Column(IntEnum):
    """The columns of the table, from the left; ORDER is the order in which pictures were given, and no column."""

    ORDER = -1
    FILE = 0
    CLASS = 1
    PROBABILITY = 2
    SECOND = 3
    STATE = 4


@dataclass(frozen=True)
class Wanted:
    """Which answers shall be shown, in which order."""

    group: int = ALL
    """The number of a class, or ALL, UNSURE, UNREADABLE."""
    text: str = ""
    """Part of the path or of the class, capitals or not."""
    column: Column = Column.ORDER
    is_descending: bool = False
    threshold: float = 0.0
    """Answers of a lower probability are unsure, 0…1."""

    @property
    def takes_all_as_they_come(self) -> bool:
        """Whether every answer is shown, in the order in which they arrive."""
        return self.group == ALL and not self.text and self.column == Column.ORDER and not self.is_descending


class Catalogue:
    """Answers are added by one thread; `arranged` and `counts` may be asked for by one other at the same time."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.classes: list[str] = []
        """Names of the classes that were a best one, by their number here."""
        self._numbers: dict[str, int] = {}
        self._groups = array("q")
        """The number of the best class, or UNREADABLE."""
        self._best = array("d")
        self._second = array("d")
        self._texts: list[str] = []
        """The paths without capitals; filled when they are first searched."""

    def __len__(self) -> int:
        return len(self.answers)

    def add(self, answers: Sequence[Answer]) -> None:
        """Take in more answers."""
        for answer in answers:
            top = answer.top or ()
            self._groups.append(self._number(top[0].label) if top else UNREADABLE)
            self._best.append(top[0].probability if top else -1.0)
            self._second.append(top[1].probability if len(top) > 1 else -1.0)
            self.answers.append(answer)  # last: what is counted is whole

    def counts(self, threshold: float) -> dict[int, int]:
        """How many pictures each class, UNSURE and UNREADABLE have; one that is unsure counts to no class."""
        import numpy as np

        groups = self._sure_groups(len(self.answers), threshold)
        numbers, counts = np.unique(groups, return_counts=True)
        return dict(zip(numbers.tolist(), counts.tolist(), strict=True))

    def arranged(self, wanted: Wanted) -> np.ndarray:
        """The places in `answers` of those that are wanted, in order: int64."""
        import numpy as np

        count = len(self.answers)
        places = np.arange(count)
        groups = self._sure_groups(count, wanted.threshold)
        if wanted.group != ALL:
            places = places[groups == wanted.group]
        if wanted.text:
            text = wanted.text.casefold()
            named = [text in name.casefold() for name in self.classes]
            places = places[np.fromiter((self._holds(at, text, named) for at in places.tolist()), bool, len(places))]
        return self._sorted(places, groups, wanted)

    def _sorted(self, places: np.ndarray, groups: np.ndarray, wanted: Wanted) -> np.ndarray:
        import numpy as np

        if wanted.column == Column.ORDER:
            return places[::-1] if wanted.is_descending else places
        keys = self._keys(wanted.column, groups, places)
        found = np.lexsort(keys)
        places = places[found[::-1] if wanted.is_descending else found]
        if wanted.column in (Column.FILE, Column.STATE):
            return places
        is_known = _copied(self._best, len(groups))[places] >= 0  # what has no figure comes last either way
        return np.concatenate([places[is_known], places[~is_known]])

    def _keys(self, column: Column, groups: np.ndarray, places: np.ndarray) -> list[np.ndarray]:
        """What the answers at `places` are sorted by, the most important last."""
        import numpy as np

        count = len(groups)
        if column == Column.FILE:
            names = [_sortable(shown(self.answers[place].image)) for place in places.tolist()]
            width = max(map(len, names), default=1)
            # One by one, since other threads have to wait for as long as numpy takes a list in.
            return [np.fromiter((name for name in names), f"S{width}", len(names))]
        if column == Column.SECOND:
            return [_copied(self._second, count)[places]]
        best = _copied(self._best, count)[places]
        if column == Column.PROBABILITY:
            return [best]
        if column == Column.STATE:
            return [-best, np.minimum(groups, 0)[places]]
        return [-best, self._ranks()[_copied(self._groups, count)][places]]

    def _number(self, label: str) -> int:
        if label not in self._numbers:
            self._numbers[label] = len(self.classes)
            self.classes.append(label)
        return self._numbers[label]

    def _sure_groups(self, count: int, threshold: float) -> np.ndarray:
        import numpy as np

        groups, best = _copied(self._groups, count), _copied(self._best, count)
        return np.where((best < threshold) & (groups >= 0), UNSURE, groups)

    def _ranks(self) -> np.ndarray:
        """The place of each class among the names in order, by its number; the last for UNREADABLE."""
        import numpy as np

        classes = self.classes[:]
        order = sorted(range(len(classes)), key=lambda number: _sortable(classes[number]))
        ranks = np.full(len(classes) + 3, len(classes))  # what is negative counts from the end
        ranks[order] = np.arange(len(classes))
        return ranks

    def _holds(self, place: int, text: str, named: Sequence[bool]) -> bool:
        while len(self._texts) <= place:
            self._texts.append(shown(self.answers[len(self._texts)].image).casefold())
        group = self._groups[place]
        return text in self._texts[place] or (0 <= group < len(named) and named[group])


def _copied(values: array[Any], count: int) -> np.ndarray:
    """The first `count` values; what is added meanwhile doesn't concern them."""
    import numpy as np

    return np.frombuffer(values[:count], values.typecode)


def _sortable(name: str) -> bytes:
    """The name without capitals, its numbers as wide as each other: 2 before 10.

    As bytes, which numpy compares without holding up other threads.
    """
    return _DIGITS.sub(lambda digits: digits[0].zfill(_WIDEST_NUMBER), name.casefold()).encode(errors="replace")
