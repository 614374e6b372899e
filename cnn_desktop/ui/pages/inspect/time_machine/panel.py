"""The card below all tabs: a slider over the training of the run that the model is from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.jobs.newest import NewestRunner
from cnn_desktop.ui.pages.inspect.panel import Panel
from cnn_desktop.ui.pages.inspect.subject import Subject
from cnn_desktop.ui.pages.inspect.time_machine.history import History
from cnn_desktop.ui.pages.inspect.time_machine.scrubber import Scrubber
from cnn_desktop.ui.pages.inspect.time_machine.work import Timeline, Visit, Visited, find_timeline, go
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from cnn_desktop.models.model import Model
    from cnn_desktop.train.runs.snapshots import SnapshotInfo

_PER_SECOND = 6
"""Moments while it plays, or fewer where a network takes longer."""
_WHERE = _("epoch {epoch:.1f} of {epochs:.0f}, step {step:,}")
_NEWS_EVERY = 2000
"""Milliseconds between two looks for snapshots of a run that goes on."""


class TimeMachinePanel(Panel):
    """Shown where the run kept snapshots; a chosen one becomes the subject's model, and all tabs follow."""

    def __init__(self, context: AppContext, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(context, subject, parent)
        self.setObjectName("timeMachinePanel")
        self._timeline: Timeline | None = None
        self._ref = ""
        self._now: Model | None = None
        self._shown: Model | None = None
        """What this panel made the subject's model."""
        self._finding = self._new_job()
        self._going = NewestRunner(go, self._on_visited, self._on_error, self)
        self._clock = QTimer(self, interval=1000 // _PER_SECOND)
        self._clock.timeout.connect(self._play_on)
        self._news = QTimer(self, interval=_NEWS_EVERY)
        self._news.timeout.connect(self._look_for_news)
        self.history = History(context, subject, self)
        self._lay_out()
        self.hide()
        subject.model_changed.connect(self._on_model)

    @override
    def follow(self) -> None:
        self._show_answer()
        self.history.follow(self._at)

    @override
    def shutdown(self) -> None:
        self._clock.stop()
        self._news.stop()
        self._going.cancel()
        self._going.wait()
        self.history.shutdown()
        super().shutdown()

    def _lay_out(self) -> None:
        card = Card(_("Time machine"))
        self._words = ElidedLabel()
        self._words.setObjectName("timeMachineAnswer")
        card.header.insertWidget(1, self._words, 1)
        for button in self.history.buttons:
            card.header.addWidget(button)
        self._play = QPushButton()
        self._play.setObjectName("timeMachinePlay")
        self._play.setProperty("role", "quiet")
        self._play.clicked.connect(self._play_or_pause)
        self._slider = Scrubber()
        self._slider.valueChanged.connect(self._ask)
        self._moment = caption()
        self._moment.setObjectName("timeMachineMoment")
        longest = _WHERE.format(epoch=100, epochs=100, step=100_000)
        self._moment.setMinimumWidth(self._moment.fontMetrics().horizontalAdvance(longest))
        row = QHBoxLayout()
        row.setSpacing(S8)
        row.addWidget(self._play)
        row.addWidget(self._slider, 1)
        row.addSpacing(S8)
        row.addWidget(self._moment)
        card.body.addLayout(row)
        card.body.addWidget(self.history.details)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addWidget(card)
        self._show_playing()

    # ---- which run

    def _on_model(self) -> None:
        model = self.subject.model
        if model is not None and model is self._shown:
            return
        self._stop()
        self._going.cancel()
        self._finding.cancel()
        self._timeline, self._shown = None, None
        self._ref, self._now = self.subject.ref, model
        self.hide()
        self._news.stop()
        self.history.show_run(None)
        if model is not None:
            self._finding.start(find_timeline, self._ref, on_done=self._show_timeline, on_error=self._on_error)

    def _show_timeline(self, timeline: Timeline | None) -> None:
        if timeline is None:
            return
        self._timeline = timeline
        self.history.show_run(timeline)
        self._set_range(timeline, timeline.last)
        self.show()
        if timeline.is_running:
            self._news.start()

    def _look_for_news(self) -> None:
        if self.isVisible() and not self._finding.is_running:
            self._finding.start(find_timeline, self._ref, on_done=self._extend, on_error=self._on_error)

    def _extend(self, timeline: Timeline | None) -> None:
        """More moments of the same run; who was at its end stays there and sees the newest."""
        if timeline is None or self._timeline is None:
            return
        if not timeline.is_running:
            self._news.stop()
        if [one.step for one in timeline.snapshots] == [one.step for one in self._timeline.snapshots]:
            return
        here, was_at_end = self._snapshot, self._slider.value() == self._slider.maximum()
        steps = [one.step for one in timeline.snapshots]
        self._timeline = timeline
        self.history.show_run(timeline)
        if here is None or was_at_end:
            self._set_range(timeline, timeline.last)
            self._ask(timeline.last)
        else:
            self._set_range(timeline, min(range(len(steps)), key=lambda at: abs(steps[at] - here.step)))

    def _set_range(self, timeline: Timeline, at: int) -> None:
        """Make room for all moments of `timeline`, and stand at one without going there."""
        self._slider.blockSignals(True)
        self._slider.setRange(0, timeline.last)
        self._slider.setValue(at)
        self._slider.blockSignals(False)
        self._show_moment()

    # ---- which moment

    @property
    def _at(self) -> float | None:
        """The epoch that is looked at; None: now."""
        return None if self._snapshot is None else self._snapshot.epoch

    @property
    def _snapshot(self) -> SnapshotInfo | None:
        if self._timeline is None or self._slider.value() >= len(self._timeline.snapshots):
            return None
        return self._timeline.snapshots[self._slider.value()]

    def _ask(self, at: int) -> None:
        if self._now is not None:
            self._going.ask(Visit(at, self._snapshot, self._now, self.subject.picture))
        self._show_moment()

    def _on_visited(self, visited: Visited) -> None:
        """All tabs go there, with what the network of that moment makes of the picture."""
        if self._now is not visited.visit.now:
            return
        subject, picture = self.subject, visited.visit.picture
        self._shown = visited.model
        recording = visited.recording if picture is subject.picture else None
        subject.set_model(self._ref, visited.model, recording)
        if recording is not None:
            subject.set_picture(subject.given, subject.picture, recording)

    def _show_moment(self) -> None:
        snapshot, timeline = self._snapshot, self._timeline
        if timeline is None:
            return
        if snapshot is None:
            text, tip = _("now"), _("The model itself, as the run left it.")
        else:
            text = _("epoch {epoch:.1f}, step {step:,}") if timeline.is_running else _WHERE
            text = text.format(epoch=snapshot.epoch, epochs=max(1.0, timeline.epochs), step=snapshot.step)
            tip = _("Kept at that step, its kernels and matrices rounded to half precision.")
        self._moment.setText(text)
        self._moment.setToolTip(tip)
        self._slider.setAccessibleDescription(text)

    def _show_answer(self) -> None:
        recording, model = self.subject.recording, self.subject.model
        if recording is None or model is None:
            self._words.setText("")
            return
        shares = recording.probabilities
        best = int(shares.argmax())
        text = _("takes the picture for {label}, {share}")
        self._words.setText(text.format(label=model.classes[best], share=percent_text(float(shares[best]))))

    # ---- playing

    def _play_or_pause(self) -> None:
        if self._clock.isActive():
            self._stop()
            return
        if self._slider.value() == self._slider.maximum():
            self._slider.setValue(0)
        self._clock.start()
        self._show_playing()

    def _play_on(self) -> None:
        if not self.isVisible() or self._slider.value() == self._slider.maximum():
            self._stop()
        elif not self._going.is_running:
            self._slider.setValue(self._slider.value() + 1)

    def _stop(self) -> None:
        self._clock.stop()
        self._show_playing()

    def _show_playing(self) -> None:
        is_playing = self._clock.isActive()
        set_icon(self._play, "pause" if is_playing else "play")
        self._play.setAccessibleName(_("Pause") if is_playing else _("Play the training"))
        self._play.setToolTip(self._play.accessibleName())

    def _on_error(self, error: Exception) -> None:
        self._stop()
        self._words.setText(one_line(error))
