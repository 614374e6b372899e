"""The tabs of the Inspect page, each made when it is first chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.inspect.panel import Panel
from cnn_desktop.ui.pages.inspect.subject import Subject
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.page_stack import PageStack


@dataclass(frozen=True)
class Tab:
    """A tab and how its panel is made."""

    name: str
    title: str
    make: Callable[[AppContext, Subject], Panel]


class Tabs(QWidget):
    """A row of tabs and the panel of the one that is chosen."""

    def __init__(self, context: AppContext, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._subject = context, subject
        self._made: dict[str, Panel] = {}
        self.bar = QTabBar()
        self.bar.setObjectName("inspectTabs")
        self.bar.setAccessibleName(_("What is looked into"))
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideRight)
        for tab in TABS:
            self.bar.addTab(tab.title)
        self._stack = PageStack()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        self._show_panel()
        self.bar.currentChanged.connect(lambda _index: self._show_panel())

    @property
    def is_busy(self) -> bool:
        """Whether what is in sight still works on something."""
        panel = self._stack.currentWidget()
        return isinstance(panel, Panel) and panel.is_busy

    def choose(self, name: str) -> Panel:
        """Bring a tab to the front."""
        self.bar.setCurrentIndex([tab.name for tab in TABS].index(name))
        return self._show_panel()

    def shutdown(self) -> None:
        """End what the panels do in the background."""
        for panel in self._made.values():
            panel.shutdown()

    def _show_panel(self) -> Panel:
        tab = TABS[self.bar.currentIndex()]
        if tab.name not in self._made:
            panel = self._made[tab.name] = tab.make(self._context, self._subject)
            panel.setObjectName(f"{tab.name}Panel")
            self._stack.addWidget(panel)
        self._stack.setCurrentWidget(self._made[tab.name])
        return self._made[tab.name]


def _layers(context: AppContext, subject: Subject) -> Panel:
    from cnn_desktop.ui.pages.inspect.layers.panel import LayersPanel

    return LayersPanel(context, subject)


def _attribution(context: AppContext, subject: Subject) -> Panel:
    from cnn_desktop.ui.pages.inspect.attribution.panel import AttributionPanel

    return AttributionPanel(context, subject)


def _units(context: AppContext, subject: Subject) -> Panel:
    from cnn_desktop.ui.pages.inspect.units.panel import UnitsPanel

    return UnitsPanel(context, subject)


def _embedding(context: AppContext, subject: Subject) -> Panel:
    from cnn_desktop.ui.pages.inspect.embedding.panel import EmbeddingPanel

    return EmbeddingPanel(context, subject)


TABS = (
    Tab("layers", _("Layers"), _layers),
    Tab("attribution", _("Where it looks"), _attribution),
    Tab("units", _("What a unit wants"), _units),
    Tab("embedding", _("Map of the dataset"), _embedding),
)
