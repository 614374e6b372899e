"""Findings on what gives the class of a picture away without a look at what is on it.

A network learns what is easiest: where all cats were photographed at night, it tells night from day and is right. So
tiny decision trees are asked for the class, each of which knows one outward thing of a picture; what they reach on
pictures that they didn't learn from says how far that thing alone leads (Geirhos et al., Shortcut learning, 2020).
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier

from cnn_desktop.core.language import _
from cnn_desktop.data.health.examining import Examined
from cnn_desktop.data.health.outward import Outward, outward_things
from cnn_desktop.data.health.report import Finding

GIVEN_AWAY = 0.85
"""Balanced accuracy (by chance 0.5) from which on a class counts as told from the others by one outward thing."""

_FEWEST = 10
"""Pictures of a class, below which chance looks like a rule."""
_MOST = 5000
"""Pictures that the trees are shown, but for many classes."""
_FOLDS = 5
_DEPTH = 4


def shortcut_findings(pictures: Sequence[Examined], classes: Sequence[str]) -> list[Finding]:
    """What gives classes away among the training pictures; nothing where classes are too small to say so."""
    shown = _sample([picture for picture in pictures if picture.ref.split == "train"])
    labels = np.array([picture.label for picture in shown])
    if len(set(labels.tolist())) < 2:
        return []
    findings: list[Finding] = []
    for outward in outward_things(shown):
        certainty = _given_away(outward.figures, labels)
        if certainty:
            findings.append(_finding(outward, certainty, labels, classes, pictures))
    return findings


def _sample(pictures: list[Examined]) -> list[Examined]:
    """At most about `_MOST` pictures, as many of each class, of the classes that are large enough."""
    by_class: dict[int, list[Examined]] = defaultdict(list)
    for picture in pictures:
        by_class[picture.label].append(picture)
    large = [of_class for of_class in by_class.values() if len(of_class) >= _FEWEST]
    most = max(_FEWEST, _MOST // max(1, len(large)))
    return [picture for of_class in large for picture in of_class[:: -(-len(of_class) // most)]]


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
    outward: Outward,
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
