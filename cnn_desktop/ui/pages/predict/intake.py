"""What files and folders were given for: the job thread looks at them. The engine is imported inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cnn_desktop.core.progress import Progress, no_progress

_VIDEOS = {".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ogv", ".webm", ".wmv"}


@dataclass(frozen=True)
class Intake:
    """What to do with what was given."""

    kind: Literal["picture", "many", "video", "camera", "model"]
    paths: list[Path]
    """None for the camera."""


def look_through(paths: Sequence[Path], progress: Progress = no_progress) -> Intake:
    """Tell one picture, many pictures, a video and a model from each other.

    A folder is many pictures, whatever is in it; so are several files.
    """
    from cnn_desktop.predict.batch.answer import is_folder
    from cnn_desktop.ui.pages.models.files import is_model_file

    progress(0, 0)
    given = list(paths)
    if len(given) == 1:
        (path,) = given
        if is_model_file(path):
            return Intake("model", given)
        if path.suffix.lower() in _VIDEOS:
            return Intake("video", given)
        if not is_folder(path):
            return Intake("picture", given)
    return Intake("many", given)
