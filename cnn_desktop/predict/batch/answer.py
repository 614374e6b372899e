"""What was asked for, picture by picture, and what the model says to each."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cnn_desktop.core.errors import ImageError
from cnn_desktop.data.images import find_images
from cnn_desktop.predict.classifier import Guess


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says to one file: its best classes, or why it can't be read."""

    image: Path
    top: tuple[Guess, ...] | None
    error: str | None

    def is_unsure(self, threshold: float) -> bool:
        """Whether the best class is less probable than `threshold`, 0…1."""
        return bool(self.top) and self.top[0].probability < threshold


def expand(paths: Iterable[Path]) -> list[Path]:
    """Folders replaced by the pictures in them; files stay, also missing ones; so do folders without pictures.

    What stays here and can't be read becomes an answer with an error: nothing that was asked for goes unanswered.
    """
    found: list[Path] = []
    for path in paths:
        try:
            found.extend((find_images(path) if is_folder(path) else []) or [path])
        except ImageError:
            found.append(path)
    return found


def is_folder(path: Path) -> bool:
    """Whether it is a folder, as far as that can be seen."""
    try:
        return path.is_dir()
    except OSError:  # in a folder that may not be entered; opening it says so
        return False
