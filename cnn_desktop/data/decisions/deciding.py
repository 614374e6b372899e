"""Decisions carried out: the dataset as found in, the dataset as it is shown and used out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.data.dataset import SPLIT_NAMES, Dataset, Split, SplitName
from cnn_desktop.data.decisions.facts import Decisions, SplitPlan
from cnn_desktop.data.splits import SPLIT_SEED, held_out
from cnn_desktop.data.walking import natural_text_key

_GONE = -1
"""The label of a picture that is left out."""


def decided(dataset: Dataset, decisions: Decisions) -> Dataset:
    """The dataset as the person decided; only labels and places change, no file.

    Classes keep their order, so that labels stay what they are when a class is renamed; those without pictures are
    gone. There is always a training split, though it may be empty. Keys that the dataset doesn't have are ignored.
    """
    if decisions == Decisions():
        return dataset
    classes = _classes(dataset, decisions)
    labels = {name: _labels(dataset, name, classes, decisions) for name in dataset.splits}
    present = np.unique(np.concatenate([*labels.values(), [_GONE]]))[1:]
    renumbered = np.full(len(classes) + 1, _GONE)
    renumbered[present] = np.arange(len(present))
    parts: dict[SplitName, list[Split]] = defaultdict(list)
    for name, split in dataset.splits.items():
        final = renumbered[labels[name]]
        homes = _homes(name, split, decisions.split)
        for home in SPLIT_NAMES:
            parts[home].append(_part(split, final, (homes == SPLIT_NAMES.index(home)) & (final != _GONE)))
    splits = {home: _joined(parts[home]) for home in SPLIT_NAMES}
    return replace(
        dataset,
        classes=tuple(classes[label] for label in present),
        splits={home: split for home, split in splits.items() if len(split) or home == "train"},
        notices=(*dataset.notices, *_notices(dataset, labels.values(), decisions)),
    )


def split_plan(
    dataset: Dataset, decisions: Decisions, validation: float, test: float, seed: int = SPLIT_SEED
) -> SplitPlan:
    """Hold out a share of every class as it stands after all other decisions, to be kept with them.

    Args:
        dataset: as found. All its pictures are divided anew; at `test` 0, all but those of its test split.
        decisions: what is left out stays out; a plan among them is passed over.
        validation: share of the pictures that are divided.
        test: the same.

    Raises:
        BadInputError: the shares leave nothing to train on.
    """
    if not (validation >= 0 and test >= 0 and validation + test < 1):
        raise BadInputError(
            _("Validation and test must be shares from 0 that leave pictures to train on, not {first} and {second}.")
            .format(first=validation, second=test)
        )  # fmt: skip
    shown = decided(dataset, decisions.with_split(None)).splits
    divided = [split for name, split in shown.items() if test or name != "test"]
    labels = np.concatenate([split.labels for split in divided])
    keys = [key for split in divided for key in split.all_keys()]
    home = np.full(len(labels), SPLIT_NAMES.index("train"))
    for name, share in (("test", test), ("validation", validation / (1 - test))):
        places = np.flatnonzero(home == SPLIT_NAMES.index("train"))
        chosen = held_out(labels[places], [keys[place] for place in places], share, seed)
        home[places[chosen]] = SPLIT_NAMES.index(name)
    members = {key: SPLIT_NAMES[place] for key, place in zip(keys, home, strict=True) if place}
    return SplitPlan(validation=validation, test=test, seed=seed, members=members)


def _classes(dataset: Dataset, decisions: Decisions) -> tuple[str, ...]:
    """All names that a picture may come to: those of the dataset in its order, then new ones."""
    named = [decisions.renamed.get(name, name) for name in dataset.classes]
    new = sorted(set(decisions.moved.values()) - set(named), key=natural_text_key)
    return tuple(dict.fromkeys([*named, *new]))


def _labels(dataset: Dataset, name: SplitName, classes: Sequence[str], decisions: Decisions) -> np.ndarray:
    """The labels of a split as places in `classes`, `_GONE` for what is left out."""
    split = dataset.splits[name]
    number = {known: place for place, known in enumerate(classes)}
    translated = np.array([number[decisions.renamed.get(found, found)] for found in dataset.classes])
    labels = translated[split.labels]
    number |= dict.fromkeys(decisions.left_out_classes, _GONE)
    labels[np.isin(labels, [place for place, known in enumerate(classes) if number[known] == _GONE])] = _GONE
    if decisions.moved or decisions.left_out:
        for place, key in enumerate(split.all_keys()):
            if key in decisions.left_out:
                labels[place] = _GONE
            elif key in decisions.moved:
                labels[place] = number[decisions.moved[key]]
    return labels


def _homes(name: SplitName, split: Split, plan: SplitPlan | None) -> np.ndarray:
    """Where each picture of a split belongs, as places in `SPLIT_NAMES`."""
    if plan is None:
        return np.full(len(split), SPLIT_NAMES.index(name))
    otherwise: SplitName = "test" if name == "test" and not plan.test else "train"
    return np.array([SPLIT_NAMES.index(plan.members.get(key, otherwise)) for key in split.all_keys()], dtype=np.int64)


def _part(split: Split, labels: np.ndarray, wanted: np.ndarray) -> Split:
    if wanted.all():
        return split.with_labels(labels)
    return split.subset(np.flatnonzero(wanted)).with_labels(labels[wanted])


def _joined(parts: Sequence[Split]) -> Split:
    filled = [part for part in parts if len(part)]
    return filled[0].joined(filled[1:]) if len(filled) > 1 else (filled or parts)[0]


def _notices(dataset: Dataset, labels: Iterable[np.ndarray], decisions: Decisions) -> list[str]:
    left_out = sum(int((part == _GONE).sum()) for part in labels)
    moved = decisions.moved.keys() - decisions.left_out.keys()
    known = sum(key in moved for split in dataset.splits.values() for key in split.all_keys()) if moved else 0
    notices: list[str] = []
    if left_out:
        text = ngettext(
            "{count} picture is left out by your decision.",
            "{count} pictures are left out by your decisions.",
            left_out,
        )
        notices.append(text.format(count=left_out))
    if known:
        text = ngettext(
            "{count} picture was moved to another class by you.",
            "{count} pictures were moved to other classes by you.",
            known,
        )
        notices.append(text.format(count=known))
    return notices
