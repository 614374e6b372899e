"""Where recorded pictures go, and what a class may be called there."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from cnn_desktop.core.language import _

_FORBIDDEN = '/\\:*?"<>|'
"""What one system or another refuses in the name of a folder; datasets travel."""
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
_SPLITS = {"train", "val", "valid", "validation", "test"}
_LONGEST = 60
"""Characters; file systems end at 255 bytes."""


def new_folder() -> Path:
    """A folder below the person's pictures that isn't there yet; nothing is made."""
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    parent = (Path(pictures) if pictures else Path.home()) / "CNN Desktop"
    name = _("Webcam {date}").format(date=date.today().isoformat())
    number = 1
    while True:
        folder = parent / (name if number == 1 else f"{name} ({number})")
        if not os.path.lexists(folder):
            return folder
        number += 1


def class_folders(folder: Path) -> list[str]:
    """Names of the class folders that are there, sorted."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if entry.is_dir() and not entry.name.startswith("."))
    return []


def objection_to(name: str, others: Sequence[str]) -> str:
    """Why a class can't be called so; empty where it can."""
    if not name:
        return _("A class needs a name.")
    if any(sign in _FORBIDDEN or ord(sign) < 32 for sign in name) or name[0] == "." or name[-1] in ". ":
        text = _("Its pictures lie in a folder of that name, which can't hold {signs} or begin or end with a dot.")
        return text.format(signs=" ".join(_FORBIDDEN))
    if len(name) > _LONGEST or name.lower() in _RESERVED:
        return _("No folder can be called so on every system; choose another name.")
    if name.lower() in _SPLITS:
        return _("“{name}” would be taken for a part of the dataset and not for a class.").format(name=name)
    if name.lower() in (other.lower() for other in others):
        return _("There is a class “{name}” already.").format(name=name)
    return ""
