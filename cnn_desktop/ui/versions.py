"""On what this program stands, in words."""

import platform
from importlib.metadata import PackageNotFoundError, version

from cnn_desktop.core.language import _


def versions() -> list[str]:
    """Python, torch, torchvision and Qt with their versions, as they are installed."""
    return [
        f"Python {platform.python_version()}",
        *(f"{name} {_version_of(name)}" for name in ("torch", "torchvision", "PySide6-Essentials")),
    ]


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return _("missing")
