"""The dialog of all pretrained networks: search, compare, download, use, remove."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QMessageBox, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.units import bytes_text
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.models.entries import network_entry
from cnn_desktop.ui.pages.models.zoo.details_card import DetailsCard
from cnn_desktop.ui.pages.models.zoo.networks_model import NetworksModel
from cnn_desktop.ui.pages.models.zoo.networks_table import NetworksTable
from cnn_desktop.ui.pages.models.zoo.work import ZooRow, download, list_networks, remove
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import Card, caption


class ZooDialog(QDialog):
    """Made once and opened as often as it is asked for; closing it cancels a download, whose part is kept."""

    chosen = Signal(object)
    """The `ModelEntry` of the network to use; its weights are on this machine."""
    changed = Signal()
    """Weights have come or gone."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("zooDialog")
        self.setWindowTitle(_("Pretrained networks"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._listing = JobRunner(self)
        self._loading = JobRunner(self)
        self._removing = JobRunner(self)
        self._coming: ZooRow | None = None
        self._networks = NetworksModel(self)
        self.table = NetworksTable(self._networks)
        self.details = DetailsCard()
        self.search = QLineEdit()
        self._count = caption(_("Looking at what there is…"))
        self._lay_out()
        self.search.textChanged.connect(self._search)
        self.table.chosen.connect(self._show)
        self.table.activated.connect(lambda _index: self._use())
        self.details.use_asked.connect(self._use)
        self.details.remove_asked.connect(self._ask_to_remove)
        self.details.row.asked.connect(self._download)
        self.details.row.cancel_asked.connect(self._cancel)

    def ask(self, ref: str) -> None:
        """Open, with the network `ref` chosen where it is one."""
        self.table.choose(ref)
        self.open()
        self.search.setFocus()
        self._list()

    def shutdown(self) -> None:
        """Drop and await what runs."""
        for runner in (self._listing, self._loading, self._removing):
            runner.cancel()
            runner.wait()

    @override
    def done(self, result: int) -> None:
        if self._coming is not None:
            self._cancel()
        super().done(result)

    def _lay_out(self) -> None:
        self.search.setObjectName("zooSearch")
        self.search.setAccessibleName(_("Search the networks"))
        self.search.setPlaceholderText(_("Search: resnet, telephone, transformer…"))
        self.search.setClearButtonEnabled(True)
        card = Card()
        card.body.setContentsMargins(0, 0, 0, 0)
        card.body.addWidget(self.table, 1)
        top = QHBoxLayout()
        top.setSpacing(S16)
        top.addWidget(self.search, 1)
        top.addWidget(self._count)
        left = QVBoxLayout()
        left.setSpacing(S8)
        left.addLayout(top)
        left.addWidget(card, 1)
        close = QPushButton(_("Close"))
        close.setObjectName("closeZooButton")
        close.setAccessibleName(close.text())
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        right = QVBoxLayout()
        right.setSpacing(S8)
        right.addWidget(self.details, 1)
        right.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.details.setFixedWidth(320)
        row = QHBoxLayout(self)
        row.setContentsMargins(S16, S16, S16, S16)
        row.setSpacing(S16)
        row.addLayout(left, 1)
        row.addLayout(right)
        self.setMinimumSize(720, 520)
        self.resize(1000, 640)

    def _list(self) -> None:
        self._listing.start(
            list_networks, on_done=self._show_all, on_error=lambda error: self._count.setText(one_line(error))
        )

    def _show_all(self, rows: list[ZooRow]) -> None:
        self._networks.show_rows(rows)
        self._tell_count()

    def _search(self, text: str) -> None:
        self._networks.search(text)
        self._tell_count()

    def _tell_count(self) -> None:
        here = [row for row in self._networks.all_rows if row.is_present]
        shown, size = len(self._networks.shown_rows), bytes_text(sum(row.entry.bytes for row in here))
        text = ngettext(
            "{count} network · {here} on this machine, {size}",
            "{count} networks · {here} on this machine, {size}",
            shown,
        )
        self._count.setText(text.format(count=shown, here=len(here), size=size))

    def _show(self, row: ZooRow | None) -> None:
        self.details.show_network(row)
        if row is None or row.is_present:
            return
        if self._coming is not None and self._coming.entry.ref == row.entry.ref:
            self.details.row.show_progress(0, 0)
        else:
            self.details.offer(row, self._coming.entry.title if self._coming is not None else "")

    def _use(self) -> None:
        row = self.table.row
        if row is not None and row.is_present:
            self.chosen.emit(network_entry(row.entry, is_present=True))
            self.accept()

    def _download(self) -> None:
        row = self.table.row
        if row is None or self._coming is not None:
            return
        self._coming = row
        self.details.row.show_progress(0, 0)
        self._loading.start(
            download,
            row.entry.ref,
            on_done=lambda _nothing: self._ended(""),
            on_error=lambda error: self._ended(one_line(error)),
            on_progress=self._show_progress,
        )

    def _show_progress(self, done: int, total: int) -> None:
        if self._is_shown(self._coming):
            self.details.row.show_progress(done, total)

    def _cancel(self) -> None:
        self._loading.cancel()
        was_shown = self._is_shown(self._coming)
        self._coming = None
        if was_shown:
            self.details.row.show_cancelled()

    def _ended(self, error: str) -> None:
        was_shown = self._is_shown(self._coming)
        self._coming = None
        if not error:
            self.changed.emit()
            self._list()
        elif was_shown:
            self.details.row.show_error(error)
        else:
            self._show(self.table.row)

    def _is_shown(self, row: ZooRow | None) -> bool:
        shown = self.table.row
        return row is not None and shown is not None and shown.entry.ref == row.entry.ref

    def _ask_to_remove(self) -> None:
        row = self.table.row
        if row is None:
            return
        box = QMessageBox(self)
        box.setObjectName("removeWeightsQuestion")
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(_("Remove from disk"))
        box.setText(_("Remove the weights of {title}?").format(title=row.entry.title))
        box.setInformativeText(
            _(
                "{size} become free. Other programs that use torchvision share the file; it can be downloaded again."
            ).format(size=bytes_text(row.entry.bytes))
        )
        gone = box.addButton(_("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(_("Keep"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.exec()
        if box.clickedButton() is gone:
            self._removing.start(remove, row.entry.ref, on_done=lambda _nothing: self._ended(""), on_error=self._stays)

    def _stays(self, error: Exception) -> None:
        self.details.show_error(one_line(error))
