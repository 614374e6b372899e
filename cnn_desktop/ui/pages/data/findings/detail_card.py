"""The chosen finding: what it means, its pictures, and what can be done about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QStackedWidget, QToolButton, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.data.findings.file_list import FileList
from cnn_desktop.ui.pages.data.findings.group_grid import GroupGrid
from cnn_desktop.ui.pages.data.findings.overview import Overview
from cnn_desktop.ui.pages.data.findings.standing import ALONE, Group, GroupPicture, Standing, Tally
from cnn_desktop.ui.pages.data.pictures.actions import PictureActions
from cnn_desktop.ui.theme import S4
from cnn_desktop.ui.widgets.card import Card, caption

if TYPE_CHECKING:
    from cnn_desktop.data.health.report import Finding, HealthReport
    from cnn_desktop.ui.pages.data.session import DatasetSession

_WIDE = 600
"""Pixels from which on there is room for words on the buttons."""
_MOST = 2000
"""Pictures that are shown of one finding."""
_FILES = frozenset({"unreadable", "skipped_files"})


class FindingCard(Card):
    """The pictures of a finding; decisions go through the session. Without a finding, the figures of the report."""

    picture_opened = Signal()
    """The grid's current picture is to be shown large."""

    def __init__(self, session: DatasetSession, parent: QWidget | None = None) -> None:
        super().__init__(" ", parent)
        self._session = session
        self._finding: Finding | None = None
        self._standing: Standing | None = None
        self._tally: Tally | None = None
        self.overview, self.files = Overview(), FileList()
        self.grid = GroupGrid(_("Pictures of the finding"))
        self.grid.setObjectName("findingGrid")
        self.actions_ = PictureActions(self.grid)
        self.main = QPushButton()
        self.main.setObjectName("settleFindingButton")
        self.keep = QToolButton()
        self._prepare_keep()
        self._sentence, self._note = QLabel(), caption()
        for label in (self.title, self._sentence, self._note):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setObjectName("findingSentence")
        self._sentence.setProperty("role", "caption")
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self._connect()

    def shutdown(self) -> None:
        """Wait for the threads that load."""
        self.grid.shutdown()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.actions_.show_texts(self.width() >= _WIDE)
        style = Qt.ToolButtonStyle
        words = style.ToolButtonTextBesideIcon if self.width() >= _WIDE else style.ToolButtonIconOnly
        self.keep.setToolButtonStyle(words)

    def show_report(self, report: HealthReport) -> None:
        """Show the figures."""
        self._finding = None
        self.set_title(_("Figures"))
        nothing = _("Nothing was found that you should worry about.")
        self._say("" if report.findings else nothing)
        self._note.hide()
        self._tools.hide()
        self.overview.show_facts(report.facts, report.classes)
        self._stack.setCurrentWidget(self.overview)

    def show_finding(self, finding: Finding, standing: Standing | None, tally: Tally | None) -> None:
        """Show a finding's pictures, or its files; without `standing` and `tally` they are still looked up."""
        is_other = finding is not self._finding
        self._finding, self._standing, self._tally = finding, standing, tally
        self.set_title(finding.title)
        self._say(finding.sentence)
        has_files = finding.kind in _FILES
        self._tools.setVisible(bool(finding.groups) and not has_files)
        self._note.setVisible(False)
        self._stack.setVisible(bool(finding.groups))
        if has_files:
            self.files.show_files(finding.keys, finding.marks)
            self._stack.setCurrentWidget(self.files)
            return
        self._stack.setCurrentWidget(self.grid)
        if standing is None or tally is None:
            self.grid.show_groups(None, [])
        else:
            self._show_pictures(standing.pictures(finding, _MOST), standing, tally)
        if is_other:
            self.grid.verticalScrollBar().setValue(0)

    def _lay_out(self) -> None:
        self.header.setStretch(0, 1)
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.header.setStretch(1, 0)
        self._tools = QWidget()
        row = QHBoxLayout(self._tools)
        row.setContentsMargins(0, S4, 0, 0)
        row.setSpacing(S4)
        row.addWidget(self.main)
        row.addStretch(1)
        row.addWidget(self.keep)
        for action in (self.actions_.leave_out, self.actions_.move, self.actions_.take_back):
            row.addWidget(self.actions_.button(action))
        self._stack = QStackedWidget()
        for view in (self.overview, self.grid, self.files):
            self._stack.addWidget(view)
        for widget in (self._sentence, self._tools, self._note):
            self.body.addWidget(widget)
        self.body.addWidget(self._stack, 1)
        self.body.addStretch(0)

    def _prepare_keep(self) -> None:
        self.keep.setObjectName("keepPicturesButton")
        self.keep.setText(_("Keep"))
        self.keep.setAccessibleName(_("Keep"))
        self.keep.setToolTip(_("Keep the chosen pictures and those beside them as they are"))
        set_icon(self.keep, "check")
        self.keep.clicked.connect(self._keep)

    def _connect(self) -> None:
        self.main.clicked.connect(self._settle)
        self.grid.selection_changed.connect(self._show_chosen)
        self.grid.context_menu_asked.connect(self._open_menu)
        self.grid.picture_opened.connect(lambda _ref: self.picture_opened.emit())
        self.actions_.open.triggered.connect(lambda _on: self.picture_opened.emit())
        self.actions_.choose_all.triggered.connect(self.grid.choose_all)
        self.actions_.leave_out.triggered.connect(self._leave_out)
        self.actions_.take_back.triggered.connect(lambda: self._session.take_back(self.grid.chosen_keys()))
        self.actions_.move_asked.connect(lambda name: self._session.move(self.grid.chosen_keys(), name))

    def _say(self, text: str) -> None:
        self._sentence.setText(text)
        self._sentence.setVisible(bool(text))

    def _show_pictures(self, groups: list[list[GroupPicture]], standing: Standing, tally: Tally) -> None:
        self.grid.show_groups(standing.found, groups)
        if self._session.dataset is not None:
            self.actions_.offer_classes(self._session.dataset.classes)
        shown = sum(map(len, groups))
        self._note.setVisible(shown < tally.pictures)
        self._note.setText(_("{shown:,} of {total:,} pictures are shown.").format(shown=shown, total=tally.pictures))
        self._show_chosen()

    def facts(self, place: int) -> str:
        """What is known of the picture at a place of the grid, as a line each."""
        picture = self.grid.picture(place)
        lines = [picture.caption, picture.badge, self._finding.title if self._finding else ""]
        return "\n".join(line for line in lines if line)

    # ---- deciding

    def _chosen_groups(self) -> list[Group]:
        chosen = set(self.grid.chosen_keys())
        return [group for group in self._finding.groups if not chosen.isdisjoint(group)] if self._finding else []

    def _show_chosen(self) -> None:
        finding, standing, tally = self._finding, self._standing, self._tally
        if finding is None or standing is None or tally is None:
            return
        chosen = self.grid.chosen_keys()
        left_out = [key for key in chosen if key not in standing.places]
        decided = left_out or any(key in standing.decisions.moved for key in chosen) or self._has_kept(chosen)
        self.actions_.show_for(len(chosen), are_left_out=len(left_out) == len(chosen) > 0, can_take_back=bool(decided))
        self.keep.setEnabled(bool(chosen))
        if finding.kind in ALONE:
            movable = self._suggested()
            self.main.setVisible(bool(finding.suggestions))
            self._show_main(_("Move as suggested"), bool(movable))
            self.main.setToolTip(_("Count the chosen pictures to the classes that the model takes them for"))
        else:
            count = len(standing.copies(self._chosen_groups())) if chosen else tally.copies
            text = ngettext("Leave out {count:,} copy", "Leave out {count:,} copies", count).format(count=count)
            text = text if count else _("Leave out copies")
            self.main.setVisible(True)
            self._show_main(text, count > 0)
            self.main.setToolTip(_("Keep the first of each group and leave out the others"))

    def _show_main(self, text: str, is_enabled: bool) -> None:
        self.main.setText(text)
        self.main.setAccessibleName(text)
        self.main.setEnabled(is_enabled)

    def _has_kept(self, keys: list[str]) -> bool:
        assert self._finding is not None and self._standing is not None
        kept = self._standing.decisions.kept.get(self._finding.kind, ())
        return any(key in group for group in kept for key in keys)

    def _suggested(self) -> dict[str, list[str]]:
        """The chosen pictures by the class that is suggested for them."""
        by_class: dict[str, list[str]] = {}
        for key in self.grid.chosen_keys():
            if self._finding is not None and key in self._finding.suggestions:
                by_class.setdefault(self._finding.suggestions[key], []).append(key)
        return by_class

    def _settle(self) -> None:
        """Do what most finally settles the finding: leave out copies, or follow suggestions."""
        finding, standing = self._finding, self._standing
        if finding is None or standing is None:
            return
        if finding.kind in ALONE:
            for name, keys in self._suggested().items():
                self._session.move(keys, name)
            return
        chosen, why = self._chosen_groups(), self._why()
        self._session.decide(lambda book: book.leave_out(standing.copies(chosen or standing.open_groups(finding)), why))

    def _leave_out(self) -> None:
        self._session.leave_out(self.grid.chosen_keys(), self._why())

    def _keep(self) -> None:
        if self._finding is not None:
            kind, groups = self._finding.kind, self._chosen_groups()
            self._session.decide(lambda book: book.keep(kind, groups))

    def _why(self) -> str:
        match self._finding.kind if self._finding else "":
            case "exact_duplicates" | "near_duplicates" | "leaks":
                return _("a copy of another picture")
            case "torn":
                return _("in more than one class")
            case "mislabels":
                return _("likely in the wrong class")
            case _:
                return _("by hand")

    def _open_menu(self, position: QPoint) -> None:
        self.actions_.menu().popup(position)
