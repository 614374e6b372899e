"""A list of pictures on its way through a model, which may be killed at any moment and gone on with."""

import hashlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from cnn_desktop.core.paths import batches_dir
from cnn_desktop.models.fingerprint import fingerprint
from cnn_desktop.predict.batch.answer import Answer
from cnn_desktop.predict.batch.classifying import classified_groups, group_size
from cnn_desktop.predict.batch.file_state import FileState
from cnn_desktop.predict.batch.journal import Journal
from cnn_desktop.predict.classifier import Classifier


class Batch:
    """Answers for pictures, in their order; what an earlier batch that didn't end found out isn't computed again.

    Call `finish` once the answers are where they belong, and close it in any case; it is its own context manager.

    Args:
        classifier: asked for what isn't known yet.
        paths: files, and folders that can only be refused; see `expand`.
        top: how many of the best classes.
    """

    def __init__(self, classifier: Classifier, paths: Sequence[Path], top: int = 10) -> None:
        self.paths = paths
        self._classifier = classifier
        self._top = top
        self._journal: Journal | None = None
        self._known: dict[int, Answer] = {}
        """By the picture's place in `paths`."""
        self._states: set[FileState] = set()
        if len(paths) > group_size(classifier):  # fewer are computed at once, with nothing between to go on from
            self._journal = Journal(batches_dir() / f"{_name(classifier, top)}.jsonl")
            self._recall(self._journal)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def remembered(self) -> int:
        """Pictures that were answered before; they are not computed again."""
        return len(self._known)

    @property
    def can_go_on(self) -> bool:
        """Whether what is found out from now on is kept for a later batch."""
        return self._journal is not None and not self._journal.trouble

    @property
    def trouble(self) -> str:
        """Why this batch can't be gone on with later, in a sentence; empty where it can."""
        return self._journal.trouble if self._journal else ""

    def answers(self) -> Generator[Answer]:
        """An answer for each picture; close the generator to stop early.

        Raises:
            ModelError: the network's answer isn't a number.
        """
        unknown = (path for place, path in enumerate(self.paths) if place not in self._known)
        with closing(self._computed(unknown)) as computed:
            for place in range(len(self.paths)):
                yield self._known.get(place) or next(computed)

    def finish(self) -> None:
        """The answers are safe: what was kept of them for going on is removed."""
        if self._journal is not None:
            self._journal.forget(self._states)

    def close(self) -> None:
        """Let go of what was kept; a later batch finds it."""
        if self._journal is not None:
            self._journal.close()

    def _recall(self, journal: Journal) -> None:
        if not journal.entries:
            return
        for place, path in enumerate(self.paths):
            state = FileState.of(path)
            if state is not None and (top := journal.entries.get(state)) is not None:
                self._known[place] = Answer(path, top, None)
                self._states.add(state)

    def _computed(self, unknown: Iterator[Path]) -> Generator[Answer]:
        with closing(classified_groups(self._classifier, unknown, self._top)) as groups:
            for group in groups:
                if self._journal is not None:
                    found = [(state, answer.top) for answer, state in group if state and answer.top]
                    self._journal.note(found)
                yield from (answer for answer, _state in group)


def _name(classifier: Classifier, top: int) -> str:
    """Of the journal: all that decides what the answer to a picture is."""
    text = f"{fingerprint(classifier.model)} {classifier.precision} {top}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
