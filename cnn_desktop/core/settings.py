"""What the window remembers between starts."""

import time
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cnn_desktop.core.files import write_atomic


class Settings(BaseModel):
    """Typed user settings; unknown fields of other versions are left aside."""

    model_config = ConfigDict(frozen=True)

    appearance: Literal["system", "light", "dark"] = "system"
    page: str = "Train"
    geometry: str = ""
    """Qt's window geometry, base64."""
    dataset: str = "digits"
    architecture: str = "mnist_cnn"
    unsure_below: float = Field(default=0.5, ge=0, le=1)
    """The program says “unsure” where the best class is less probable."""
    tensorboard: bool = False
    """Whether a run writes its figures for TensorBoard while it goes on."""
    folders: tuple[str, ...] = ()
    """Folders of pictures that were used as datasets, newest first."""
    lesson: str = ""
    """The lesson that was read last."""
    lessons_done: tuple[str, ...] = ()
    """The lessons that were gone through to their end."""
    export_folder: str = ""
    """Where the last model was exported to."""
    runs_left: tuple[str, ...] = ()
    """Names of folders of killed runs that shall not be offered again, newest first."""


def load_settings(file: Path) -> tuple[Settings, Path | None]:
    """Read the settings; a file that can't be understood is set aside, and where to is returned beside the defaults."""
    try:
        return Settings.model_validate_json(file.read_bytes()), None
    except FileNotFoundError:
        return Settings(), None
    except (ValidationError, OSError):
        aside = file.with_name(f"{file.name}.broken-{time.strftime('%Y%m%d-%H%M%S')}")
        try:
            file.replace(aside)
        except OSError:
            return Settings(), None
        return Settings(), aside


def save_settings(file: Path, settings: Settings) -> None:
    """Write the settings, whole or not at all.

    Raises:
        OSError: the folder can't be written.
    """
    write_atomic(file, settings.model_dump_json(indent=2))
