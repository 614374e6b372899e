"""What gives pictures one after the other, and the part of Qt that real ones need."""

from __future__ import annotations

from abc import abstractmethod
from types import ModuleType

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _


class VideoError(BadInputError):
    """No live pictures, and what would help."""


class FrameSource(QObject):
    """Shows pictures from when it is started until `stop`."""

    seen = Signal(QImage)
    failed = Signal(str)
    """Why no more pictures come, in a sentence."""

    @abstractmethod
    def stop(self) -> None:
        """End, and let other programs have the source."""


def multimedia() -> ModuleType:
    """Qt's module for webcams and videos, loaded when it is first wanted.

    Raises:
        VideoError: it isn't installed, or can't be loaded.
    """
    try:
        from PySide6 import QtMultimedia
    except ImportError as error:
        raise VideoError(_missing_module(error)) from error
    return QtMultimedia


def _missing_module(error: ImportError) -> str:
    if isinstance(error, ModuleNotFoundError) or "cannot import name" in str(error):
        install = 'pip install "cnn-desktop[webcam]"'
        return _(
            "Webcams and videos need a part of Qt that isn't installed: run `{install}` and start the program anew."
        ).format(install=install)
    library = str(error).partition(":")[0]
    text = _(
        "The part of Qt that shows webcams and videos can't be loaded, because {library} is missing: install it with "
        "your system's packages (on Debian and Ubuntu: sudo apt install libpulse0) and start the program anew."
    )
    return text.format(library=library)
