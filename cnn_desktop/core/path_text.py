"""Paths as a person reads them."""

import os
from pathlib import Path


def shown(path: Path) -> str:
    """A path as text that can be printed and saved, whatever bytes its name has."""
    return os.fsencode(path).decode(errors="replace")
