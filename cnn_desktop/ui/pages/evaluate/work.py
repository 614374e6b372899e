"""What the jobs of the Evaluate page do in their threads. No Qt; the engine is imported inside, after first paint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.pages.data.opening import Edit, Opened, as_trained, change
from cnn_desktop.ui.pages.evaluate.following import followed

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset, SplitName
    from cnn_desktop.models.model import Model
    from cnn_desktop.predict.evaluation import Answers, Evaluation
    from cnn_desktop.predict.evaluation.confusion import Confusion

USUAL_VALIDATION: float = RunConfig.model_fields["val_fraction"].default


@dataclass(frozen=True)
class Subject:
    """A model, and what a run folder, a file or a name it was opened by."""

    ref: str
    model: Model

    @property
    def file(self) -> Path | None:
        """The model file in which facts about the model can be kept; None for pretrained networks."""
        from cnn_desktop.models.model_file import SUFFIX

        place = Path(self.ref)
        if place.suffix == SUFFIX and place.is_file():
            return place
        in_run = place / f"model{SUFFIX}"
        return in_run if in_run.is_file() else None

    @property
    def dataset(self) -> str:
        """The dataset that it was trained on, by registered name or folder; empty where nobody knows."""
        return str(self.model.figures.get("dataset", ""))

    def root_of(self, source: str) -> Path | None:
        """The data root below which a dataset is looked for; None: the program's own."""
        root = self.model.figures.get("data_root")
        return Path(str(root)) if root and source == self.dataset else None


@dataclass(frozen=True, eq=False)
class Evaluated:
    """A model's answers to a split, and what follows from them."""

    subject: Subject
    opened: Opened
    validation: float
    """The part of the training pictures that counts as validation where no split is decided."""
    asked: Answers
    """To all pictures that the split had when the model was asked."""
    answers: Answers
    """To those that it has now, under the labels that they have now."""
    figures: Evaluation
    confusion: Confusion

    @classmethod
    def of(cls, subject: Subject, opened: Opened, validation: float, asked: Answers) -> Self:
        """Compute all figures.

        Raises:
            DatasetError: no picture that was asked about is in the split.
        """
        from cnn_desktop.predict.evaluation import evaluate
        from cnn_desktop.predict.evaluation.confusion import Confusion

        answers = followed(asked, opened.dataset)
        return cls(subject, opened, validation, asked, answers, evaluate(answers), Confusion(answers))

    @property
    def dataset(self) -> Dataset:
        """As it is decided now."""
        return self.opened.dataset

    @property
    def split(self) -> SplitName:
        """Which part of the dataset was answered."""
        return self.answers.split

    def at_temperature(self, temperature: float) -> Self:
        """The figures of the same model at another temperature."""
        return self.of(self.subject, self.opened, self.validation, self.asked.at_temperature(temperature))


def validation_part(ref: str) -> float:
    """The part that the model's own run kept for validation, so that the same pictures are kept from it here."""
    from cnn_desktop.train.runs.listing import read_run

    try:
        return read_run(Path(ref)).config.val_fraction
    except BadInputError:  # no run
        return USUAL_VALIDATION


def prepare(subject: Subject, source: str, progress: Progress) -> tuple[Opened, float]:
    """Open a dataset with the validation part that the model's run had, and check that the classes are the model's.

    Raises:
        BadInputError: neither a name nor a folder, or a dataset that isn't here.
        ModelError: the dataset has other classes than the model.
    """
    from cnn_desktop.data.decisions import DecisionBook
    from cnn_desktop.data.sets import open_dataset
    from cnn_desktop.predict.evaluation.classes import check_classes

    validation = validation_part(subject.ref)
    found = open_dataset(source, subject.root_of(source), progress, as_found=True)
    book = DecisionBook.of(found.source)
    opened = Opened(found, book, as_trained(found, book, validation))
    check_classes(subject.model.title, subject.model.classes, opened.dataset)
    return opened, validation


def evaluate_model(
    subject: Subject, opened: Opened, validation: float, split: SplitName, progress: Progress
) -> Evaluated:
    """Ask the model about every picture of a split.

    Raises:
        DatasetError: none of the pictures can be read.
        ModelError: other classes, or an answer that is no number.
    """
    return Evaluated.of(subject, opened, validation, ask(subject.model, opened.dataset, split, progress))


def ask(model: Model, dataset: Dataset, split: SplitName, progress: Progress) -> Answers:
    """A model's answers, in full precision.

    Raises:
        DatasetError: no such split, or none of its pictures can be read.
        ModelError: other classes, or an answer that is no number.
    """
    from cnn_desktop.predict.classifier import Classifier
    from cnn_desktop.predict.evaluation import answer_split

    return answer_split(Classifier(model, precision="fp32"), dataset, split, progress)


def redecide(before: Evaluated, edits: Sequence[Edit], progress: Progress = no_progress) -> Evaluated:
    """Change what is decided about the dataset, on disk too, and count the answers anew, without asking again.

    Raises:
        BadInputError: the change can't be made, or it leaves no picture of the split.
        OSError: it can't be written.
    """
    opened = change(before.opened, edits, before.validation, progress)
    return Evaluated.of(before.subject, opened, before.validation, before.asked)


def read_again(before: Evaluated, progress: Progress = no_progress) -> Evaluated:
    """Follow what another page decided about the dataset.

    Raises:
        BadInputError: it leaves no picture of the split, or can't be read.
    """
    from cnn_desktop.data.decisions import DecisionBook

    progress(0, 0)
    found = before.opened.found
    book = DecisionBook.of(found.source)
    opened = Opened(found, book, as_trained(found, book, before.validation))
    return Evaluated.of(before.subject, opened, before.validation, before.asked)
