"""The stack of pages: what is out of view costs no layout."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from cnn_desktop.ui.widgets.page_stack import PageStack


class _Page(QWidget):
    """Counts how often it is asked for its height."""

    def __init__(self, size: QSize) -> None:
        super().__init__()
        self.size_wanted, self.asked = size, 0
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @override
    def sizeHint(self) -> QSize:
        return self.size_wanted

    @override
    def minimumSizeHint(self) -> QSize:
        return self.size_wanted

    @override
    def heightForWidth(self, width: int) -> int:
        self.asked += 1
        return self.size_wanted.height()


def _window(qtbot: QtBot, stack: QStackedWidget) -> tuple[QWidget, QLabel, _Page, _Page]:
    """A label above a stack of a small page in view and a large one that isn't."""
    window, label = QWidget(), QLabel("short")
    label.setWordWrap(True)
    column = QVBoxLayout(window)
    column.addWidget(label)
    column.addWidget(stack)
    small, large = _Page(QSize(120, 80)), _Page(QSize(900, 700))
    for page in (small, large):
        stack.addWidget(page)
    qtbot.addWidget(window)
    window.resize(400, 300)
    window.show()
    qtbot.waitExposed(window)
    return window, label, small, large


@pytest.mark.parametrize(("kind", "is_asked"), [(PageStack, False), (QStackedWidget, True)])
def test_a_hidden_page_is_not_measured(qtbot: QtBot, kind: type[QStackedWidget], is_asked: bool) -> None:
    _window_in_view, label, _small, large = _window(qtbot, kind())
    large.asked = 0
    label.setText("words that need several lines " * 9)
    qtbot.wait(50)
    assert bool(large.asked) == is_asked


def test_the_page_in_view_says_how_much_room_it_needs(qtbot: QtBot) -> None:
    stack = PageStack()
    window, _label, small, large = _window(qtbot, stack)
    assert stack.minimumSizeHint() == small.size_wanted
    stack.setCurrentWidget(large)
    assert stack.sizeHint() == stack.minimumSizeHint() == large.size_wanted
    qtbot.waitUntil(lambda: window.width() >= 900)
