"""A download that is offered, runs, fails or was cancelled; whoever shows the row does the downloading."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.transfer import TransferMeter
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.card import caption
from cnn_desktop.ui.widgets.sentence import Sentence


class DownloadRow(QWidget):
    """What can be downloaded and Download; progress, speed, time left and Cancel; or what went wrong and Try again.

    The owner connects `asked` to the start of a `JobRunner` with `on_progress=row.show_progress`, and answers
    `cancel_asked` with the runner's `cancel` and `show_cancelled`, an error with `show_error`.

    Args:
        name: the object names begin with it: …Text, …Progress, …DownloadButton, …CancelButton, …Error.
        what: what is downloaded, for screen readers.
        is_primary: whether the download is what the person most likely wants now.
    """

    asked = Signal()
    cancel_asked = Signal()

    def __init__(self, name: str, what: str, *, is_primary: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._meter = TransferMeter()
        self._can_download = True
        self._others: list[QPushButton] = []
        self._text = caption()
        self._text.setObjectName(f"{name}Text")
        self._text.setWordWrap(True)
        self._error = Sentence("error")
        self._error.setObjectName(f"{name}Error")
        self._error.setAccessibleName(_("What went wrong"))
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{name}Progress")
        self._bar.setAccessibleName(_("Progress of the download: {what}").format(what=what))
        self._bar.setTextVisible(False)
        self.download = QPushButton(_("Download"))
        self.download.setObjectName(f"{name}DownloadButton")
        self.download.setAccessibleName(_("Download: {what}").format(what=what))
        if is_primary:
            self.download.setProperty("role", "primary")
        else:
            set_icon(self.download, "download")
        self.download.clicked.connect(self.asked)
        self._cancel = QPushButton(_("Cancel"))
        self._cancel.setObjectName(f"{name}CancelButton")
        self._cancel.setAccessibleName(_("Cancel the download: {what}").format(what=what))
        self._cancel.clicked.connect(self.cancel_asked)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(S8)
        for button in (self.download, self._cancel):
            self.buttons.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S4)
        for widget in (self._text, self._bar, self._error):
            column.addWidget(widget)
        column.addSpacing(S4)
        column.addLayout(self.buttons)
        self.offer("")

    @property
    def is_loading(self) -> bool:
        """Whether it shows a download that runs."""
        return self._cancel.isVisibleTo(self)

    def add_button(self, button: QPushButton) -> None:
        """Another way to what is absent, offered while nothing is downloaded."""
        self._others.append(button)
        self.buttons.addWidget(button, 1)

    def text(self) -> str:
        """Everything that it says now."""
        return " ".join(part.text() for part in (self._text, self._error) if part.isVisibleTo(self))

    def offer(self, text: str, can_download: bool = True) -> None:
        """Say what is absent, with its size, and offer to download it."""
        self._can_download = can_download
        self._show(text)

    def show_progress(self, done: int, total: int) -> None:
        """Show how far the download is, in bytes; total 0: not known."""
        if not self.is_loading:
            self._meter = TransferMeter()
            self._show("", is_loading=True)
        self._bar.setRange(0, 1000 if total else 0)
        self._bar.setValue(1000 * done // total if total else 0)
        self._text.setText(str(self._meter.tell(done, total)))

    def show_cancelled(self) -> None:
        """Offer to go on."""
        self._show(_("Cancelled; what has arrived is kept."), button=_("Go on"))

    def show_error(self, sentence: str) -> None:
        """Say why the download came to nothing, and offer to try again."""
        self._show("", error=sentence, button=_("Try again"))

    def _show(self, text: str, *, error: str = "", button: str = "", is_loading: bool = False) -> None:
        had_focus = self.download.hasFocus() or self._cancel.hasFocus()
        self._text.setText(text)
        self._error.setText(error)
        self.download.setText(button or _("Download"))
        self.download.setEnabled(self._can_download)
        shown: dict[QWidget, bool] = {
            self._text: bool(text) or is_loading,
            self._error: bool(error),
            self._bar: is_loading,
            self._cancel: is_loading,
            self.download: not is_loading,
        }
        shown |= dict.fromkeys(self._others, not is_loading)
        for widget in sorted(shown, key=shown.__getitem__):  # all of them together would widen a narrow place
            widget.setVisible(shown[widget])
        if had_focus:
            (self._cancel if is_loading else self.download).setFocus()
