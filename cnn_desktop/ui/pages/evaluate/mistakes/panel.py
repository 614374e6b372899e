"""The tab with the gallery of mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.newest import NewestRunner
from cnn_desktop.ui.pages.evaluate.mistakes.actions import MistakeActions
from cnn_desktop.ui.pages.evaluate.mistakes.detail_card import DetailCard
from cnn_desktop.ui.pages.evaluate.mistakes.listing import Gallery, Wanted, gallery
from cnn_desktop.ui.pages.evaluate.result_panel import ResultPanel
from cnn_desktop.ui.pages.evaluate.session import EvaluationSession
from cnn_desktop.ui.pages.evaluate.work import Evaluated
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.fields import Picker
from cnn_desktop.ui.widgets.picture_grid import LARGEST, SMALLEST, PictureGrid

if TYPE_CHECKING:
    from cnn_desktop.data.decisions import DecisionBook
    from cnn_desktop.predict.evaluation.mistakes import Answered

_ANY = "-1"


class MistakesPanel(ResultPanel):
    """What is decided here goes to the dataset, and the figures follow."""

    def __init__(self, context: AppContext, session: EvaluationSession, parent: QWidget | None = None) -> None:
        super().__init__(context, session, parent)
        self._gallery: Gallery | None = None
        self._listing = NewestRunner(gallery, self._show_gallery, context.notify_error, self)
        self.kind = Picker("mistakesKind", {"confident": _("Most confident mistakes"), "losses": _("Top losses")})
        self.kind.setAccessibleName(_("Which pictures"))
        self.label = Picker("mistakesClass")
        self.label.setAccessibleName(_("Of which class"))
        self.grid = PictureGrid(_("Mistakes of the model"))
        self.grid.empty_text = _("Every picture is recognised.")
        self.detail = DetailCard()
        self.actions_ = MistakeActions(self, session.undo)
        self._count = caption()
        self._lay_out()
        self._connect()

    @override
    def show_result(self, result: Evaluated, *, is_revised: bool) -> None:
        if not is_revised:
            self._offer_classes(result.answers.classes)
        self.actions_.offer_classes(result.answers.classes)
        self._list()

    @override
    def shutdown(self) -> None:
        self._listing.cancel()
        self._listing.wait()
        self.grid.shutdown()

    def _offer_classes(self, classes: tuple[str, ...]) -> None:
        self.label.blockSignals(True)
        self.label.clear()
        self.label.addItem(_("All classes"), _ANY)
        for place, name in enumerate(classes):
            self.label.addItem(name, str(place))
        self.label.blockSignals(False)

    def _list(self) -> None:
        result = self.session.result
        if result is not None:
            kind = "losses" if self.kind.choice() == "losses" else "confident"
            self._listing.ask(Wanted(result, kind, int(self.label.choice() or _ANY)))

    def _show_gallery(self, shown: Gallery) -> None:
        if shown.wanted.result is not self.session.result:
            return
        self._gallery = shown
        refs = [one.ref for one in shown.pictures]
        self.grid.show_pictures(shown.wanted.result.dataset, refs, shown.marks())
        text = ngettext("{count:,} picture", "{count:,} pictures", shown.total).format(count=shown.total)
        if shown.total > len(refs):
            text = _("the first {count:,} of {total:,} pictures").format(count=len(refs), total=shown.total)
        self._count.setText(text)
        self._show_chosen()

    # ---- deciding

    def _show_chosen(self) -> None:
        chosen = self.grid.selected_count
        self.actions_.show_for(chosen)
        if chosen == 1 and self._gallery is not None:
            (place,) = self.grid.selection.chosen
            self.detail.show_picture(self._gallery.wanted.result, self._gallery.pictures[place])
        else:
            self.detail.show_many(chosen)

    def _move(self, class_name: str) -> None:
        moves = [(one.key, class_name or one.answer) for one in self._chosen()]
        self.session.decide(lambda book: _move(book, moves))

    def _leave_out(self) -> None:
        keys = [one.key for one in self._chosen()]
        why = _("not recognised by a model")
        self.session.decide(lambda book: book.leave_out(keys, why))

    def _look_inside(self) -> None:
        for one in self._chosen()[:1]:
            self.session.look_inside(one.ref)

    def _chosen(self) -> list[Answered]:
        pictures = self._gallery.pictures if self._gallery else ()
        return [pictures[place] for place in sorted(self.grid.selection.chosen)]

    def _open_menu(self, position: QPoint) -> None:
        self.actions_.menu().popup(position)

    # ---- wiring

    def _connect(self) -> None:
        self.kind.edited.connect(self._list)
        self.label.edited.connect(self._list)
        self.grid.selection_changed.connect(self._show_chosen)
        self.grid.picture_opened.connect(self.session.look_inside)
        self.grid.context_menu_asked.connect(self._open_menu)
        self.actions_.move_asked.connect(self._move)
        self.actions_.leave_out.triggered.connect(self._leave_out)
        self.actions_.inspect.triggered.connect(self._look_inside)

    def _lay_out(self) -> None:
        actions = self.actions_
        card = Card()
        side = QSlider(Qt.Orientation.Horizontal)
        side.setObjectName("mistakesSide")
        side.setAccessibleName(_("Size of the pictures"))
        side.setToolTip(side.accessibleName())
        side.setRange(SMALLEST, LARGEST)
        side.setValue(self.grid.thumbnail_side)
        side.setFixedSize(96, 24)
        side.valueChanged.connect(self.grid.set_thumbnail_side)
        self.grid.side_changed.connect(side.setValue)
        filters = QHBoxLayout()
        filters.setSpacing(S16)
        filters.addWidget(self.kind, 2)
        filters.addWidget(self.label, 2)
        filters.addWidget(self._count, 1)
        filters.addWidget(side)
        buttons = QHBoxLayout()
        buttons.addWidget(actions.button(actions.fix))
        buttons.addWidget(actions.button(actions.leave_out))
        buttons.addWidget(actions.button(actions.inspect))
        buttons.addStretch()
        buttons.addWidget(actions.button(actions.undo, _("Undo")))
        card.body.addLayout(filters)
        card.body.addWidget(self.grid, 1)
        card.body.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S16)
        row.addWidget(card, 1)
        row.addWidget(self.detail)


def _move(book: DecisionBook, moves: Sequence[tuple[str, str]]) -> None:
    """Give pictures, by key, the classes that they belong to, as one change."""
    decisions = book.decisions
    for key, name in moves:
        decisions = decisions.with_class([key], name)
    text = ngettext("Fix the label of {count} picture", "Fix the labels of {count} pictures", len(moves))
    book.change(text.format(count=len(moves)), decisions)
