"""The designs that a person keeps: a JSON file each, in the program's own folder."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from itertools import count
from pathlib import Path

from pydantic import ValidationError

from cnn_desktop.core.design import NAME_PATTERN, Design
from cnn_desktop.core.errors import CnnDesktopError, ModelError, one_line
from cnn_desktop.core.files import write_atomic
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import designs_dir

_SUFFIX = ".json"
_FREE_START = "design"
"""What a design is called whose title has no letter that a command line could be trusted with."""


def design_names() -> list[str]:
    """The names of all designs, readable or not, in alphabetical order."""
    try:
        return sorted(file.stem for file in designs_dir().glob(f"*{_SUFFIX}") if re.match(NAME_PATTERN, file.stem))
    except OSError:
        return []


def saved_designs() -> list[Design]:
    """All designs that can be read, by title."""
    found: list[Design] = []
    for name in design_names():
        try:
            found.append(load_design(name))
        except ModelError:
            continue  # whoever asks for it by name is told why
    return sorted(found, key=lambda design: design.title.lower())


def has_design(name: str) -> bool:
    """Whether there is a design called `name`, readable or not."""
    return re.match(NAME_PATTERN, name) is not None and design_file(name).is_file()


def load_design(name: str) -> Design:
    """The design called `name`.

    Raises:
        ModelError: there is none, or its file is damaged.
    """
    file = design_file(name)
    try:
        return Design.model_validate_json(file.read_bytes()).changed(name=name)
    except FileNotFoundError as error:
        raise ModelError(_("There is no design “{name}” any more.").format(name=name)) from error
    except (OSError, ValidationError) as error:
        text = _("The design “{file}” can't be read ({reason}): delete it, or bring another copy of it.")
        reason = one_line(error) if isinstance(error, OSError) else error.errors()[0]["msg"]
        raise ModelError(text.format(file=file, reason=reason)) from error


def save_design(design: Design) -> None:
    """Keep `design` under its name, in place of what is there.

    Raises:
        CnnDesktopError: the file can't be written; what was there stays.
    """
    file = design_file(design.name)
    try:
        write_atomic(file, design.model_dump_json(indent=2) + "\n")
    except OSError as error:
        text = _("The design can't be saved as “{file}” ({reason}): make room on that disk, or let it be written.")
        raise CnnDesktopError(text.format(file=file, reason=one_line(error))) from error


def delete_design(name: str) -> None:
    """Forget the design called `name`; runs and models that were made of it keep their copy.

    Raises:
        CnnDesktopError: the file can't be removed.
    """
    try:
        design_file(name).unlink(missing_ok=True)
    except OSError as error:
        text = _("The design “{file}” can't be deleted: {reason}.")
        raise CnnDesktopError(text.format(file=design_file(name), reason=one_line(error))) from error


def design_file(name: str) -> Path:
    """Where the design called `name` is kept."""
    return designs_dir() / f"{name}{_SUFFIX}"


def name_for(title: str, taken: Collection[str]) -> str:
    """A name for the command line made of `title`, other than those `taken`."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    start = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50]
    if not start[:1].isalpha():
        start = f"{_FREE_START}_{start}".rstrip("_")
    return next(name for name in _numbered(start) if name not in taken)


def _numbered(start: str) -> Iterator[str]:
    yield start
    yield from (f"{start}_{number}" for number in count(2))
