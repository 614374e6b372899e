"""The tabs below the figures, each made when it is first shown, and brought up to date when it is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.evaluate.result_panel import ResultPanel
from cnn_desktop.ui.pages.evaluate.session import EvaluationSession
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.page_stack import PageStack


@dataclass(frozen=True)
class Tab:
    """A tab and how its panel is made."""

    name: str
    title: str
    make: Callable[[AppContext, EvaluationSession], ResultPanel]


class Panels(QWidget):
    """A row of tabs and the panel of the one that is chosen."""

    def __init__(self, context: AppContext, session: EvaluationSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._session = context, session
        self._made: dict[str, ResultPanel] = {}
        self.bar = QTabBar()
        self.bar.setObjectName("evaluateTabs")
        self.bar.setAccessibleName(_("What is shown of the evaluation"))
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(False)
        for tab in TABS:
            self.bar.addTab(tab.title)
        self._stack = PageStack()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        self.bar.currentChanged.connect(lambda _index: self.show_panel())
        session.evaluated.connect(self.show_panel)
        session.revised.connect(self.show_panel)

    def choose(self, name: str) -> ResultPanel:
        """Bring a tab to the front, made and up to date."""
        self.bar.setCurrentIndex([tab.name for tab in TABS].index(name))
        return self.show_panel()

    def shutdown(self) -> None:
        """End what the panels do in the background."""
        for panel in self._made.values():
            panel.shutdown()

    def show_panel(self) -> ResultPanel:
        """Show the result on the chosen tab."""
        tab = TABS[self.bar.currentIndex()]
        if tab.name not in self._made:
            self._made[tab.name] = tab.make(self._context, self._session)
            self._made[tab.name].setObjectName(f"{tab.name}Panel")
            self._made[tab.name].class_asked.connect(self._show_class)
            self._stack.addWidget(self._made[tab.name])
        panel = self._made[tab.name]
        self._stack.setCurrentWidget(panel)
        panel.take(self._session.result)
        return panel

    def _show_class(self, place: int) -> None:
        self.choose("confusion").show_class(place)


def _overview(context: AppContext, session: EvaluationSession) -> ResultPanel:
    from cnn_desktop.ui.pages.evaluate.overview.panel import OverviewPanel

    return OverviewPanel(context, session)


def _confusion(context: AppContext, session: EvaluationSession) -> ResultPanel:
    from cnn_desktop.ui.pages.evaluate.confusion.panel import ConfusionPanel

    return ConfusionPanel(context, session)


def _mistakes(context: AppContext, session: EvaluationSession) -> ResultPanel:
    from cnn_desktop.ui.pages.evaluate.mistakes.panel import MistakesPanel

    return MistakesPanel(context, session)


def _curves(context: AppContext, session: EvaluationSession) -> ResultPanel:
    from cnn_desktop.ui.pages.evaluate.curves.panel import CurvesPanel

    return CurvesPanel(context, session)


def _calibration(context: AppContext, session: EvaluationSession) -> ResultPanel:
    from cnn_desktop.ui.pages.evaluate.calibration.panel import CalibrationPanel

    return CalibrationPanel(context, session)


def _comparison(context: AppContext, session: EvaluationSession) -> ResultPanel:
    from cnn_desktop.ui.pages.evaluate.comparison.panel import ComparisonPanel

    return ComparisonPanel(context, session)


TABS = (
    Tab("overview", _("Overview"), _overview),
    Tab("confusion", _("Confusion"), _confusion),
    Tab("mistakes", _("Mistakes"), _mistakes),
    Tab("curves", _("Curves"), _curves),
    Tab("calibration", _("Calibration"), _calibration),
    Tab("comparison", _("Compare"), _comparison),
)
