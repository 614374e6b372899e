"""The error family: each message is one sentence that says what happened, to what, and what to do about it."""

from collections.abc import Iterable, Sequence

_LONGEST_NAME = 80


class CnnDesktopError(Exception):
    """Anything that a person can be told in one sentence."""


class BadInputError(CnnDesktopError):
    """What was asked for can't be done as it was asked; the sentence says what would work."""


class ImageError(BadInputError):
    """A file that isn't a usable picture; the sentence names the file and the reason."""


class DatasetError(BadInputError):
    """A dataset that is absent, damaged or not what its name promises."""


class ModelError(BadInputError):
    """A model file, weight file or architecture that can't be used as asked."""


class MisfitError(ModelError):
    """Weights that are of another network; `differences` names every tensor that is missing, other or too many."""

    def __init__(self, message: str, differences: Sequence[str]) -> None:
        super().__init__(message)
        self.differences = tuple(differences)


class ExportError(CnnDesktopError):
    """A model that could not be written in another form, or whose other form answers something else."""


class DownloadError(CnnDesktopError):
    """A download that did not end in a whole, verified file."""


class TrainingError(CnnDesktopError):
    """A run that could not go on."""


class DivergedError(TrainingError):
    """A run whose loss or weights are no longer numbers, or far off; `better_rate` is a rate to try instead."""

    def __init__(self, message: str, better_rate: float) -> None:
        super().__init__(message)
        self.better_rate = better_rate


class CheckpointError(TrainingError):
    """A checkpoint that could not be written whole, or that can't be read."""


class CancelledError(CnnDesktopError):
    """The person asked to stop; nothing went wrong."""


def one_line(error: BaseException) -> str:
    """The message of any exception as one line, with its type where it has no text of its own."""
    text = " ".join(str(error).split())
    return text or type(error).__name__


def readable(name: object) -> str:
    """A name out of a file that may hold anything, fit for a sentence: one line of signs that can be seen, not long."""
    text = "".join(sign if sign.isprintable() else " " for sign in str(name))
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}…"


def listed(names: Iterable[str]) -> str:
    """Names as a person would write them: a, b, c."""
    return ", ".join(names)
