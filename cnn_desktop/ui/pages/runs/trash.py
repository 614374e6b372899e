"""Sending runs to the desktop's trash, and taking them back; called in jobs."""

import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QFile

from cnn_desktop.core.errors import BadInputError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress


@dataclass(frozen=True)
class Trashed:
    """A run in the trash: where it was, and where it is; None where the desktop doesn't tell."""

    was: Path
    now: Path | None


@dataclass
class Removal:
    """What became of runs that were to be moved to the trash."""

    trashed: list[Trashed] = field(default_factory=list)
    running: list[Path] = field(default_factory=list)
    """Left alone, since they are being trained."""
    refused: list[Path] = field(default_factory=list)
    """Left where they are, since there is no trash for them."""

    @property
    def can_be_undone(self) -> bool:
        """Whether everything in the trash can be found again."""
        return bool(self.trashed) and all(run.now is not None for run in self.trashed)


def move_to_trash(runs: Sequence[Path], progress: Progress = no_progress) -> Removal:
    """Move the folders of `runs` to the desktop's trash."""
    from cnn_desktop.train.runs.run_folder import RunFolder

    removal = Removal()
    for done, run in enumerate(runs):
        progress(done, len(runs))
        if RunFolder.is_running(run):
            removal.running.append(run)
            continue
        file = QFile(str(run))
        if file.moveToTrash():
            removal.trashed.append(Trashed(run, Path(file.fileName()) if file.fileName() else None))
        else:
            removal.refused.append(run)
    return removal


def put_back(trashed: Sequence[Trashed], progress: Progress = no_progress) -> list[Path]:
    """Take runs out of the trash again; return where they are.

    Raises:
        BadInputError: one is no longer in the trash, or its place is taken.
    """
    for done, run in enumerate(trashed):
        progress(done, len(trashed))
        if run.now is None:
            raise BadInputError(_("{run} has to be taken out of the trash by hand.").format(run=run.was.name))
        if run.was.exists():
            raise BadInputError(_("{run} can't come back: there is another one at its place.").format(run=run.was))
        try:
            run.now.rename(run.was)
        except OSError as error:
            sentence = _("{run} can't be taken out of the trash: {reason}.")
            raise BadInputError(sentence.format(run=run.was.name, reason=error.strerror or one_line(error))) from error
        with contextlib.suppress(OSError):  # on Linux a note in the trash says where a thing came from
            (run.now.parent.parent / "info" / f"{run.now.name}.trashinfo").unlink(missing_ok=True)
    return [run.was for run in trashed]


def delete_for_good(runs: Sequence[Path], progress: Progress = no_progress) -> int:
    """Delete the folders of `runs`; return how many.

    Raises:
        BadInputError: one can't be deleted.
    """
    for done, run in enumerate(runs):
        progress(done, len(runs))
        try:
            shutil.rmtree(run)
        except FileNotFoundError:
            continue
        except OSError as error:
            sentence = _("{run} can't be deleted: {reason}.")
            raise BadInputError(sentence.format(run=run, reason=error.strerror or one_line(error))) from error
    return len(runs)
