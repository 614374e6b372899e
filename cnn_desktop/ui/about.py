"""What this program is, and in which versions."""

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtWidgets import QMessageBox, QWidget

from cnn_desktop import __version__
from cnn_desktop.core.language import _


def show_about(parent: QWidget) -> None:
    """Open a box with the program's version and those of what it stands on."""
    parts = ", ".join(f"{name} {_version_of(name)}" for name in ("torch", "torchvision", "PySide6-Essentials"))
    text = _("CNN Desktop {version}").format(version=__version__)
    more = _(
        "Trains, explains and uses convolutional image classifiers on your own machine. Nothing leaves it.\n\n"
        "Python {python}, {parts}"
    ).format(python=platform.python_version(), parts=parts)
    box = QMessageBox(QMessageBox.Icon.NoIcon, text, text, QMessageBox.StandardButton.Close, parent)
    box.setInformativeText(more)
    box.open()


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return _("missing")
