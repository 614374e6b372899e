"""The pictures of the dataset: all of them in a grid that filters narrow down, one of them large."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.progress import Progress
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.garbage import without_collections
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.jobs.newest import NewestRunner
from cnn_desktop.ui.pages.data.pictures.actions import PictureActions
from cnn_desktop.ui.pages.data.pictures.filter_bar import FilterBar
from cnn_desktop.ui.pages.data.pictures.large_view import LargeView
from cnn_desktop.ui.pages.data.pictures.listing import LEFT_OUT, Catalogue, Listing, PictureFilter
from cnn_desktop.ui.pages.data.pictures.looking import LookOrder
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.empty_state import EmptyState
from cnn_desktop.ui.widgets.picture_grid import PictureGrid

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset, PictureRef
    from cnn_desktop.data.decisions import Decisions
    from cnn_desktop.data.health.report import Finding
    from cnn_desktop.ui.pages.data.session import DatasetSession

_WIDE = 640
"""Pixels from which on there is room for words on the buttons."""


class PicturesPanel(QWidget):
    """Filters, grid, large view; what is decided here goes through the session."""

    def __init__(self, context: AppContext, session: DatasetSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._session = context, session
        self._catalogue: Catalogue | None = None
        self._listing: Listing | None = None
        self._cataloguing = JobRunner(self)
        self._filtering = NewestRunner(_listed, self._show_listing, context.notify_error, self)
        self.filters = FilterBar()
        self.grid = PictureGrid(_("Pictures of the dataset"))
        self.large = LargeView(context)
        self.actions_ = PictureActions(self)
        self.count = caption()
        self.count.setObjectName("pictureCount")
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._restart()

    def show_finding(self, finding: Finding) -> None:
        """Show the pictures of a finding of the session's report."""
        self._close_large()
        self.filters.choose_finding(finding)

    def shutdown(self) -> None:
        """Drop and await what runs in the background."""
        self._cataloguing.cancel()
        self._filtering.cancel()
        self._cataloguing.wait()
        self._filtering.wait()
        self.large.shutdown()
        self.grid.shutdown()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.actions_.show_texts(self.width() >= _WIDE)

    def _lay_out(self) -> None:
        card = Card()
        card.header.insertWidget(0, self.count)
        card.header.addWidget(self.filters.text, 2)
        card.header.addWidget(self.filters.side, 1)
        for action in (self.actions_.leave_out, self.actions_.move, self.actions_.take_back):
            card.header.addWidget(self.actions_.button(action))
            self.large.actions_row.addWidget(self.actions_.button(action))
        card.body.addWidget(self.filters)
        card.body.addWidget(self._empty, 1)
        card.body.addWidget(self.grid, 1)
        self._card = card
        self._stack.addWidget(card)
        self._stack.addWidget(self.large)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.filters.side.setValue(self.grid.thumbnail_side)

    def _connect(self) -> None:
        self._session.opened.connect(self._restart)
        self._session.changed.connect(self._catalogue_anew)
        self._session.report_changed.connect(self._offer_findings)
        self.filters.changed.connect(self._filter)
        self.filters.side.valueChanged.connect(self.grid.set_thumbnail_side)
        self.grid.side_changed.connect(self.filters.side.setValue)
        self.grid.picture_opened.connect(lambda _ref: self._open_large())
        self.grid.selection_changed.connect(self._show_chosen)
        self.grid.context_menu_asked.connect(self._open_menu)
        self.large.closed.connect(self._close_large)
        self.large.stepped.connect(self._step)
        self.actions_.open.triggered.connect(self._open_large)
        self.actions_.choose_all.triggered.connect(self.grid.choose_all)
        self.actions_.leave_out.triggered.connect(self._leave_out)
        self.actions_.take_back.triggered.connect(self._take_back)
        self.actions_.move_asked.connect(self._move)

    # ---- which pictures

    def _restart(self) -> None:
        """Begin with another dataset."""
        self._catalogue = self._listing = None
        self._close_large()
        self.grid.show_pictures(None, ())
        self._offer_findings()
        self.filters.clear()
        self._catalogue_anew()
        self._show_state()

    def _catalogue_anew(self) -> None:
        """List the dataset as it is now; what is shown stays until then."""
        dataset, found, book = self._session.dataset, self._session.found, self._session.book
        if dataset is not None and found is not None and book is not None:
            self._cataloguing.start(
                _catalogue,
                dataset,
                found,
                book.decisions,
                self._catalogue,
                on_done=self._take_catalogue,
                on_error=self._context.notify_error,
            )

    def _take_catalogue(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.filters.offer(catalogue)
        self.actions_.offer_classes(catalogue.used.dataset.classes)
        self._filter()

    def _offer_findings(self) -> None:
        report = self._session.report
        self.filters.offer_findings(report.findings if report else ())
        self._filter()

    def _filter(self) -> None:
        if self._catalogue is not None:
            self._filtering.ask((self._catalogue, self.filters.read()))

    def _show_listing(self, listing: Listing) -> None:
        self._listing = listing
        self.grid.show_pictures(listing.dataset, listing.rows, listing.marks)
        text = ngettext("{count:,} of {total:,} picture", "{count:,} of {total:,} pictures", listing.total)
        self.count.setText(text.format(count=len(listing.rows), total=listing.total))
        self._show_state()
        if self._stack.currentWidget() is self.large:
            self._stay_large()

    def _show_state(self) -> None:
        """The grid; or in its place what to do where it would be empty."""
        has_pictures = self._listing is not None and len(self._listing.rows) > 0
        self.grid.setVisible(has_pictures)
        self._empty.setVisible(not has_pictures)
        if self._session.dataset is None:
            self._empty.tell(_("Open a dataset to see its pictures."))
        elif self._listing is None:
            self.count.clear()
            self._empty.tell(_("Listing the pictures…"))
        else:
            self._empty.tell(_("No picture is like that."), _("Show all pictures"), self.filters.clear)

    # ---- one of them

    def _open_large(self) -> None:
        if self.grid.current >= 0:
            self._stack.setCurrentWidget(self.large)
            self.grid.choose(self.grid.current)
            self._show_large()
            self.large.setFocus()

    def _close_large(self) -> None:
        if self._stack.currentWidget() is self.large:
            self._stack.setCurrentWidget(self._card)
            self.grid.setFocus()

    def _step(self, by: int) -> None:
        place = min(max(self.grid.current + by, 0), self.grid.count - 1)
        if place != self.grid.current:
            self.grid.choose(place)
            self._show_large()

    def _stay_large(self) -> None:
        """Go on where the picture was that may have gone."""
        if self.grid.current < 0:
            self._close_large()
        else:
            self.grid.choose(self.grid.current)
            self._show_large()

    def _show_large(self) -> None:
        listing, place = self._listing, self.grid.current
        if listing is not None and place >= 0:
            dataset, ref, key = listing.dataset, listing.rows[place], self.grid.shown.key(place)
            name = key if dataset.folder else dataset.splits[ref.split].name(ref.index)
            facts = self._facts(listing, ref, key)
            self.large.show_picture(LookOrder(dataset, ref, ""), name, facts, place, self.grid.count)

    def _facts(self, listing: Listing, ref: PictureRef, key: str) -> str:
        """Class, split and findings, as a line each."""
        from cnn_desktop.data.dataset import split_title

        name = listing.dataset.classes[int(listing.dataset.splits[ref.split].labels[ref.index])]
        lines = [_("Class: {name}").format(name=name)]
        if listing.dataset is self._session.dataset:
            lines.append(_("Split: {split}").format(split=split_title(ref.split)))
        else:
            lines.append(_("Left out: {why}").format(why=listing.marks.get(key, "")))
        report = self._session.report
        found = [one for one in report.findings if any(key in group for group in one.groups)] if report else []
        for finding in found:
            mark = finding.marks.get(key, "")
            lines.append(_("{finding}: {mark}").format(finding=finding.title, mark=mark) if mark else finding.title)
        return "\n".join(lines)

    # ---- deciding

    def _show_chosen(self) -> None:
        chosen = self.grid.selected_count
        are_left_out = self.filters.read().split == LEFT_OUT
        self.actions_.show_for(chosen, are_left_out=are_left_out, can_take_back=are_left_out or self._has_moved())
        if chosen == 1 and self._listing is not None and self._listing.dataset is self._session.dataset:
            self._session.choose(self.grid.selected()[0])

    def _has_moved(self) -> bool:
        """Whether one of the chosen was moved; of many that isn't looked up."""
        book, chosen = self._session.book, self.grid.selection.chosen
        if book is None or not book.decisions.moved:
            return False
        return len(chosen) > 500 or any(self.grid.shown.key(place) in book.decisions.moved for place in chosen)

    def _open_menu(self, position: QPoint) -> None:
        self.actions_.menu().popup(position)

    def _leave_out(self) -> None:
        keys = self._chosen_keys()
        self._session.decide(lambda book: book.leave_out(keys(), _("by hand")))

    def _take_back(self) -> None:
        keys = self._chosen_keys()
        self._session.decide(lambda book: book.take_back(keys()))

    def _move(self, class_name: str) -> None:
        keys = self._chosen_keys()
        self._session.decide(lambda book: book.move(keys(), class_name))

    def _chosen_keys(self) -> Callable[[], list[str]]:
        """The keys of what is chosen now, to be looked up in the background: there may be very many."""
        shown, places = self.grid.shown, sorted(self.grid.selection.chosen)
        return lambda: [shown.key(place) for place in places]


@without_collections()
def _catalogue(
    dataset: Dataset, found: Dataset, decisions: Decisions, before: Catalogue | None, progress: Progress
) -> Catalogue:
    return Catalogue.of(dataset, found, decisions, before, progress)


def _listed(order: tuple[Catalogue, PictureFilter], progress: Progress) -> Listing:
    catalogue, wanted = order
    return catalogue.listed(wanted, progress)
