"""Classes and splits: what is there, how even it is, and everything about it that a person may decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMessageBox, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.data.classes.deciding import leave_out, merge, take_back
from cnn_desktop.ui.pages.data.classes.rows import ClassRow, class_rows
from cnn_desktop.ui.pages.data.classes.split_card import Shares, SplitCard
from cnn_desktop.ui.pages.data.classes.split_preview import preview
from cnn_desktop.ui.pages.data.classes.table import ClassTable
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card, caption

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset
    from cnn_desktop.ui.pages.data.session import DatasetSession

_PATIENCE = 120
"""Milliseconds after the last change of a field before its split is worked out."""


class ClassesPanel(QWidget):
    """Follows the session; whatever is decided here goes through it, so that it is what training uses."""

    def __init__(self, context: AppContext, session: DatasetSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._session = context, session
        self._previewing = JobRunner(self)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE)
        self.splits = SplitCard()
        self.table = ClassTable()
        self._card = Card(_("Classes"))
        self._count = caption()
        self._rename = self._action("renameClass", _("Rename"), self.table.rename_chosen)
        self._merge = self._action("mergeClasses", _("Merge"), self._merge_chosen)
        self._leave_out = self._action("leaveOutClass", _("Leave out"), self._leave_out_chosen)
        self._take_back = self._action("takeBackClass", _("Take back"), self._take_back_chosen)
        self._leave_out.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        self._leave_out.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._lay_out()
        self._connect()
        self._show()

    def shutdown(self) -> None:
        """Drop and await what runs."""
        self._patience.stop()
        self._previewing.cancel()
        self._previewing.wait()

    # ---- what is shown

    def _show(self) -> None:
        session = self._session
        self._previewing.cancel()
        self._patience.stop()
        if session.found is None or session.dataset is None or session.book is None:
            return
        self._show_split(session.found, session.dataset)
        self._show_counts(session.dataset, is_preview=False)
        self._show_possible()

    def _show_counts(self, dataset: Dataset, *, is_preview: bool) -> None:
        found, book = self._session.found, self._session.book
        if found is None or book is None:
            return
        rows = class_rows(found, dataset, book.decisions)
        self.table.show_rows(rows)
        kept = sum(not row.is_left_out for row in rows)
        text = ngettext("{count:,} class", "{count:,} classes", kept).format(count=kept)
        if len(rows) > kept:
            text = _("{text}, {count:,} left out").format(text=text, count=len(rows) - kept)
        self._count.setText(text)
        counts = {name: len(split) for name, split in dataset.splits.items()}
        self.splits.show_counts(counts, is_preview=is_preview)

    def _show_split(self, found: Dataset, dataset: Dataset) -> None:
        book = self._session.book
        plan = book.decisions.split if book else None
        has_test = "test" in found.splits
        part = percent_text(self._session.validation_part, 0)
        if plan is not None:
            shares, state = Shares(plan.validation, plan.test, plan.seed), _("Divided by you, the same for every run")
            if not plan.validation and "validation" in dataset.splits:
                state = _("Divided by you; training keeps {share} for validation").format(share=part)
        elif "validation" in found.splits:
            shares, state = Shares(_share(found), 0, 0), _("As the dataset brings it")
        else:
            shares = Shares(self._session.validation_part, 0, 0)
            state = _("Training keeps {share} of its pictures for validation").format(share=part)
        zero = _("as found") if has_test else _("none")
        self.splits.show_split(shares, state, is_decided=plan is not None, zero_test=zero)

    def _ask_preview(self) -> None:
        session, shares = self._session, self.splits.shares
        if session.found is None or session.book is None:
            return
        if not self.splits.is_edited:
            self._show()
            return
        self._previewing.start(
            preview,
            session.found,
            session.book.decisions,
            *shares,
            on_done=lambda dataset: self._show_counts(dataset, is_preview=True),
            on_error=lambda error: self.splits.show_problem(one_line(error)),
        )

    def _show_possible(self) -> None:
        """Enable what can be done with the selected classes."""
        chosen = self.table.chosen
        kept = [row for row in chosen if not row.is_left_out]
        self._rename.setEnabled(len(chosen) == len(kept) == 1)
        self._merge.setEnabled(len(kept) > 1)
        self._leave_out.setEnabled(bool(kept))
        self._take_back.setEnabled(len(kept) < len(chosen))

    # ---- what is decided

    def _ask_rename(self, old: str, new: str) -> None:
        """Rename a class; where another one has that name, ask whether the two are one."""
        existing = [row for row in self.table.classes.rows if row.name == new and not row.is_left_out]
        if existing:
            self._ask_merge([old], existing[0])
        else:
            self._session.decide(lambda book: book.rename_class(old, new))

    def _merge_chosen(self) -> None:
        kept = [row for row in self.table.chosen if not row.is_left_out]
        into = max(kept, key=lambda row: row.total)
        self._ask_merge([row.name for row in kept if row is not into], into)

    def _ask_merge(self, names: list[str], into: ClassRow) -> None:
        box = QMessageBox(self.window())
        box.setObjectName("mergeQuestion")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(_("Merge classes"))
        box.setText(_("Make {names} one class with {into}?").format(names=", ".join(names), into=into.name))
        box.setInformativeText(_("No file is moved or renamed, and Undo takes it back."))
        yes = box.addButton(_("Merge"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(_("Keep apart"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(yes)
        yes.clicked.connect(lambda: self._session.decide(merge(names, into.name)))
        box.open()

    def _leave_out_chosen(self) -> None:
        self._session.decide(leave_out([row.name for row in self.table.chosen if not row.is_left_out]))

    def _take_back_chosen(self) -> None:
        self._session.decide(take_back([row.name for row in self.table.chosen if row.is_left_out]))

    def _use_split(self) -> None:
        found, shares = self._session.found, self.splits.shares
        if found is not None:
            self._session.decide(lambda book: book.plan_split(found, *shares))

    # ---- wiring

    def _action(self, name: str, text: str, act: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        action.triggered.connect(lambda _checked=False: act())
        self.table.addAction(action)
        button = QPushButton(text)
        button.setObjectName(f"{name}Button")
        button.setAccessibleName(text)
        button.setProperty("role", "link")
        button.clicked.connect(action.trigger)
        action.enabledChanged.connect(button.setEnabled)
        self._card.header.addWidget(button)
        return action

    def _lay_out(self) -> None:
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._card.header.insertWidget(1, self._count)
        self._card.body.addWidget(self.table, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addWidget(self.splits)
        column.addWidget(self._card, 1)

    def _connect(self) -> None:
        self._session.opened.connect(self._show)
        self._session.changed.connect(self._show)
        self._session.failed.connect(lambda _error: self._show())
        self._patience.timeout.connect(self._ask_preview)
        self.splits.edited.connect(self._patience.start)
        self.splits.use_asked.connect(self._use_split)
        self.splits.forget_asked.connect(lambda: self._session.decide(lambda book: book.forget_split()))
        self.table.selected.connect(self._show_possible)
        self.table.classes.rename_asked.connect(self._ask_rename)


def _share(dataset: Dataset) -> float:
    """The part of training and validation that validation is."""
    validation, train = len(dataset.splits["validation"]), len(dataset.splits["train"])
    return round(validation / max(1, validation + train), 3)
