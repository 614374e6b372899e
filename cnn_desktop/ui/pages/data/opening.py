"""What the jobs of the Data page do in their threads: open datasets, keep and carry out what is decided. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.jobs.garbage import without_collections

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset
    from cnn_desktop.data.decisions import DecisionBook
    from cnn_desktop.data.health import HealthReport
    from cnn_desktop.data.importing.sources import Imported

Edit = Callable[["DecisionBook"], object]
"""A change of what is decided about a dataset."""


@dataclass(frozen=True)
class Opened:
    """A dataset as it was found, what the person decided about it, and what comes of both."""

    found: Dataset
    book: DecisionBook
    dataset: Dataset
    """Decided, with the validation part that training will use."""


@without_collections()
def open_source(source: str, validation: float, progress: Progress) -> Opened:
    """Open a registered dataset or a folder; `validation` is the part that training would keep aside.

    Raises:
        BadInputError: neither a name nor a folder.
        DatasetError: absent, damaged, or a folder without two classes.
    """
    from cnn_desktop.data.decisions import DecisionBook
    from cnn_desktop.data.sets import open_dataset

    found = open_dataset(source, None, progress, as_found=True)
    book = DecisionBook.of(found.source)
    return Opened(found, book, as_trained(found, book, validation))


def bring_in(path: Path, progress: Progress) -> Imported:
    """Make a dataset of what a person gave, unpacking archives.

    Raises:
        BadInputError: what `path` is can't be used; the sentence says what can.
    """
    from cnn_desktop.data.importing.sources import import_source

    return import_source(path, progress)


@without_collections()
def change(opened: Opened, edits: Sequence[Edit], validation: float, progress: Progress) -> Opened:
    """Change what is decided, on disk too, and carry it out; nothing breaks it off.

    Raises:
        BadInputError: the change can't be made.
        OSError: it can't be written.
    """
    for edit in edits:
        edit(opened.book)
    return Opened(opened.found, opened.book, as_trained(opened.found, opened.book, validation))


def forget_all(book: DecisionBook) -> None:
    """Take back everything that is decided, as one change."""
    from cnn_desktop.data.decisions import Decisions

    book.change(_("Forget everything decided"), Decisions())


def is_untouched(book: DecisionBook) -> bool:
    """Whether nothing is decided about the dataset."""
    return book.decisions == type(book.decisions)()


def as_trained(found: Dataset, book: DecisionBook, validation: float) -> Dataset:
    """The dataset that training would use now."""
    from cnn_desktop.data.decisions import decided
    from cnn_desktop.data.splits import with_validation

    dataset = with_validation(decided(found, book.decisions), validation)
    return replace(dataset, notices=(*dataset.notices, book.notice)) if book.notice else dataset


def check(dataset: Dataset, progress: Progress = no_progress) -> HealthReport:
    """The health report."""
    from cnn_desktop.data.health import check_dataset

    return check_dataset(dataset, progress)
