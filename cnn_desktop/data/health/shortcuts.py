"""Findings on what gives the class of a picture away without a look at what is on it.

A network learns what is easiest: where all cats were photographed at night, it tells night from day and is right. So tiny
decision trees are asked for the class, each of which knows one outward thing of a picture; what they reach on pictures
that they didn't learn from says how far that thing alone leads (Geirhos et al., Shortcut learning, 2020).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier

from cnn_desktop.core.language import _
from cnn_desktop.data.health.colour_words import colour_word
from cnn_desktop.data.health.examining import Examined, looks_of
from cnn_desktop.data.health.report import Finding, Severity

GIVEN_AWAY = 0.9
"""Balanced accuracy (by chance 0.5) from which on a class counts as told from the others by one outward thing."""

_FEWEST = 10
"""Pictures of a class, below which chance looks like a rule."""
_MOST = 5000
"""Pictures that the trees are shown."""
_FOLDS = 5
_DEPTH = 4


@dataclass(frozen=True)
class _Outward:
    """One thing that can be known of pictures without looking at what is on them."""

    title: str
    sentence: str
    severity: Severity
    figures: np.ndarray
    """float, pictures×numbers."""
    described: Callable[[np.ndarray, np.ndarray], str]
    """What sets the pictures of one class (bool, N) apart from the others (bool, N), in words."""


def shortcut_findings(pictures: Sequence[Examined], classes: Sequence[str]) -> list[Finding]:
    """What gives classes away among the training pictures; nothing where classes are too small to say so."""
    shown = _sample([picture for picture in pictures if picture.ref.split == "train"])
    labels = np.array([picture.label for picture in shown])
    if len(set(labels.tolist())) < 2:
        return []
    findings: list[Finding] = []
    for outward in _outward(shown):
        certainty = _given_away(outward.figures, labels)
        if certainty:
            findings.append(_finding(outward, certainty, labels, classes, pictures))
    return findings


def _sample(pictures: list[Examined]) -> list[Examined]:
    """At most `_MOST` pictures, chosen evenly, of the classes that are large enough."""
    counts = Counter(picture.label for picture in pictures)
    enough = [picture for picture in pictures if counts[picture.label] >= _FEWEST]
    if len(enough) <= _MOST:
        return enough
    by_class = sorted(enough, key=lambda picture: picture.label)  # every class gives in proportion
    return [by_class[place] for place in np.linspace(0, len(by_class) - 1, _MOST).astype(int)]


def _given_away(figures: np.ndarray, labels: np.ndarray) -> dict[int, float]:
    """Labels that a tree tells from all others by `figures`, and the balanced accuracy at which it does so."""
    if (figures == figures[0]).all():
        return {}
    tree = DecisionTreeClassifier(max_depth=_DEPTH, class_weight="balanced", min_samples_leaf=3, random_state=0)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    answers = cross_val_predict(tree, figures, labels, cv=folds)
    certainty: dict[int, float] = {}
    for label in np.unique(labels).tolist():
        is_class, is_answered = labels == label, answers == label
        balanced = float((is_answered[is_class].mean() + (~is_answered[~is_class]).mean()) / 2)
        if balanced >= GIVEN_AWAY:
            certainty[label] = balanced
    return certainty


def _finding(
    outward: _Outward,
    certainty: dict[int, float],
    labels: np.ndarray,
    classes: Sequence[str],
    pictures: Sequence[Examined],
) -> Finding:
    named = [
        _("{name} in {share} of 100 ({how})").format(
            name=classes[label],
            share=round(100 * share),
            how=outward.described(labels == label, labels != label),
        )
        for label, share in certainty.items()
    ]
    groups = tuple(
        tuple(picture.key for picture in pictures if picture.label == label and picture.ref.split == "train")
        for label in certainty
    )
    return Finding("shortcut", outward.severity, outward.title, outward.sentence.format(named="; ".join(named)), groups)


def _outward(pictures: Sequence[Examined]) -> list[_Outward]:
    looks = looks_of(pictures)
    brightness = looks.grey.mean(axis=1) / 255
    colours = looks.colours.mean(axis=2)
    sizes = np.array([picture.size for picture in pictures])
    kinds = np.array([f"{picture.file_type} {picture.mode}".strip() for picture in pictures])
    size_names = np.array(["{}×{}".format(*picture.size) for picture in pictures])

    def brightness_words(ours: np.ndarray, theirs: np.ndarray) -> str:
        text = _("half of them over {ours} % bright, half of the others over {theirs} %")
        return text.format(
            ours=round(100 * float(np.median(brightness[ours]))),
            theirs=round(100 * float(np.median(brightness[theirs]))),
        )

    def colour_words(ours: np.ndarray, theirs: np.ndarray) -> str:
        difference = colours[ours].mean(axis=0) - colours[theirs].mean(axis=0)
        return _("more {colour} than the others").format(colour=colour_word(*difference.tolist()))

    return [
        _Outward(
            _("Brightness gives the class away"),
            _("How bright a picture is tells the class from the others: {named}. ") + _advice(),
            "warning",
            np.stack([brightness, looks.grey.std(axis=1)], axis=1),
            brightness_words,
        ),
        _Outward(
            _("Colour gives the class away"),
            _("The mean colour of a picture tells the class from the others: {named}. ")
            + _("That is well where the class has a colour of its own, and not where its background or its light has."),
            "note",
            np.concatenate([colours, looks.colours.std(axis=2)], axis=1),
            colour_words,
        ),
        _Outward(
            _("The size gives the class away"),
            _("Width and height of a picture tell the class from the others: {named}. ") + _advice(),
            "warning",
            np.column_stack([sizes, sizes[:, 0] / sizes[:, 1]]),
            lambda ours, theirs: _mostly(size_names, ours, theirs),
        ),
        _Outward(
            _("The file type gives the class away"),
            _("The type of a picture's file tells the class from the others: {named}. ") + _advice(),
            "warning",
            (kinds[:, None] == np.unique(kinds)).astype(np.float32),
            lambda ours, theirs: _mostly(kinds, ours, theirs),
        ),
    ]


def _advice() -> str:
    return _("A network may learn that instead of what is on the pictures. Mix the sources of the classes.")


def _mostly(values: np.ndarray, ours: np.ndarray, theirs: np.ndarray) -> str:
    (our_value, our_count), (their_value, their_count) = (
        Counter(values[part].tolist()).most_common(1)[0] for part in (ours, theirs)
    )
    return _("{share} % are {value}; of the others {their_share} % are {their_value}").format(
        share=round(100 * our_count / int(ours.sum())),
        value=our_value,
        their_share=round(100 * their_count / int(theirs.sum())),
        their_value=their_value,
    )
