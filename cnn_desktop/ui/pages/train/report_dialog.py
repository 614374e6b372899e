"""A run's report, as its folder keeps it."""

from pathlib import Path

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S16


class ReportDialog(QDialog):
    """Shows a Markdown file; it can be selected and copied.

    Raises:
        OSError: the file can't be read.
    """

    def __init__(self, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reportDialog")
        self.setWindowTitle(_("Report of {run}").format(run=file.parent.name))
        text = QTextBrowser()
        text.setObjectName("reportText")
        text.setAccessibleName(_("Report"))
        text.setOpenExternalLinks(True)
        text.setMarkdown(file.read_text("utf-8"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(S16, S16, S16, S16)
        column.setSpacing(S16)
        column.addWidget(text)
        column.addWidget(buttons)
        self.resize(720, 640)
