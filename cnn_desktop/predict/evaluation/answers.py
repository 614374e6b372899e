"""What a model answers to every picture of a split; all figures are computed out of that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from torch.nn import functional

from cnn_desktop.core.errors import DatasetError, ModelError, listed
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.batches import PixelStore, pixel_store
from cnn_desktop.data.dataset import ArraySplit, Dataset, PictureRef, SplitName
from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.evaluation.classes import check_classes

_BATCH_PIXELS = 16 * 224 * 224
_LARGEST_BATCH = 1024


@dataclass(frozen=True, eq=False)
class Answers:
    """A model's logits for the N readable pictures of a split, whose dataset has the model's C classes."""

    model: str
    """What a person calls it."""
    dataset: str
    """The registered name, or the folder's."""
    split: SplitName
    classes: tuple[str, ...]
    refs: tuple[PictureRef, ...]
    keys: tuple[str, ...]
    """Of the pictures, as `Split.key` has them."""
    labels: np.ndarray
    """int64, shape (N,)."""
    logits: np.ndarray
    """float32, shape (N, C), finite."""
    temperature: float = 1.0
    """Of the model; see `Model.temperature`."""
    skipped: tuple[str, ...] = ()
    """A sentence for each picture that couldn't be read."""

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def probabilities(self) -> np.ndarray:
        """float32, shape (N, C): as the program shows them, after the temperature."""
        return self._scaled.softmax(dim=1).numpy()

    @cached_property
    def best(self) -> np.ndarray:
        """int64, shape (N,): the class answered; of equal ones the first."""
        return self.logits.argmax(axis=1)

    @cached_property
    def is_right(self) -> np.ndarray:
        """bool, shape (N,)."""
        return self.best == self.labels

    @cached_property
    def confidence(self) -> np.ndarray:
        """float32, shape (N,): the probability of the class answered."""
        return self.probabilities.max(axis=1)

    @cached_property
    def losses(self) -> np.ndarray:
        """float32, shape (N,): cross-entropy of each picture, nats."""
        return functional.cross_entropy(self._scaled, torch.from_numpy(self.labels), reduction="none").numpy()

    @cached_property
    def ranks(self) -> np.ndarray:
        """int64, shape (N,): how many classes the model finds likelier than the label; 0 where it is right."""
        own = self.logits[np.arange(len(self)), self.labels][:, None]
        before = np.arange(len(self.classes)) < self.labels[:, None]
        return ((self.logits > own) | ((self.logits == own) & before)).sum(axis=1)

    def at_temperature(self, temperature: float) -> "Answers":
        """The same answers as a model of another temperature gives them."""
        return replace(self, temperature=temperature)

    def refs_at(self, places: Sequence[int] | np.ndarray) -> tuple[PictureRef, ...]:
        """Which pictures of the dataset stand at `places` of these answers."""
        return tuple(self.refs[place] for place in places)

    @property
    def _scaled(self) -> torch.Tensor:
        return torch.from_numpy(self.logits) / self.temperature


def answer_split(
    classifier: Classifier, dataset: Dataset, split: SplitName = "test", progress: Progress = no_progress
) -> Answers:
    """Ask `classifier` about every picture of a split; `progress` counts pictures.

    Raises:
        DatasetError: the dataset has no such split, or none of its pictures can be read.
        ModelError: its classes are not the model's, or the network's answer isn't a number.
        CancelledError: `progress` raised it.
    """
    check_classes(classifier.title, classifier.classes, dataset)
    if split not in dataset.splits:
        text = _("“{dataset}” has no {split} split; it has {all}.")
        raise DatasetError(text.format(dataset=dataset.title, split=split, all=listed(dataset.splits)))
    pictures = dataset.splits[split]
    store = pixel_store(
        pictures,
        classifier.model.preprocessing,
        classifier.device,
        lambda _done, total: progress(0, total),
        # Files are read once, while those before them are answered; pictures in memory are there already.
        memory_limit=None if isinstance(pictures, ArraySplit) else 0,
    )
    logits, labels = _asked(classifier, store, progress)
    if not len(labels):
        text = _("None of the pictures in the {split} split of “{dataset}” could be read.")
        raise DatasetError(text.format(dataset=dataset.title, split=split))
    if not np.isfinite(logits).all():
        text = _("“{title}” answers with something that is no number: its weights are damaged or training diverged.")
        raise ModelError(text.format(title=classifier.title))
    indices = store.indices.tolist()
    keys = pictures.all_keys()
    return Answers(
        model=classifier.title,
        dataset=dataset.name,
        split=split,
        classes=dataset.classes,
        refs=tuple(PictureRef(split, index) for index in indices),
        keys=tuple(keys[index] for index in indices),
        labels=labels,
        logits=logits,
        temperature=classifier.model.temperature,
        skipped=tuple(store.skipped),
    )


def _asked(classifier: Classifier, store: PixelStore, progress: Progress) -> tuple[np.ndarray, np.ndarray]:
    """Logits, float32 N×C, and labels, int64 N, of what can be read."""
    size = classifier.model.preprocessing
    batch_size = max(1, min(_LARGEST_BATCH, _BATCH_PIXELS // (size.height * size.width)))
    logits = np.empty((len(store), len(classifier.classes)), dtype=np.float32)
    labels = np.empty(len(store), dtype=np.int64)
    count = 0
    for pixels, answers in store.batches(None, batch_size):
        rows = slice(count, count + len(answers))
        logits[rows], labels[rows] = classifier.logits(pixels).cpu(), answers.cpu()
        count = rows.stop
        progress(count, len(store))
    return logits[:count], labels[:count]
