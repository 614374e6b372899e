"""The tab with every class and its figures."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.evaluate.overview.rows import rows_of
from cnn_desktop.ui.pages.evaluate.overview.table import ClassFiguresTable
from cnn_desktop.ui.pages.evaluate.result_panel import ResultPanel
from cnn_desktop.ui.pages.evaluate.session import EvaluationSession
from cnn_desktop.ui.pages.evaluate.work import Evaluated
from cnn_desktop.ui.widgets.card import Card, caption

_FEW = 12
"""So many classes are found without a filter."""


class OverviewPanel(ResultPanel):
    """The table, and a filter where there are many classes."""

    def __init__(self, context: AppContext, session: EvaluationSession, parent: QWidget | None = None) -> None:
        super().__init__(context, session, parent)
        self.table = ClassFiguresTable()
        self.table.class_asked.connect(self.class_asked)
        self._filter = QLineEdit()
        self._filter.setObjectName("classFilter")
        self._filter.setAccessibleName(_("Filter classes"))
        self._filter.setPlaceholderText(_("Filter classes"))
        self._filter.setClearButtonEnabled(True)
        self._filter.setMaximumWidth(240)
        self._filter.textChanged.connect(self.table.show_only)
        card = Card(_("Classes"))
        card.header.insertWidget(1, caption(_("A double click shows what a class is taken for.")))
        card.header.addWidget(self._filter)
        card.body.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    @override
    def show_result(self, result: Evaluated, *, is_revised: bool) -> None:
        self._filter.setVisible(len(result.answers.classes) > _FEW)
        if not is_revised:
            self._filter.clear()
        self.table.show_rows(rows_of(result))
