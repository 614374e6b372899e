"""The Predict page: choose a model, give it a picture or many, read the ten best classes."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QHideEvent, QImage
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.model_page import ModelPage
from cnn_desktop.ui.pages.page import MenuName
from cnn_desktop.ui.pages.picture_actions import picture_actions
from cnn_desktop.ui.pages.pictures import from_file, pasted
from cnn_desktop.ui.pages.predict.answer_column import AnswerColumn
from cnn_desktop.ui.pages.predict.answering import Answer
from cnn_desktop.ui.pages.predict.compared_column import ComparedColumn
from cnn_desktop.ui.pages.predict.intake import Intake, look_through
from cnn_desktop.ui.pages.predict.live import LivePanel
from cnn_desktop.ui.pages.predict.many import ManyPanel
from cnn_desktop.ui.pages.predict.one_view import OneView
from cnn_desktop.ui.pages.predict.top_row import TopRow
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.drop_veil import DropVeil
from cnn_desktop.ui.widgets.dropped import paths_in, picture_in

if TYPE_CHECKING:
    from cnn_desktop.predict.classifier import Classifier

_MOST_COLUMNS = 3


class PredictPage(ModelPage):
    """One picture, many, or a moving one: three views of the same model, of which one is shown."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "modelPicker", parent)
        self._main = AnswerColumn(context, self._chooser, "predictionTable")
        self._top = TopRow(self._chooser.picker)
        self._one = OneView(context, self._main)
        self._many = ManyPanel(context)
        self._live = LivePanel(context)
        self._waiting: Intake | None = None
        """Many pictures or a video, given before the model was ready."""
        self._running: Intake | None = None
        """Those that are, or were last, shown."""
        self._dropped_at: float | None = None
        self.zone = self._one.card.zone
        self._panel = self._one.card.panel
        self._back = self._one.card.back
        self._lay_out()
        self._veil = DropVeil(_("Drop to ask the model"), self)
        self.setAcceptDrops(True)
        self._actions = self._make_actions()
        self._connect()
        self._top.show_threshold(context.settings.settings.unsure_below)

    @override
    def shutdown(self) -> None:
        self._live.shutdown()
        self._many.shutdown()
        self._one.shutdown()
        super().shutdown()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous() and self._stack.currentWidget() is self._live:
            self._show(self._one)  # nobody films or plays what isn't seen

    def _lay_out(self) -> None:
        self._stack = QStackedLayout()
        for view in (self._one, self._many, self._live):
            self._stack.addWidget(view)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(S16)
        page.addWidget(self._top)
        page.addWidget(self._chooser.panel)
        page.addLayout(self._stack, 1)

    def _make_actions(self) -> Mapping[MenuName, Sequence[QAction]]:
        folder = QAction(_("Open folder of pictures…"), self)
        folder.triggered.connect(self.zone.browse_folder)
        camera = QAction(_("Watch the camera"), self)
        camera.triggered.connect(self._watch_camera)
        compare = QAction(_("Compare with another model"), self)
        compare.triggered.connect(self._compare)
        looked = QAction(_("Where the model looked"), self)
        looked.setShortcut("Ctrl+L")
        looked.triggered.connect(self._one.card.look.switch.toggle)
        inside = QAction(_("Look inside the model with this picture"), self)
        inside.triggered.connect(self._look_inside)
        shared = picture_actions(self, self._chooser, self._panel)
        first, *others = shared["file"]
        return {
            "file": [first, folder, camera, *others],
            "edit": shared["edit"],
            "view": [*shared["view"], compare, looked, inside],
        }

    def _connect(self) -> None:
        self.zone.paths_given.connect(self._on_paths)
        self.zone.picture_given.connect(self._on_data)
        self.zone.refused.connect(self._on_refused)
        self._back.clicked.connect(lambda: self._show(self._many))
        self._one.card.camera_asked.connect(self._watch_camera)
        self._panel.stepped.connect(self._one.history.step)
        self._top.compare_asked.connect(self._compare)
        self._top.threshold_changed.connect(self._on_threshold)
        self._main.ready.connect(self._on_ready)
        self._main.answered.connect(self._on_answer)
        self._main.closed.connect(self._top.time.clear)
        self._one.history.asked.connect(lambda _entry: self._back.hide())
        self._many.picture_asked.connect(self._show_of_many)
        for panel in (self._many, self._live):
            panel.closed.connect(lambda: self._show(self._one))

    def _on_paths(self, paths: list[Path]) -> None:
        self._dropped_at = time.perf_counter()
        self._gathering.start(look_through, paths, on_done=self._take, on_error=self._on_error)

    def _on_data(self, data: QImage) -> None:
        self._dropped_at = time.perf_counter()
        self._gathering.cancel()
        self._leave_many()
        self._one.show_given(pasted(data))

    def _take(self, intake: Intake) -> None:
        if intake.kind == "model":
            self._chooser.choose(str(intake.paths[0]))
            return
        self._waiting = self._running = None
        if intake.kind == "picture":
            self._leave_many()
            self._one.show_given(from_file(intake.paths[0]))
        elif self._main.classifier is not None:
            self._start(intake, self._main.classifier)
        else:
            self._waiting = intake
            self._one.show_nothing()

    def _start(self, intake: Intake, classifier: Classifier) -> None:
        """Let the model loose on many pictures, a video or what the camera sees."""
        self._running = intake
        self._one.show_nothing()
        self._back.setVisible(intake.kind == "many")
        self._top.time.clear()
        if intake.kind == "many":
            self._show(self._many)
            self._many.start(intake.paths, classifier)
            return
        self._show(self._live)
        if intake.kind == "video":
            self._live.watch_file(intake.paths[0], classifier)
        else:
            self._live.watch_camera(classifier)

    def _watch_camera(self) -> None:
        self._take(Intake("camera", []))

    def _show(self, view: QWidget) -> None:
        if view is not self._live:
            self._live.stop()
        self._stack.setCurrentWidget(view)
        self._offer_comparing()

    def _show_of_many(self, path: Path) -> None:
        """A picture of the table alone, with a way back."""
        self._dropped_at = None
        self._show(self._one)
        self._one.show_given(from_file(path))

    def _leave_many(self) -> None:
        """The next picture isn't one of the table's."""
        self._back.hide()
        self._show(self._one)

    def _on_ready(self) -> None:
        classifier = self._main.classifier
        if classifier is None:
            return
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self._start(waiting, classifier)
        elif self._stack.currentWidget() is self._live:
            self._live.use(classifier)
        elif self._stack.currentWidget() is self._many and self._running is not None:
            self._start(self._running, classifier)  # the same pictures, by another model

    def _on_answer(self, answer: Answer) -> None:
        self._top.time.clear()
        if self._dropped_at is not None and answer.guesses:
            milliseconds = 1000 * (time.perf_counter() - self._dropped_at)
            self._top.time.setText(_("{count:,.0f} ms from drop to answer").format(count=milliseconds))
        self._dropped_at = None

    def _on_threshold(self, threshold: float) -> None:
        self.context.settings.change(unsure_below=threshold)
        self._one.show_threshold(threshold)
        self._many.show_threshold(threshold)
        self._live.show_threshold(threshold)

    def _on_refused(self, reason: str) -> None:
        """What was given is no picture; the one before goes too, so that nothing looks like its answer."""
        self._leave_many()
        self._one.show_nothing(reason)

    def _on_error(self, error: Exception) -> None:
        self._on_refused(one_line(error))
        if not isinstance(error, CnnDesktopError):
            self.context.notify_error(error)

    def _compare(self) -> None:
        """Put another model beside those that are asked."""
        if len(self._one.columns) >= _MOST_COLUMNS or not self._top.compare.isEnabled():
            return
        taken = {column.chooser.picker.objectName() for column in self._one.columns}
        number = next(n for n in range(1, _MOST_COLUMNS) if f"comparePicker{n}" not in taken)
        column = ComparedColumn(self.context, number, self)
        column.removed.connect(lambda: self._stop_comparing(column))
        column.show_threshold(self.context.settings.settings.unsure_below)
        self._one.add_column(column)
        self._offer_comparing()
        column.chooser.refresh()
        if other := self._other_model():
            column.chooser.choose(other)

    def _look_inside(self) -> None:
        """Show on the Inspect page what the model makes of the picture shown."""
        asked = self._one.asked
        if asked is not None and self._main.model is not None:
            self.context.inspection_asked.emit(self._chooser.ref, asked.given)
            self.context.open_page("Inspect")

    def _stop_comparing(self, column: ComparedColumn) -> None:
        self._one.remove_column(column)
        self._offer_comparing()

    def _offer_comparing(self) -> None:
        self._top.compare.setEnabled(
            len(self._one.columns) < _MOST_COLUMNS and self._stack.currentWidget() is self._one
        )

    def _other_model(self) -> str:
        """A model on this machine that isn't asked yet; empty where there is none."""
        asked = {column.chooser.ref for column in self._one.columns}
        entries = self._chooser.picker.entries
        return next((entry.ref for entry in entries if entry.is_present and entry.ref not in asked), "")

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if paths_in(event.mimeData()) or picture_in(event.mimeData()) is not None:
            event.acceptProposedAction()
            self._veil.cover()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._veil.hide()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        event.acceptProposedAction()
        self.zone.take(event.mimeData())
