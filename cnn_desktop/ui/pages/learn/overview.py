"""The lessons side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.lessons import LessonText
from cnn_desktop.ui.pages.learn.lessons import Lesson
from cnn_desktop.ui.pages.learn.tile import LessonTile
from cnn_desktop.ui.theme import S4, S16
from cnn_desktop.ui.widgets.card import caption

_NARROWEST = 240
"""Pixels of a tile, from which on there is a column more."""


class Overview(QWidget):
    """A tile a lesson, and a button that goes on where one was."""

    lesson_asked = Signal(int)
    forget_asked = Signal()

    def __init__(self, lessons: Sequence[Lesson], texts: Sequence[LessonText], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._next = 0
        self._tiles = [
            LessonTile(lesson.name, number, text.title, text.summary)
            for number, (lesson, text) in enumerate(zip(lessons, texts, strict=True), start=1)
        ]
        for place, tile in enumerate(self._tiles):
            tile.clicked.connect(lambda _checked=False, place=place: self.lesson_asked.emit(place))
        self._go_on = QPushButton()
        self._go_on.setObjectName("lessonsGoOn")
        self._go_on.setProperty("role", "primary")
        self._go_on.clicked.connect(lambda: self.lesson_asked.emit(self._next))
        self._forget = QPushButton(_("Forget what is done"))
        self._forget.setObjectName("lessonsForget")
        self._forget.setAccessibleName(self._forget.text())
        self._forget.setProperty("role", "quiet")
        self._forget.clicked.connect(self.forget_asked)
        self._standing = caption()
        self._lay_out()

    def _lay_out(self) -> None:
        title = QLabel(_("How a network sees"))
        title.setProperty("role", "heading")
        words = QVBoxLayout()
        words.setSpacing(S4)
        words.addWidget(title)
        words.addWidget(self._standing)
        top = QHBoxLayout()
        top.setSpacing(S16)
        top.addLayout(words)
        top.addStretch()
        top.addWidget(self._forget)
        top.addWidget(self._go_on)
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(S16)
        self._columns = 0
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addLayout(top)
        column.addWidget(self._area, 1)

    def show_progress(self, at: int, done: Collection[int]) -> None:
        """Mark the lessons that are done, and the one to go on with: `at`, or the first that isn't done."""
        left = [place for place in range(len(self._tiles)) if place not in done]
        self._next = at if at in left or not left else left[0]
        for place, tile in enumerate(self._tiles):
            tile.show_state(is_done=place in done, is_current=bool(done) and bool(left) and place == self._next)
        if not done and not at:
            self._go_on.setText(_("Begin"))
            text = _("{count} short lessons. Everything you see can be changed, and is computed here, as you look.")
        else:
            self._go_on.setText(_("Go on with lesson {number}").format(number=self._next + 1))
            text = _("{done} of {count} lessons done. Everything you see can be changed, and is computed as you look.")
        self._standing.setText(text.format(count=len(self._tiles), done=len(done)))
        self._go_on.setAccessibleName(self._go_on.text())
        self._forget.setVisible(bool(done))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = next(count for count in (4, 3, 2, 1) if self.width() >= count * _NARROWEST or count == 1)
        if columns != self._columns:
            self._columns = columns
            for place, tile in enumerate(self._tiles):
                self._grid.addWidget(tile, *divmod(place, columns))
