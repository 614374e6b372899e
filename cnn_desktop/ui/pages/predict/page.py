"""The Predict page: choose a model, give it a picture, read the ten best classes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.model_page import ModelPage
from cnn_desktop.ui.pages.picture_actions import picture_actions
from cnn_desktop.ui.pages.pictures import GivenPicture, SeenPicture, gather, pasted
from cnn_desktop.ui.pages.predict.answering import TOP, Answered, answer, prepare
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import Card, caption, labelled
from cnn_desktop.ui.widgets.class_bars import ClassBars
from cnn_desktop.ui.widgets.empty_state import EmptyState
from cnn_desktop.ui.widgets.picture_panel import PicturePanel

if TYPE_CHECKING:
    from cnn_desktop.models.model import Model
    from cnn_desktop.predict.classifier import Classifier

_PATIENCE = 300
"""Milliseconds for which the last answer stays while the next is computed."""


class PredictPage(ModelPage):
    """A model, a picture, an answer; heavy work happens in jobs, an answer to an older question is dropped."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "modelPicker", parent)
        self._answering = self._new_job()
        self._classifier: Classifier | None = None
        self._has_models = True
        self._dropped_at: float | None = None
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._lay_out()
        self._actions = picture_actions(self, self._chooser, self._panel)
        self._connect()
        self._empty.tell(_("Getting ready…"))

    @override
    def shutdown(self) -> None:
        self._patience.stop()
        super().shutdown()

    def _lay_out(self) -> None:
        open_file = QPushButton(_("Open model file…"))
        open_file.setObjectName("openModelButton")
        open_file.setAccessibleName(_("Open model file"))
        open_file.clicked.connect(self._chooser.browse_model)
        self._time = caption()
        self._time.setObjectName("answerTime")
        self._time.setMinimumHeight(open_file.sizeHint().height())
        self._chooser.picker.setMinimumWidth(440)
        top = QHBoxLayout()
        top.setSpacing(S8)
        top.addLayout(labelled(_("Model"), self._chooser.picker))
        top.addWidget(open_file, 0, Qt.AlignmentFlag.AlignBottom)
        top.addStretch(1)
        top.addWidget(self._time, 0, Qt.AlignmentFlag.AlignBottom)
        hint = _("Drop a picture or a folder of pictures here,\npaste one, or click to browse")
        self._panel = PicturePanel(hint, _("Drop pictures here, or"))
        self.zone = self._panel.zone
        self._card = Card()
        self._card.body.addWidget(self._panel)
        self._results = Card(_("Ten best classes"))
        self.table = ClassBars()
        self.table.setObjectName("predictionTable")
        self._empty = EmptyState()
        self._stack = QStackedLayout()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.table)
        self._results.body.addLayout(self._stack, 1)
        cards = QGridLayout()
        cards.setSpacing(S16)
        cards.addWidget(self._card, 0, 0)
        cards.addWidget(self._results, 0, 1)
        for column in (0, 1):
            cards.setColumnStretch(column, 1)
            cards.setColumnMinimumWidth(column, 320)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(S16)
        page.addLayout(top)
        page.addWidget(self._chooser.panel)
        page.addLayout(cards, 1)

    def _connect(self) -> None:
        self._chooser.opened.connect(self._on_model)
        self._chooser.closed.connect(self._on_no_model)
        self._chooser.weights_needed.connect(self._show_next_step)
        self._chooser.failed.connect(self._on_error)
        self._chooser.listed.connect(self._on_listed)
        self.context.runs_changed.connect(self._chooser.refresh)
        self.zone.paths_given.connect(self._on_paths)
        self.zone.picture_given.connect(self._on_data)
        self.zone.refused.connect(self._on_refused)
        self._panel.stepped.connect(self._step)
        self._patience.timeout.connect(lambda: self._say(_("Looking at the picture…")))

    def _on_paths(self, paths: list[Path]) -> None:
        self._dropped_at = time.perf_counter()
        self._gathering.start(gather, paths, on_done=self._take, on_error=self._on_error)

    def _on_data(self, data: QImage) -> None:
        self._dropped_at = time.perf_counter()
        self._gathering.cancel()
        self._take([pasted(data)])

    def _take(self, pictures: list[GivenPicture]) -> None:
        self._pictures = pictures
        self._at = 0
        self._ask()

    def _step(self, by: int) -> None:
        if 0 <= self._at + by < len(self._pictures):
            self._dropped_at = None
            self._at += by
            self._ask()

    def _ask(self) -> None:
        if not self._pictures:
            self._show_next_step()
            return
        self._panel.show_place(self._at, len(self._pictures))
        self._patience.start()
        given = self._pictures[self._at]
        self._answering.start(
            answer, given, self._model, self._classifier, on_done=self._on_answer, on_error=self._on_bad_picture
        )

    def _on_answer(self, answered: Answered) -> None:
        self._patience.stop()
        self._show_picture(answered.seen)
        self._classifier = answered.classifier
        self._time.clear()
        if answered.refusal:
            self._refuse(answered.refusal)
        elif not answered.classes:
            self._show_next_step()
        else:
            self._show_classes(answered.classes)

    def _show_classes(self, classes: tuple[tuple[str, float], ...]) -> None:
        if self._dropped_at is not None:
            milliseconds = 1000 * (time.perf_counter() - self._dropped_at)
            self._time.setText(_("{count:,.0f} ms from drop to answer").format(count=milliseconds))
            self._dropped_at = None
        few = _("All {count} classes").format(count=len(classes))
        self._results.set_title(_("Ten best classes") if len(classes) == TOP else few)
        self.table.show_classes(classes)
        self._stack.setCurrentWidget(self.table)

    def _show_picture(self, seen: SeenPicture | None) -> None:
        self.zone.show_picture(seen.drawn if seen else None, seen.name if seen else "")
        self._panel.label.setText(seen.caption if seen else "")

    def _on_bad_picture(self, error: Exception) -> None:
        self._patience.stop()
        self._show_picture(None)
        self._panel.label.setText(self._pictures[self._at].name)
        self._on_error(error)

    def _on_refused(self, reason: str) -> None:
        """What was given is no picture; the one before goes too, so that nothing looks like its answer."""
        self._answering.cancel()
        self._patience.stop()
        self._pictures = []
        self._panel.show_place(0, 1)
        self._show_picture(None)
        self._refuse(reason)

    def _on_model(self, model: Model) -> None:
        self._model = model
        self._classifier = None
        self._ask()
        if not self._pictures:
            self._answering.start(prepare, model, on_done=self._on_prepared, on_error=self._on_error)

    def _on_prepared(self, classifier: Classifier) -> None:
        self._classifier = classifier

    def _on_no_model(self) -> None:
        self._model = self._classifier = None
        self._answering.cancel()
        self._patience.stop()
        self._show_next_step()

    def _on_listed(self, has_models: bool) -> None:
        self._has_models = has_models
        if not self._chooser.ref and self._stack.currentWidget() is self._empty:
            self._show_next_step()

    def _show_next_step(self) -> None:
        self._clear()
        if self._model is not None:
            text = _("{title} is ready.\nDrop a picture on the left, paste one, or choose a file.")
            self._empty.tell(text.format(title=self._model.title), _("Choose a picture…"), self.zone.browse)
        elif self._chooser.is_waiting_for_weights:
            self._empty.tell(_("The model needs its weights first: download them, or load them from a file."))
        elif self._chooser.ref:
            self._empty.tell(_("Opening the model…"))
        elif self._has_models:
            self._empty.tell(_("Choose a model above."))
        else:
            text = _("There is no trained model yet.\nTrain one in about a minute, or choose a pretrained one above.")
            self._empty.tell(text, _("Train one"), lambda: self.context.open_page("Train"))

    def _say(self, text: str) -> None:
        self._clear()
        self._empty.tell(text)

    def _clear(self) -> None:
        self.table.show_classes(())
        self._time.clear()
        self._stack.setCurrentWidget(self._empty)

    def _refuse(self, reason: str) -> None:
        self._clear()
        self._empty.tell_error(reason)

    def _on_error(self, error: Exception) -> None:
        self._refuse(one_line(error))
        if not isinstance(error, CnnDesktopError):
            self.context.notify_error(error)
