"""Answers to pictures whose labels were decided anew: nothing has to be asked again. No Qt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.core.language import _

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset
    from cnn_desktop.predict.evaluation import Answers


def followed(answers: Answers, dataset: Dataset) -> Answers:
    """The answers to those of their pictures that are still in the split, under the labels that they have there now.

    Pictures are found by their keys. One that was moved to a class that the model doesn't know is left aside, and so
    is one that has come into the split since.

    Raises:
        DatasetError: none of the pictures is there any more.
    """
    from cnn_desktop.data.dataset import PictureRef

    split = dataset.splits.get(answers.split)
    known = {key: place for place, key in enumerate(answers.keys)}
    numbers = {name: number for number, name in enumerate(answers.classes)}
    labels = np.array([numbers.get(name, -1) for name in dataset.classes], dtype=np.int64)
    places = np.array([known.get(key, -1) for key in split.all_keys()] if split else [], dtype=np.int64)
    now = labels[split.labels] if split else places
    indices = np.flatnonzero((places >= 0) & (now >= 0))
    if not len(indices):
        raise DatasetError(
            _("None of the pictures that were evaluated is left in the split; take some back, or evaluate anew.")
        )
    rows = places[indices]
    return replace(
        answers,
        refs=tuple(PictureRef(answers.split, index) for index in indices.tolist()),
        keys=tuple(answers.keys[place] for place in rows),
        labels=now[indices],
        # Thousands of classes make large arrays, which aren't copied where no picture is gone.
        logits=answers.logits if np.array_equal(rows, np.arange(len(answers))) else answers.logits[rows],
    )
