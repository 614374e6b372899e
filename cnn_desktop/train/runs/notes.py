"""What a person writes about a run: notes and tags, kept in its folder."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from cnn_desktop.core.errors import BadInputError, one_line
from cnn_desktop.core.files import write_atomic
from cnn_desktop.core.language import _
from cnn_desktop.core.validated import Validated

NOTES = "notes.json"


class RunNotes(Validated):
    """Both may be empty; tags hold no comma, each is there once, in the person's order."""

    text: str = ""
    tags: tuple[str, ...] = ()


def parse_tags(text: str) -> tuple[str, ...]:
    """Tags from a line with commas between them; spaces around, repetitions and empty ones are left out."""
    tags = (" ".join(part.split()) for part in text.split(","))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def read_notes(run: Path) -> RunNotes:
    """The notes in a run's folder; none where there is no such file, or one that can't be understood."""
    try:
        return RunNotes.model_validate_json((run / NOTES).read_bytes())
    except (OSError, ValidationError):
        return RunNotes()


def write_notes(run: Path, notes: RunNotes) -> None:
    """Keep `notes` in the run's folder, whole or not at all; a damaged file is set aside, not written over.

    Raises:
        BadInputError: the folder is gone or can't be written.
    """
    file = run / NOTES
    try:
        if not run.is_dir():
            raise FileNotFoundError(2, _("the folder is gone"))
        if file.exists() and not _is_readable(file):
            file.replace(file.with_suffix(".json.broken"))
        write_atomic(file, notes.model_dump_json(indent=2) + "\n")
    except OSError as error:
        sentence = _("The notes on {run} can't be saved: {reason}.")
        raise BadInputError(sentence.format(run=run.name, reason=error.strerror or one_line(error))) from error


def all_tags(notes: Iterable[RunNotes]) -> tuple[str, ...]:
    """Every tag in use, sorted, for completion."""
    return tuple(sorted({tag for some in notes for tag in some.tags}, key=str.casefold))


def _is_readable(file: Path) -> bool:
    try:
        RunNotes.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return False
    return True
