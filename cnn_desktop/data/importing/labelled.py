"""What one way of reading a folder makes of it: files by split and class, and what it passed over."""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cnn_desktop.core.errors import listed
from cnn_desktop.core.language import _
from cnn_desktop.core.path_text import shown
from cnn_desktop.data.dataset import SPLIT_NAMES, Skipped, SplitName
from cnn_desktop.data.walking import natural_text_key

_NAMED = 5
"""So many files are named in a notice; the rest is counted."""

_SPLIT_WORDS: dict[str, SplitName] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
}

Pictures = Mapping[SplitName, Mapping[str, list[str]]]
"""Paths as text, by split, then by class."""


@dataclass
class Labelled:
    """Pictures with their classes, as they are collected."""

    rule: str
    """How the folder was understood, in a sentence."""
    pictures: dict[SplitName, dict[str, list[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    skipped: list[Skipped] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    loose: int = 0
    """So many of what was skipped are pictures that would need a class."""
    used: frozenset[str] = frozenset()
    """Paths of files that say something about the pictures."""

    def ordered(self) -> Pictures:
        """Splits and classes that have pictures, in the order in which a person would list them."""
        filled: dict[SplitName, dict[str, list[str]]] = {}
        for split in SPLIT_NAMES:
            by_class = self.pictures.get(split, {})
            labels = [label for label in sorted(by_class, key=natural_text_key) if by_class[label]]
            if labels:
                filled[split] = {label: by_class[label] for label in labels}
        return filled


def split_word(word: str) -> SplitName | None:
    """The split that folders, tables and columns mean by a word, in capitals or not."""
    return _SPLIT_WORDS.get(word.strip().casefold())


def split_among(words: Iterable[str]) -> SplitName | None:
    """What the first word means that means a split."""
    for word in words:
        split = split_word(word)
        if split is not None:
            return split
    return None


def shown_below(folder: Path, path: str | Path) -> str:
    """A path below the dataset's folder as a person reads it."""
    return shown(Path(os.fspath(path).removeprefix(os.path.join(folder, ""))))  # noqa: PTH118 - with the separator


def first_names(names: Iterable[str]) -> str:
    """The first few names, and how many more there are."""
    known = list(names)
    if len(known) <= _NAMED:
        return listed(known)
    return _("{names} and {count} more").format(names=listed(known[:_NAMED]), count=len(known) - _NAMED)
