"""A run's report, to read."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from cnn_desktop.core.language import _


def show_report(window: QWidget, title: str, markdown: str) -> None:
    """Open a window beside the others with the report; it is gone once it is closed."""
    dialog = QDialog(window)
    dialog.setObjectName("runReport")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(_("Report of {run}").format(run=title))
    dialog.resize(760, 620)
    text = QTextBrowser()
    text.setAccessibleName(_("Report"))
    text.setMarkdown(markdown)
    QVBoxLayout(dialog).addWidget(text)
    dialog.open()
