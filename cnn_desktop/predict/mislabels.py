"""Pictures that are likely to lie in the wrong class, by what a trained network makes of them."""

import numpy as np

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import Dataset
from cnn_desktop.data.health import Finding
from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.embedding import embedded
from cnn_desktop.predict.label_doubt import label_doubt

MOST = 0.04
"""The share of a dataset's pictures that is named at most: what a person can be asked to look through."""

_FEWEST = 10
"""Pictures, below which there is no telling."""


def likely_mislabels(dataset: Dataset, classifier: Classifier, progress: Progress = no_progress) -> Finding:
    """The pictures of all splits whose class is most doubtful, the worst first, each with the class that it resembles.

    The network need not know the dataset's classes; published weights will do. `progress` counts pictures.

    Raises:
        ModelError: the network's answer isn't a number.
        CancelledError: `progress` raised it.
    """
    embedding, refs = embedded(dataset, classifier, progress)
    labels = np.array([dataset.splits[ref.split].labels[ref.index] for ref in refs], dtype=np.int64)
    if len(refs) < _FEWEST or len(np.unique(labels)) < 2:
        return _finding([], [])
    doubt, others = label_doubt(embedding, labels)
    worst = np.argsort(-doubt, kind="stable")[: max(1, round(MOST * len(refs)))]
    worst = worst[doubt[worst] > 0]
    keys = [dataset.splits[refs[place].split].key(refs[place].index) for place in worst]
    return _finding(keys, [dataset.classes[other] for other in others[worst]])


def _finding(keys: list[str], resembled: list[str]) -> Finding:
    if not keys:
        sentence = _("The model finds every picture where it belongs, or there are too few pictures to say.")
        return Finding("mislabels", "note", _("No label looks wrong"), sentence)
    title = ngettext("{count} label may be wrong", "{count} labels may be wrong", len(keys))
    sentence = _(
        "To the model these pictures look more like those of another class; the most doubtful come first. "
        "Many of them will be right all the same: look at each, and move or leave out those that are not."
    )
    return Finding(
        "mislabels",
        "note",
        title.format(count=len(keys)),
        sentence,
        tuple((key,) for key in keys),
        {key: _("looks like {name}").format(name=name) for key, name in zip(keys, resembled, strict=True)},
        dict(zip(keys, resembled, strict=True)),
    )
