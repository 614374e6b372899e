"""Recording a dataset with the webcam: a button held down for each class."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from cnn_desktop.ui.pages.data.capture.dialog import CaptureDialog

__all__ = ["CaptureDialog", "record_pictures"]


def record_pictures(window: QWidget, use: Callable[[Path], None]) -> CaptureDialog:
    """Open the dialog over `window`; `use` gets the folder of class folders once the person wants it opened."""
    dialog = CaptureDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.folder_chosen.connect(use)
    dialog.open()
    return dialog
