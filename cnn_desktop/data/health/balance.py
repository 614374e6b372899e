"""Findings on how many pictures the classes have."""

from collections.abc import Mapping, Sequence

from cnn_desktop.core.errors import listed
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.data.dataset import SplitName, split_title
from cnn_desktop.data.health.report import Finding

IMBALANCE = 5
"""From this ratio on between the largest and the smallest class, the largest begins to win by its number."""

SMALL = 10
"""Training pictures, below which a class has hardly a chance, whatever the network."""

Keys = Mapping[SplitName, Mapping[str, Sequence[str]]]
"""Readable pictures by split and class, empty classes too."""


def balance_findings(keys: Keys) -> list[Finding]:
    """Classes without pictures or with too few of them, and classes that are too uneven."""
    training = keys["train"]
    findings = [_empty(split, by_class) for split, by_class in keys.items()]
    findings += [_small(training, 1, 1), _small(training, 2, SMALL - 1), _imbalance(training)]
    return [finding for finding in findings if finding is not None]


def _empty(split: SplitName, by_class: Mapping[str, Sequence[str]]) -> Finding | None:
    names = [name for name, keys in by_class.items() if not keys]
    if not names:
        return None
    title = ngettext(
        "{count} class without {split} pictures", "{count} classes without {split} pictures", len(names)
    ).format(count=len(names), split=split_title(split))
    if split == "train":
        sentence = _("No model can learn them: {names}. Add pictures, or leave these classes out.")
    else:
        sentence = _("How well a model knows them isn't measured there: {names}.")
    return Finding(
        "small_class", "warning" if split == "train" else "note", title, sentence.format(names=listed(names))
    )


def _small(training: Mapping[str, Sequence[str]], fewest: int, most: int) -> Finding | None:
    """Training classes of `fewest` to `most` pictures."""
    small = {name: keys for name, keys in training.items() if fewest <= len(keys) <= most}
    if not small:
        return None
    if most == 1:
        title = ngettext("{count} class with a single picture", "{count} classes with a single picture", len(small))
        sentence = _("One picture can be trained on or measured with, not both: {names}.")
    else:
        title = ngettext("{count} class with few pictures", "{count} classes with few pictures", len(small))
        sentence = _("A class of fewer than ten training pictures is hardly learned: {names}.")
    named = [f"{name} ({len(keys)})" for name, keys in small.items()]
    return Finding(
        "small_class",
        "warning" if most == 1 else "note",
        title.format(count=len(small)),
        sentence.format(names=listed(named)),
        tuple(tuple(keys) for keys in small.values()),
    )


def _imbalance(training: Mapping[str, Sequence[str]]) -> Finding | None:
    filled = {name: keys for name, keys in training.items() if keys}
    if not filled:
        return None
    largest, smallest = max(filled, key=lambda name: len(filled[name])), min(filled, key=lambda name: len(filled[name]))
    most, fewest = len(filled[largest]), len(filled[smallest])
    if most < IMBALANCE * fewest or most <= IMBALANCE:
        return None
    sentence = _(
        "There are {most:,} training pictures of {largest} and {fewest:,} of {smallest}: a model that always answers "
        "{largest} looks better than it is. Add pictures of the small classes, and look at the figures of each class."
    )
    return Finding(
        "imbalance",
        "warning",
        _("The classes are uneven"),
        sentence.format(most=most, largest=largest, fewest=fewest, smallest=smallest),
        (tuple(filled[smallest]), tuple(filled[largest])),
    )
