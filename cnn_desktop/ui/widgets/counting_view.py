"""What is seen while pictures are worked through: how far it is, how long the rest takes, and a way out."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.transfer import TransferMeter
from cnn_desktop.core.units import duration_text
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import caption, value_label

_WIDTH = 320


class CountingView(QWidget):
    """A sentence, a bar, what is known of the rest, and Cancel.

    Args:
        name: the object names begin with it: …Progress, …Status, …Cancel.
        title: what is going on.
        ending: what is still to do once all pictures were seen.
    """

    cancel_asked = Signal()

    def __init__(self, name: str, title: str, ending: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ending = ending
        self._meter = TransferMeter()
        heading = value_label(title)
        heading.setProperty("role", "strong")
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{name}Progress")
        self._bar.setAccessibleName(title)
        self._bar.setTextVisible(False)
        self._bar.setMaximumWidth(_WIDTH)
        self.status = caption()
        self.status.setObjectName(f"{name}Status")
        self.status.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._cancel = QPushButton(_("Cancel"))
        self._cancel.setObjectName(f"{name}Cancel")
        self._cancel.setAccessibleName(_("Cancel"))
        self._cancel.clicked.connect(self.cancel_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addStretch()
        column.addWidget(heading)
        column.addWidget(self._bar)
        column.setAlignment(self._bar, Qt.AlignmentFlag.AlignHCenter)
        self._bar.setMinimumWidth(_WIDTH // 2)
        column.addWidget(self.status)
        column.addSpacing(S8)
        column.addWidget(self._cancel, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()

    def begin(self) -> None:
        """Nothing is known yet of how long it takes."""
        self._meter = TransferMeter()
        self._bar.setRange(0, 0)
        self.status.setText(_("Starting…"))

    def show_progress(self, done: int, total: int) -> None:
        """Show how many pictures were looked at; total 0: not known."""
        known = self._meter.tell(done, total)
        is_counting = 0 < done < total
        self._bar.setRange(0, 1000 if is_counting else 0)
        self._bar.setValue(1000 * done // total if is_counting else 0)
        if not is_counting:
            self.status.setText(self._ending if done else _("Starting…"))
            return
        text = _("{done:,} of {total:,} pictures").format(done=done, total=total)
        if known.seconds_left is not None:
            text = _("{text} · {time} left").format(text=text, time=duration_text(known.seconds_left))
        self.status.setText(text)
