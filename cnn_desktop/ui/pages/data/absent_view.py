"""A dataset that isn't on this machine: what it is, and the way to get it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress
from cnn_desktop.core.units import bytes_text
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.data.entries import DatasetEntry
from cnn_desktop.ui.theme import S4, S16
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.download_row import DownloadRow

_WIDTH = 400


class AbsentView(Card):
    """Offers the download of one dataset at a time; one that runs goes on while another is looked at."""

    arrived = Signal(str)
    """The registered name of a dataset that is here now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._entry: DatasetEntry | None = None
        self._loading = ""
        self._job = JobRunner(self)
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._summary = caption()
        self._row = DownloadRow("absentDataset", _("the dataset"))
        self._row.asked.connect(self._download)
        self._row.cancel_asked.connect(self._cancel)
        column = QVBoxLayout()
        column.setSpacing(S4)
        column.addWidget(self._title)
        column.addWidget(self._summary)
        column.addSpacing(S16)
        column.addWidget(self._row)
        holder = QWidget()
        holder.setLayout(column)
        holder.setFixedWidth(_WIDTH)
        self.body.addStretch()
        self.body.addWidget(holder, 0, Qt.AlignmentFlag.AlignCenter)
        self.body.addStretch()

    def show_entry(self, entry: DatasetEntry) -> None:
        """Say what the dataset is and offer to download it."""
        is_other = self._entry is None or self._entry.source != entry.source
        self._entry = entry
        self._title.setText(entry.title)
        self._summary.setText(entry.summary)
        if is_other and entry.source != self._loading:
            self._row.offer(_offer(entry), can_download=bool(entry.download_bytes) and not self._loading)

    def shutdown(self) -> None:
        """End a download; what has arrived is kept."""
        self._job.cancel()
        self._job.wait()

    def _download(self) -> None:
        if self._entry is None or self._loading:
            return
        self._loading = self._entry.source
        self._row.show_progress(0, 0)
        self._job.start(
            _fetch, self._loading, on_done=self._on_arrived, on_error=self._on_error, on_progress=self._show_progress
        )

    def _cancel(self) -> None:
        self._job.cancel()
        self._loading = ""
        self._row.show_cancelled()

    def _show_progress(self, done: int, total: int) -> None:
        if self._entry is not None and self._entry.source == self._loading:
            self._row.show_progress(done, total)

    def _on_arrived(self, name: str) -> None:
        self._loading = ""
        self._row.offer("")
        self.arrived.emit(name)

    def _on_error(self, error: Exception) -> None:
        self._loading = ""
        self._row.show_error(one_line(error))


def _offer(entry: DatasetEntry) -> str:
    if not entry.download_bytes:
        return _("Not on this machine")
    return _("Not on this machine; {size} to download").format(size=bytes_text(entry.download_bytes))


def _fetch(name: str, progress: Progress) -> str:
    from cnn_desktop.core.paths import data_root
    from cnn_desktop.data.sets import datasets

    datasets[name].download(data_root(), progress)
    return name
