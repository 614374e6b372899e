"""The tabs below the figures, each made when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.data.session import DatasetSession
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.page_stack import PageStack

MakePanel = Callable[[AppContext, DatasetSession], QWidget]


@dataclass(frozen=True)
class Tab:
    """A tab and how its panel is made."""

    name: str
    title: str
    make: MakePanel


class Panels(QWidget):
    """A row of tabs and the panel of the one that is chosen."""

    def __init__(self, context: AppContext, session: DatasetSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._session = context, session
        self._made: dict[str, QWidget] = {}
        self.bar = QTabBar()
        self.bar.setObjectName("dataTabs")
        self.bar.setAccessibleName(_("What is shown of the dataset"))
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
        self.bar.currentChanged.connect(lambda _index: self._show_panel())
        session.report_changed.connect(self._show_count)

    def choose(self, name: str) -> None:
        """Bring a tab to the front."""
        self.bar.setCurrentIndex([tab.name for tab in TABS].index(name))
        self._show_panel()

    def shutdown(self) -> None:
        """End what the panels do in the background."""
        for panel in self._made.values():
            if (end := getattr(panel, "shutdown", None)) is not None:
                end()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_panel()

    def _show_count(self) -> None:
        """Say on its tab how many findings there are."""
        report, place = self._session.report, [tab.name for tab in TABS].index("findings")
        title = TABS[place].title
        text = _("{title} · {count}").format(title=title, count=len(report.findings)) if report else title
        self.bar.setTabText(place, text)

    def _show_panel(self) -> None:
        tab = TABS[self.bar.currentIndex()]
        if tab.name not in self._made:
            self._made[tab.name] = tab.make(self._context, self._session)
            self._made[tab.name].setObjectName(f"{tab.name}Panel")
            self._stack.addWidget(self._made[tab.name])
        self._stack.setCurrentWidget(self._made[tab.name])


def _pictures(context: AppContext, session: DatasetSession) -> QWidget:
    from cnn_desktop.ui.pages.data.pictures_panel import PicturesPanel

    return PicturesPanel(context, session)


def _findings(context: AppContext, session: DatasetSession) -> QWidget:
    from cnn_desktop.ui.pages.data.findings_panel import FindingsPanel

    return FindingsPanel(context, session)


def _classes(context: AppContext, session: DatasetSession) -> QWidget:
    from cnn_desktop.ui.pages.data.classes_panel import ClassesPanel

    return ClassesPanel(context, session)


def _augmentation(context: AppContext, session: DatasetSession) -> QWidget:
    from cnn_desktop.ui.pages.data.augmentation_panel import AugmentationPanel

    return AugmentationPanel(context, session)


TABS = (
    Tab("pictures", _("Pictures"), _pictures),
    Tab("findings", _("Findings"), _findings),
    Tab("classes", _("Classes and splits"), _classes),
    Tab("augmentation", _("Augmentation"), _augmentation),
)
