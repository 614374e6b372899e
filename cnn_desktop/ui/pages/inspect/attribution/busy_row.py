"""What is seen while a question is being answered: a bar, and a way out."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import caption


class BusyRow(QWidget):
    """Hidden until `begin`.

    Args:
        name: the object names of the bar and the button begin with it.
        what: what goes on, for screen readers.
    """

    cancel_asked = Signal()

    def __init__(self, name: str, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what = caption()
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{name}Progress")
        self._bar.setAccessibleName(what)
        self._bar.setTextVisible(False)
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.setObjectName(f"{name}Cancel")
        self.cancel.setAccessibleName(_("Cancel: {what}").format(what=what))
        self.cancel.setProperty("role", "link")
        self.cancel.setProperty("place", "caption")  # as low as the words that it stands in for
        self.cancel.clicked.connect(self.cancel_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S8)
        row.addWidget(self._what)
        row.addWidget(self._bar, 1)
        row.addWidget(self.cancel)
        self.hide()

    def begin(self, text: str) -> None:
        """Say what goes on; nothing is known yet of how long it takes."""
        self._what.setText(text)
        self._bar.setRange(0, 0)
        self.show()

    def show_progress(self, done: int, total: int) -> None:
        """Show how far it is; total 0: not known."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
