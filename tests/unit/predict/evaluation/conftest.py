"""Answers made by chance, of which scikit-learn and SciPy know the figures too."""

import numpy as np
import pytest
import torch

from cnn_desktop.data.dataset import PictureRef
from cnn_desktop.predict.evaluation import Answers


@pytest.fixture(autouse=True)
def one_thread():  # noqa: ANN201
    """Tensors as small as these gain nothing from more threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def made(
    count: int = 400,
    classes: int = 6,
    seed: int = 0,
    strength: float = 1.5,
    scale: float = 2.0,
    labels: np.ndarray | None = None,
    model: str = "a model",
) -> Answers:
    """Labels drawn unevenly, and logits that favour them by `strength`, then multiplied by `scale`."""
    chance = np.random.default_rng(seed)
    if labels is None:
        shares = np.arange(1, classes + 1) / np.arange(1, classes + 1).sum()
        labels = chance.choice(classes, count, p=shares)
    logits = chance.normal(size=(count, classes))
    logits[np.arange(count), labels] += strength
    return answers_of((scale * logits).astype(np.float32), labels, model)


def answers_of(logits: np.ndarray, labels: np.ndarray, model: str = "a model") -> Answers:
    """Answers to the pictures “test 0”, “test 1” and so on of a dataset with the classes c0, c1 and so on."""
    count, classes = logits.shape
    return Answers(
        model=model,
        dataset="made",
        split="test",
        classes=tuple(f"c{label}" for label in range(classes)),
        refs=tuple(PictureRef("test", index) for index in range(count)),
        keys=tuple(f"test {index}" for index in range(count)),
        labels=np.asarray(labels, dtype=np.int64),
        logits=np.asarray(logits, dtype=np.float32),
    )


def sure_of(best: list[int], labels: list[int], classes: int = 3, margin: float = 10.0) -> Answers:
    """Answers that are all as sure, with `best` as the classes answered."""
    logits = np.zeros((len(best), classes), dtype=np.float32)
    logits[np.arange(len(best)), best] = margin
    return answers_of(logits, np.array(labels))
