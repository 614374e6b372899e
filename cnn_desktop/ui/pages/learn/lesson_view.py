"""One lesson: its text at the left, what it shows at the right."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.lessons import LessonText
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.learn.demo import Demo
from cnn_desktop.ui.pages.learn.dots import Dots
from cnn_desktop.ui.pages.learn.lessons import Lesson
from cnn_desktop.ui.pages.learn.text_card import TextCard
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.empty_state import EmptyState

_WIDE = 980
"""Pixels from which on the text has more room."""
_TEXT, _NARROW_TEXT = 336, 280


class LessonView(QWidget):
    """Shows a lesson, and asks for another one."""

    list_asked = Signal()
    lesson_asked = Signal(int)
    """Another lesson, by its place."""
    finished = Signal()
    """A person goes on: the lesson is done."""
    onward_asked = Signal()
    """A person wants to see the same in their own work."""
    start_over_asked = Signal()

    def __init__(self, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._at = 0
        self._count = len(titles)
        self.text = TextCard()
        self.text.setObjectName("lessonText")
        self._dots = Dots(tuple(titles))
        self._place = caption()
        self._list = _button("lessonList", _("All lessons"), "quiet", "chevron-left")
        self._over = _button("lessonStartOver", _("Start over"), "quiet", "undo")
        self._onward = _button("lessonOnward", _("Go on"), "link")
        self._back = _button("lessonBack", _("Back"), "")
        self._next = _button("lessonNext", _("Next"), "primary")
        self._waiting = EmptyState()
        self._demos = QStackedWidget()
        self._demos.addWidget(self._waiting)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(self._demos)
        self._card = Card()
        self._card.setObjectName("lessonDemo")
        self._card.body.addWidget(self._area, 1)
        self._lay_out()
        self._list.clicked.connect(self.list_asked)
        self._over.clicked.connect(self.start_over_asked)
        self._onward.clicked.connect(self.onward_asked)
        self._back.clicked.connect(lambda: self.lesson_asked.emit(self._at - 1))
        self._next.clicked.connect(self.finished)
        self._dots.chosen.connect(self.lesson_asked)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(S16)
        top.addWidget(self._list)
        top.addStretch()
        top.addWidget(self._place)
        top.addWidget(self._dots)
        steps = QHBoxLayout()
        steps.setSpacing(S8)
        steps.addWidget(self._back, 1)
        steps.addWidget(self._next, 2)
        left = QVBoxLayout()
        left.setSpacing(S16)
        left.addWidget(self.text, 1)
        left.addLayout(steps)
        below = QHBoxLayout()
        below.addWidget(self._over)
        below.addStretch()
        below.addWidget(self._onward)
        self._card.body.addLayout(below)
        both = QHBoxLayout()
        both.setSpacing(S16)
        both.addLayout(left)
        both.addWidget(self._card, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S8)
        column.addLayout(top)
        column.addLayout(both, 1)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.text.setFixedWidth(_TEXT if self.width() >= _WIDE else _NARROW_TEXT)

    def show_lesson(self, at: int, lesson: Lesson, text: LessonText, done: Collection[int]) -> None:
        """Show the text of the lesson at the place `at`."""
        self._at = at
        self.text.show_text(text)
        self._dots.show_progress(at, done)
        self._place.setText(_("Lesson {number} of {count}").format(number=at + 1, count=self._count))
        self._onward.setText(f"{lesson.onward}  ›")
        self._onward.setAccessibleName(lesson.onward)
        self._back.setEnabled(at > 0)
        is_last = at == self._count - 1
        self._next.setText(_("Finish") if is_last else _("Next"))
        self._next.setAccessibleName(self._next.text())

    def show_demo(self, demo: Demo) -> None:
        """Show what the lesson shows."""
        if self._demos.indexOf(demo) < 0:
            demo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            self._demos.addWidget(demo)
        self._bring_forward(demo)
        self._area.verticalScrollBar().setValue(0)

    def wait(self, sentence: str) -> None:
        """Say why there is nothing to see yet."""
        self._waiting.tell(sentence)
        self._bring_forward(self._waiting)

    def _bring_forward(self, widget: QWidget) -> None:
        """Show it, and let it alone say how much room is needed: a stack asks for that of its largest page."""
        ignored, preferred = QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
        if (last := self._demos.currentWidget()) is not None:
            last.setSizePolicy(ignored, ignored)
        widget.setSizePolicy(preferred, preferred)
        self._demos.setCurrentWidget(widget)


def _button(object_name: str, text: str, role: str, icon: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(object_name)
    button.setAccessibleName(text)
    button.setProperty("role", role)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon:
        set_icon(button, icon)
    return button
