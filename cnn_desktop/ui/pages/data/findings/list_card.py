"""What was found, to choose from; and what can be done with the whole report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QMenu, QPushButton, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.data.findings.finding_rows import FINDING_ROLE, FindingDelegate, FindingsModel
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.card import Card

if TYPE_CHECKING:
    from cnn_desktop.data.health.report import Finding, HealthReport

_NARROWEST, _WIDEST = 216, 272


class FindingsCard(Card):
    """The list, Check again, Save, and the search for mislabels."""

    chosen = Signal()
    check_asked = Signal()
    mislabels_asked = Signal()
    save_asked = Signal(str)
    """“html” or “json”."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.title.hide()
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDEST)
        self.model = FindingsModel(self)
        self.view = _List()
        self.view.setObjectName("findingsList")
        self.view.setAccessibleName(_("Findings"))
        self.view.setModel(self.model)
        self.view.setItemDelegate(FindingDelegate(self.view))
        self.view.setMouseTracking(True)
        self.view.selectionModel().currentChanged.connect(lambda _now, _before: self.chosen.emit())
        mislabels = _button("findMislabelsButton", _("Find mislabels…"))
        mislabels.setToolTip(_("Find pictures that a model takes for those of another class"))
        mislabels.clicked.connect(self.mislabels_asked)
        again = _button("checkAgainButton", _("Check again"))
        again.clicked.connect(self.check_asked)
        self._save = _button("saveReportButton", _("Save"))
        self._save.setAccessibleName(_("Save the report"))
        menu = QMenu(self._save)
        for kind, text in (("html", _("As a page (HTML)…")), ("json", _("As data (JSON)…"))):
            menu.addAction(text).triggered.connect(lambda _on=False, kind=kind: self.save_asked.emit(kind))
        self._save.setMenu(menu)
        buttons = QHBoxLayout()
        buttons.setSpacing(S4)
        buttons.addWidget(again, 1)
        buttons.addWidget(self._save)
        self.body.addWidget(self.view, 1)
        self.body.addWidget(mislabels)
        self.body.addLayout(buttons)
        outer = self.layout()
        assert outer is not None
        outer.setContentsMargins(S8, S8, S8, S8)

    @property
    def finding(self) -> Finding | None:
        """The chosen finding; None for the figures."""
        return self.view.currentIndex().data(FINDING_ROLE)

    @property
    def number(self) -> int:
        """Which finding is chosen, from 0; -1 for the figures."""
        return self.view.currentIndex().row() - 1

    def show_report(self, report: HealthReport | None) -> None:
        """List another report's findings, with the one chosen that is of the same kind as the one before."""
        kind = self.finding.kind if self.finding else None
        self.model.show_report(report)
        findings = report.findings if report else ()
        row = next((row for row, finding in enumerate(findings, 1) if finding.kind == kind), 0)
        self.view.setCurrentIndex(self.model.index(row, 0))

    def choose(self, kind: str) -> None:
        """Choose the first finding of that kind, where there is one."""
        for row in range(1, self.model.rowCount()):
            if self.model.index(row, 0).data(FINDING_ROLE).kind == kind:
                self.view.setCurrentIndex(self.model.index(row, 0))
                return


class _List(QListView):
    def __init__(self) -> None:
        super().__init__()
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(self.horizontalScrollBarPolicy().ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()  # titles wrap at another width


def _button(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    return button
