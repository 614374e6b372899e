"""What this program is, and in which versions."""

from PySide6.QtWidgets import QMessageBox, QWidget

from cnn_desktop import __version__
from cnn_desktop.core.language import _
from cnn_desktop.ui.versions import versions


def show_about(parent: QWidget) -> None:
    """Open a box with the program's version and those of what it stands on."""
    text = _("CNN Desktop {version}").format(version=__version__)
    more = _(
        "Trains, explains and uses convolutional image classifiers on your own machine. Nothing leaves it.\n\n{parts}"
    ).format(parts=", ".join(versions()))
    box = QMessageBox(QMessageBox.Icon.NoIcon, text, text, QMessageBox.StandardButton.Close, parent)
    box.setInformativeText(more)
    box.open()
