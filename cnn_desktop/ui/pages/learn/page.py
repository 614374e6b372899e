"""The Learn page: the list of lessons, and the lesson that is open."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QStackedLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.lessons import lesson_text
from cnn_desktop.core.progress import Progress
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.learn.demo import Demo
from cnn_desktop.ui.pages.learn.lesson_view import LessonView
from cnn_desktop.ui.pages.learn.lessons import LESSONS
from cnn_desktop.ui.pages.learn.overview import Overview
from cnn_desktop.ui.pages.page import MenuName, Page


class LearnPage(Page):
    """A lesson's demo is made when it is first shown, and stays as the person left it."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._texts = [lesson_text(lesson.name) for lesson in LESSONS]
        self._demos: dict[int, Demo] = {}
        self._importing = JobRunner(self)
        self._has_engine = self._has_demos = False
        names = [lesson.name for lesson in LESSONS]
        kept = context.settings.settings.lesson
        self._at = names.index(kept) if kept in names else 0
        self._overview = Overview(LESSONS, self._texts)
        self._view = LessonView([text.title for text in self._texts])
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._overview)
        self._stack.addWidget(self._view)
        self._steps = [
            self._action("nextLesson", _("Next lesson"), "Ctrl+PgDown", lambda: self.open_lesson(self._at + 1)),
            self._action("previousLesson", _("Previous lesson"), "Ctrl+PgUp", lambda: self.open_lesson(self._at - 1)),
            self._action("allLessons", _("All lessons"), "Alt+Left", self.show_list),
        ]
        self._open = self._action("openLessonPicture", _("Open picture…"), QKeySequence.StandardKey.Open, self._browse)
        self._paste = self._action(
            "pasteLessonPicture", _("Paste picture"), QKeySequence.StandardKey.Paste, self._paste_picture
        )
        self._overview.lesson_asked.connect(self.open_lesson)
        self._overview.forget_asked.connect(self._forget)
        self._view.list_asked.connect(self.show_list)
        self._view.lesson_asked.connect(self.open_lesson)
        self._view.finished.connect(self._finish)
        self._view.onward_asked.connect(lambda: self.context.open_page(LESSONS[self._at].page))
        self._view.start_over_asked.connect(self._start_over)
        self.show_list()

    @override
    def engine_ready(self) -> None:
        self._has_engine = True
        self._show_demo_soon()

    @override
    def menu_actions(self) -> Mapping[MenuName, Sequence[QAction]]:
        return {"file": [self._open], "edit": [self._paste], "view": self._steps}

    @override
    def shutdown(self) -> None:
        self._importing.cancel()
        self._importing.wait()
        for demo in self._demos.values():
            demo.shutdown()

    def show_list(self) -> None:
        """Show all lessons."""
        self._stack.setCurrentWidget(self._overview)
        self._overview.show_progress(self._at, self._done)
        self._enable_actions()

    def open_lesson(self, at: int) -> None:
        """Show the lesson at the place `at`."""
        self._at = min(len(LESSONS) - 1, max(0, at))
        self.context.settings.change(lesson=LESSONS[self._at].name)
        self._view.show_lesson(self._at, LESSONS[self._at], self._texts[self._at], self._done)
        self._stack.setCurrentWidget(self._view)
        self._enable_actions()
        if self._at not in self._demos:
            self._view.wait("" if self._has_demos else _("Getting ready…"))
        self._show_demo_soon()

    @property
    def demo(self) -> Demo | None:
        """What the open lesson shows; None before it is made."""
        return self._demos.get(self._at) if self._is_open else None

    @property
    def _is_open(self) -> bool:
        """Whether a lesson is shown, not the list."""
        return self._stack.currentWidget() is self._view

    @property
    def _done(self) -> set[int]:
        done = self.context.settings.settings.lessons_done
        return {place for place, lesson in enumerate(LESSONS) if lesson.name in done}

    def _show_demo_soon(self) -> None:
        """Import the demos where that wasn't done; then let the text be painted first."""
        if self._has_demos:
            QTimer.singleShot(0, self._show_demo)
        elif self._has_engine and self._is_open and not self._importing.is_running:
            self._importing.start(_import_demos, on_done=self._on_imported)

    def _on_imported(self, _nothing: None) -> None:
        self._has_demos = True
        self._show_demo()

    def _show_demo(self) -> None:
        if not self._is_open:
            return
        if self._at not in self._demos:
            self._demos[self._at] = LESSONS[self._at].make_demo(self.context)
            self._demos[self._at].start_over()
        self._view.show_demo(self._demos[self._at])
        self._enable_actions()

    def _start_over(self) -> None:
        if self._at in self._demos:
            self._demos[self._at].start_over()

    def _finish(self) -> None:
        done = dict.fromkeys((*self.context.settings.settings.lessons_done, LESSONS[self._at].name))
        self.context.settings.change(lessons_done=tuple(done))
        if self._at + 1 < len(LESSONS):
            self.open_lesson(self._at + 1)
        else:
            self.show_list()

    def _forget(self) -> None:
        self.context.settings.change(lessons_done=(), lesson="")
        self._at = 0
        self.show_list()

    def _action(self, name: str, text: str, key: str | QKeySequence.StandardKey, act: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _checked=False: act())
        return action

    def _browse(self) -> None:
        if self.demo is not None:
            self.demo.browse()

    def _paste_picture(self) -> None:
        if self.demo is not None and not self.demo.take(QGuiApplication.clipboard().mimeData()):
            self.context.notify(_("The clipboard holds no picture: copy one, or a picture file, and paste again."))

    def _enable_actions(self) -> None:
        later, earlier, every = self._steps
        is_open = self._is_open
        later.setEnabled(is_open and self._at + 1 < len(LESSONS))
        earlier.setEnabled(is_open and self._at > 0)
        every.setEnabled(is_open)
        for action in (self._open, self._paste):
            action.setEnabled(self.demo is not None and self.demo.takes_pictures)


def _import_demos(progress: Progress) -> None:
    progress(0, 1)
    importlib.import_module("cnn_desktop.ui.pages.learn.demos")
