"""Where a person brings in their pictures and sees what they are before anything is trained on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.data.absent_view import AbsentView
from cnn_desktop.ui.pages.data.busy_view import BusyView
from cnn_desktop.ui.pages.data.data_actions import DataActions
from cnn_desktop.ui.pages.data.details_dialog import show_details
from cnn_desktop.ui.pages.data.entries import DatasetEntry, is_folder, list_entries
from cnn_desktop.ui.pages.data.head_card import HeadCard
from cnn_desktop.ui.pages.data.list_card import ListCard
from cnn_desktop.ui.pages.data.opening import forget_all, is_untouched
from cnn_desktop.ui.pages.data.panels import Panels
from cnn_desktop.ui.pages.data.session import DatasetSession
from cnn_desktop.ui.pages.data.ways_in import WaysIn, places_in
from cnn_desktop.ui.pages.page import MenuName, Page
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.banner import Banner, Choice
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.drop_veil import DropVeil
from cnn_desktop.ui.widgets.empty_state import EmptyState
from cnn_desktop.ui.widgets.page_stack import PageStack

_PATIENCE = 250
"""Milliseconds before it is said that a dataset is being opened; most are open by then."""
_FIRST = "digits"
"""Shown where the person's last folder was taken from the list."""


class DataPage(Page):
    """Wires the list, the ways in, and what is open. What is brought in is shown first, and used once confirmed."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.setObjectName("dataPage")
        self._is_ready = False
        self._shown = ""
        """The source that the list marks, whether or not it could be opened."""
        self._followed = ""
        """The dataset of the settings when it was last looked at: other pages change it too."""
        self._new: Path | None = None
        """What was brought in and isn't confirmed yet."""
        self._waiting: list[Path] = []
        self._listing, self._discarding = JobRunner(self), JobRunner(self)
        self.session = DatasetSession(self)
        self.actions_ = DataActions(self)
        self.banner = Banner("dataBanner")
        self.list = ListCard(self.actions_)
        self.head = HeadCard(self.actions_)
        self.panels = Panels(context, self.session)
        self._ways_in = WaysIn(self.actions_, self)
        self._message = EmptyState()
        self._busy, self._absent = BusyView(), AbsentView()
        self._opened, self._told = QWidget(), Card()
        self._stack = PageStack()
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._lay_out()
        self._veil = DropVeil(_("Drop to look at these pictures"), self)
        self._connect()
        self.setAcceptDrops(True)
        self._tell(_("Loading the engine…"))

    @override
    def engine_ready(self) -> None:
        self._is_ready = True
        if self.isVisible():
            self._refresh()

    @override
    def menu_actions(self) -> Mapping[MenuName, Sequence[QAction]]:
        return self.actions_.in_menus

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    @override
    def shutdown(self) -> None:
        self._patience.stop()
        self.panels.shutdown()
        self._absent.shutdown()
        self.session.shutdown()
        self._listing.cancel()
        self._listing.wait()
        self._discarding.wait()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._is_ready and places_in(event.mimeData()):
            event.acceptProposedAction()
            self._veil.cover()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._veil.hide()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        event.acceptProposedAction()
        self.take(places_in(event.mimeData()))

    def take(self, places: Sequence[Path]) -> None:
        """Bring in folders, archives and tables, one after the other; each is shown before it is used."""
        if self._is_ready:
            self._waiting += places
            if self._new is None:
                self._bring_in_next()

    # ---- the list

    def _refresh(self) -> None:
        """Look again at what there is; another page may have chosen another dataset meanwhile."""
        if self._is_ready:
            settings = self.context.settings.settings
            folders = settings.folders
            if is_folder(settings.dataset) and settings.dataset not in folders:
                folders = (settings.dataset, *folders)
            self._listing.start(list_entries, folders, on_done=self._show_entries, on_error=self._on_failed)

    def _show_entries(self, entries: list[DatasetEntry]) -> None:
        self.list.show_entries(entries, "" if self._new else self._shown)
        wanted = self.context.settings.settings.dataset
        if self._new is None and wanted != self._followed:
            self._followed = wanted
            if wanted != self._shown:
                self._choose(wanted)

    def _choose(self, source: str) -> None:
        """Show a dataset of the list."""
        self._new = None
        self._waiting.clear()
        self._shown = source
        self.list.mark(source)
        self.session.cancel()
        entry = self.list.entry
        if entry is None or entry.is_present:
            self.session.open(source)
        elif entry.is_folder:
            text = _("The folder {folder} is no longer there.\nOpen it where it is now, or remove it from the list.")
            self._tell(text.format(folder=source), _("Open folder of pictures…"), self._ways_in.browse_folder)
        else:
            self._absent.show_entry(entry)
            self._stack.setCurrentWidget(self._absent)

    def _remove(self) -> None:
        """Take a folder from the list; its files, and what is decided about it, stay."""
        entry = self.list.entry
        if entry is None or not entry.is_folder:
            return
        folders = self.context.settings.settings.folders
        rest = tuple(folder for folder in folders if folder != entry.source)
        self.context.settings.change(folders=rest, dataset=rest[0] if rest else _FIRST)
        put_back = Choice("putBackDataset", _("Put it back"), lambda: self._take_up(entry.source), "link")
        text = _("{title} is no longer listed. Its files stay where they are.").format(title=entry.title)
        self.banner.tell(text, tone="calm", choices=[put_back])
        self._refresh()

    def _take_up(self, source: str) -> None:
        """Let a dataset be the one in use, here and on the other pages."""
        self.context.settings.choose_dataset(source, is_folder=is_folder(source))
        self._refresh()

    def _show_folder(self) -> None:
        if self.list.entry is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self.list.entry.source))

    # ---- what is brought in

    def _bring_in_next(self) -> None:
        self._new = self._waiting.pop(0) if self._waiting else None
        if self._new is not None:
            self.banner.hide()
            self.list.mark("")
            self.session.bring_in(self._new)

    def _confirm(self) -> None:
        if self.session.found is not None:
            self._settle(self.session.found.source)
            self._take_up(self._shown)
            self._bring_in_next()

    def _refuse(self) -> None:
        self._bring_in_next()
        if self._new is None:
            self._go_back()

    def _discard(self) -> None:
        """Don't use what is shown, and leave nothing of it on the disk if it came out of an archive."""
        from cnn_desktop.data.importing.sources import discard_import

        source = self.session.found.source if self.session.found is not None else ""
        self._refuse()
        self._discarding.start(discard_import, source, on_error=self._on_failed)

    def _go_back(self) -> None:
        """Show what was in use before something else was tried."""
        source = self.context.settings.settings.dataset
        if self.session.found is None and self._shown in ("", source):
            text = _("Drop a folder or an archive of your pictures here,\nor choose a dataset at the left.")
            self._tell(text, _("Open folder of pictures…"), self._ways_in.browse_folder)
        elif self.session.found is not None and self.session.found.source == source:
            self._settle(source)
            self.list.mark(source)
        else:
            self._choose(source)

    # ---- what is open

    def _on_busy(self) -> None:
        if not self.session.is_opening:
            self._patience.stop()
            return
        name = self._new.name if self._new else self.list.entry.title if self.list.entry else ""
        self._busy.begin(name, is_unpacking=self.session.is_unpacking)
        if self._stack.currentWidget() is not self._busy:
            self._patience.start()

    def _on_opened(self) -> None:
        assert self.session.found is not None
        source = self.session.found.source
        is_known = not is_folder(source) or source in self.context.settings.settings.folders
        if self._new is None or is_known:
            was_brought = self._new is not None
            self._settle(source)
            if was_brought:
                self.banner.tell(self.session.how_it_came, tone="calm")
                self._take_up(source)
                self._bring_in_next()
        else:
            self.panels.choose("classes")
            self._show_facts()
            self._stack.setCurrentWidget(self._opened)

    def _settle(self, source: str) -> None:
        """What is open is the dataset in use."""
        self._new = None
        self._shown = self._followed = source
        self.context.settings.change(dataset=source)
        self.context.dataset_chosen.emit(source)
        self._show_facts()
        self._stack.setCurrentWidget(self._opened)

    def _show_facts(self) -> None:
        session = self.session
        if session.found is None or session.dataset is None or session.book is None:
            return
        is_new = self._new is not None and not session.is_opening
        self.head.show_dataset(session.found, session.dataset, session.how_it_came, is_new=is_new)
        self.actions_.show_decided(session.book.undo_title or "", is_anything=not is_untouched(session.book))

    def _on_changed(self) -> None:
        self._show_facts()
        if self.session.found is not None:
            self.context.dataset_changed.emit(self.session.found.source)

    def _on_open_failed(self, error: Exception) -> None:
        if self._new is None:
            self._message.tell_error(one_line(error))
            self._stack.setCurrentWidget(self._told)
        else:
            self._refuse()
            self._on_failed(error)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, CnnDesktopError):
            self.banner.tell(one_line(error))
        else:
            self.context.notify_error(error)

    def _cancel(self) -> None:
        self.session.cancel()
        if self._new is None:
            self._shown = ""
        self._refuse()

    def _on_arrived(self, name: str) -> None:
        self.context.dataset_changed.emit(name)
        if self._shown == name and self._new is None:
            self.session.open(name)
        self._refresh()

    def _on_decided_elsewhere(self, source: str) -> None:
        """What is decided has changed under the open dataset: it is opened anew when it is next looked at."""
        if source == self._shown and self._new is None:
            self._shown = self._followed = ""

    def _read_again(self) -> None:
        if self._new is None and self._shown:
            self.context.dataset_changed.emit(self._shown)
            self._choose(self._shown)

    def _show_details(self) -> None:
        found, dataset = self.session.found, self.session.dataset
        if found is not None and dataset is not None:
            show_details(self, dataset.title, dataset.notices, found.skipped)

    def _record(self) -> None:
        from cnn_desktop.ui.pages.data.capture import record_pictures

        record_pictures(self.window(), lambda folder: self.take([folder]))

    def _tell(self, text: str, button: str = "", act: Callable[[], None] | None = None) -> None:
        self._message.tell(text, button, act)
        self._stack.setCurrentWidget(self._told)

    # ---- wiring

    def _lay_out(self) -> None:
        self._told.body.addWidget(self._message, 1)
        opened = QVBoxLayout(self._opened)
        opened.setContentsMargins(0, 0, 0, 0)
        opened.setSpacing(S8)
        opened.addWidget(self.head)
        opened.addWidget(self.panels, 1)
        for view in (self._told, self._busy, self._absent, self._opened):
            self._stack.addWidget(view)
        row = QHBoxLayout()
        row.setSpacing(S16)
        row.addWidget(self.list)
        row.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addWidget(self.banner)
        column.addLayout(row, 1)

    def _connect(self) -> None:
        session, actions = self.session, self.actions_
        self.context.pictures_given.connect(self.take)
        self.context.validation_part_changed.connect(session.use_validation_part)
        self.context.dataset_decided.connect(self._on_decided_elsewhere)
        session.opened.connect(self._on_opened)
        session.changed.connect(self._on_changed)
        session.busy_changed.connect(self._on_busy)
        session.opening_progressed.connect(self._busy.show_progress)
        session.open_failed.connect(self._on_open_failed)
        session.failed.connect(self._on_failed)
        self._patience.timeout.connect(lambda: self._stack.setCurrentWidget(self._busy))
        self._busy.cancel_asked.connect(self._cancel)
        self._absent.arrived.connect(self._on_arrived)
        self._ways_in.given.connect(self.take)
        self._ways_in.refused.connect(self.banner.tell)
        self.list.chosen.connect(self._choose)
        self.head.confirmed.connect(self._confirm)
        self.head.refused.connect(self._discard)
        self.head.details_asked.connect(self._show_details)
        actions.remove.triggered.connect(self._remove)
        actions.show_folder.triggered.connect(self._show_folder)
        actions.undo.triggered.connect(session.undo)
        actions.forget.triggered.connect(lambda: session.decide(forget_all))
        actions.read_again.triggered.connect(self._read_again)
        actions.train.triggered.connect(lambda: self.context.open_page("Train"))
        actions.record.triggered.connect(self._record)
