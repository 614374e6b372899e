"""A card with several faces, of which one is shown: a row of titles instead of one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QTabBar, QWidget

from cnn_desktop.ui.pages.inspect.panel import Panel
from cnn_desktop.ui.widgets.card import Card


class FacesCard(Card):
    """Each face is a panel; what it has as `tools` stands at the right of the titles while it is shown."""

    def __init__(self, name: str, description: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.bar = QTabBar()
        self.bar.setObjectName(name)
        self.bar.setAccessibleName(description)
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(False)
        self.bar.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.header.insertWidget(0, self.bar, 0, Qt.AlignmentFlag.AlignTop)
        self._tools = QStackedWidget()
        self._tools.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._each_tools: list[QWidget] = []
        self.header.addWidget(self._tools, 1)
        self._faces = QStackedWidget()
        self.body.addWidget(self._faces, 1)
        self.bar.currentChanged.connect(self._show)

    def add_face(self, title: str, panel: Panel) -> None:
        """Add a face at the end."""
        self._faces.addWidget(panel)
        self._each_tools.append(panel.tools or QWidget())
        self._tools.addWidget(self._each_tools[-1])
        self.bar.addTab(title)
        self._show(self.bar.currentIndex())

    def show_face(self, panel: Panel) -> None:
        """Bring a face to the front."""
        self.bar.setCurrentIndex(self._faces.indexOf(panel))

    def shutdown(self) -> None:
        """End what the faces do in the background."""
        for index in range(self._faces.count()):
            face = self._faces.widget(index)
            assert isinstance(face, Panel)
            face.shutdown()

    def _show(self, index: int) -> None:
        for place, tools in enumerate(self._each_tools):
            # Those that aren't shown must not claim room.
            width = QSizePolicy.Policy.Preferred if place == index else QSizePolicy.Policy.Ignored
            tools.setSizePolicy(width, QSizePolicy.Policy.Preferred)
        self._tools.setCurrentIndex(index)
        self._faces.setCurrentIndex(index)
