"""A whole split of a dataset in, how good the model is out."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from sklearn.metrics import precision_recall_fscore_support

from cnn_desktop.core.errors import DatasetError, ModelError, listed
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.core.units import percent_text
from cnn_desktop.data.batches import pixel_store
from cnn_desktop.data.dataset import Dataset, SplitName
from cnn_desktop.predict.classifier import Classifier

_BATCH = 32
_SHOWN_DIFFERENCES = 3


@dataclass(frozen=True)
class ClassFigures:
    """How good the model is at one class; shares of 1, and the number of its pictures."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Evaluation:
    """What the model reaches on one split."""

    dataset: str
    split: str
    count: int
    accuracy: float
    top5_accuracy: float
    loss: float
    """Mean cross-entropy, nats."""
    classes: tuple[ClassFigures, ...]
    skipped: tuple[str, ...]
    """A sentence for each picture that couldn't be read."""

    def to_json(self) -> dict[str, Any]:
        """The object that `evaluate --json` prints."""
        return asdict(self)

    def __str__(self) -> str:
        head = _("{count:,} pictures of {dataset} ({split}): accuracy {accuracy}, top five {top5}, loss {loss:.4f}")
        text = head.format(
            count=self.count,
            dataset=self.dataset,
            split=self.split,
            accuracy=percent_text(self.accuracy, 2),
            top5=percent_text(self.top5_accuracy, 2),
            loss=self.loss,
        )
        width = max(len(figures.label) for figures in self.classes)
        columns = [_("precision"), _("recall"), "F1", _("pictures")]
        lines = [text, "", " " * width + "".join(f"{column:>11}" for column in columns)]
        for figures in self.classes:
            shares = "".join(f"{percent_text(share):>11}" for share in (figures.precision, figures.recall, figures.f1))
            lines.append(f"{figures.label:<{width}}{shares}{figures.support:>11,}")
        return "\n".join([*lines, *self.skipped])


def evaluate(
    classifier: Classifier, dataset: Dataset, split: SplitName = "test", progress: Progress = no_progress
) -> Evaluation:
    """Measure `classifier` on a split; `progress` counts pictures.

    Raises:
        DatasetError: the dataset has no such split, or none of its pictures can be read.
        ModelError: its classes are not the model's, or the network's answer isn't a number.
    """
    _check_classes(classifier, dataset)
    if split not in dataset.splits:
        text = _("“{dataset}” has no {split} split; it has {all}.")
        raise DatasetError(text.format(dataset=dataset.title, split=split, all=listed(dataset.splits)))
    store = pixel_store(dataset.splits[split], classifier.model.preprocessing, classifier.device)
    logits: list[torch.Tensor] = []
    answers: list[torch.Tensor] = []
    for pixels, labels in store.batches(None, _BATCH):
        logits.append(classifier.logits(pixels).cpu())
        answers.append(labels.cpu())
        progress(sum(map(len, answers)), len(store))
    if not logits:
        text = _("None of the pictures in the {split} split of “{dataset}” could be read.")
        raise DatasetError(text.format(dataset=dataset.title, split=split))
    return _figures(dataset, split, torch.cat(logits), torch.cat(answers), tuple(store.skipped))


def _check_classes(classifier: Classifier, dataset: Dataset) -> None:
    ours, theirs = classifier.classes, dataset.classes
    if ours == theirs:
        return
    if len(ours) != len(theirs):
        text = _("“{model}” knows {ours} classes and “{dataset}” has {theirs}: choose a model trained on this dataset.")
        raise ModelError(text.format(model=classifier.title, ours=len(ours), dataset=dataset.title, theirs=len(theirs)))
    different = [
        _("class {index} is “{ours}” to the model and “{theirs}” in the dataset").format(index=i, ours=a, theirs=b)
        for i, (a, b) in enumerate(zip(ours, theirs, strict=True))
        if a != b
    ]
    text = _("The classes of “{model}” and “{dataset}” differ in {count} places: {first}.")
    raise ModelError(
        text.format(
            model=classifier.title,
            dataset=dataset.title,
            count=len(different),
            first="; ".join(different[:_SHOWN_DIFFERENCES]),
        )
    )


def _figures(
    dataset: Dataset, split: str, logits: torch.Tensor, labels: torch.Tensor, skipped: tuple[str, ...]
) -> Evaluation:
    if not torch.isfinite(logits).all():
        raise ModelError(_("The model answers with something that is no number: its weights are damaged."))
    best = logits.topk(min(5, logits.shape[1]), dim=1).indices
    hits = best == labels[:, None]
    precision, recall, f1, support = (
        np.asarray(column)
        for column in precision_recall_fscore_support(
            labels.numpy(),
            best[:, 0].numpy(),
            labels=np.arange(len(dataset.classes)),
            zero_division=0,  # pyright: ignore[reportArgumentType]
        )
    )
    return Evaluation(
        dataset=dataset.name,
        split=split,
        count=len(labels),
        accuracy=hits[:, 0].float().mean().item(),
        top5_accuracy=hits.any(dim=1).float().mean().item(),
        loss=torch.nn.functional.cross_entropy(logits, labels).item(),
        classes=tuple(
            ClassFigures(label, float(p), float(r), float(f), int(n))
            for label, p, r, f, n in zip(dataset.classes, precision, recall, f1, support, strict=True)
        ),
        skipped=skipped,
    )
