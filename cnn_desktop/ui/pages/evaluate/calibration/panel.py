"""The tab with the reliability diagram and the temperature."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.evaluate.calibration import work
from cnn_desktop.ui.pages.evaluate.calibration.reliability_view import ReliabilityView
from cnn_desktop.ui.pages.evaluate.result_panel import ResultPanel
from cnn_desktop.ui.pages.evaluate.session import EvaluationSession
from cnn_desktop.ui.pages.evaluate.work import Evaluated
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.sentence import Sentence


class CalibrationPanel(ResultPanel):
    """The diagram as the model is, beside it as it would be at the fitted temperature."""

    def __init__(self, context: AppContext, session: EvaluationSession, parent: QWidget | None = None) -> None:
        super().__init__(context, session, parent)
        self._working = JobRunner(self)
        self._fitted: work.Fitted | None = None
        self.now, self.then = ReliabilityView(), ReliabilityView()
        self._now_card, self._then_card = _card(self.now), _card(self.then)
        self._temperature = QLabel()
        self._temperature.setProperty("role", "strong")
        self.said = Sentence()
        self.said.setObjectName("calibrationSentence")
        self.fit = _button("fitTemperature", _("Fit temperature"), "primary")
        self.keep = _button("keepTemperature", _("Keep in the model file"), "primary")
        self.forget = _button("forgetTemperature", _("Back to 1"), "")
        self._lay_out()
        self.fit.clicked.connect(self._fit)
        self.keep.clicked.connect(lambda: self._keep(self._fitted.calibration.temperature if self._fitted else 1.0))
        self.forget.clicked.connect(lambda: self._keep(1.0))

    @override
    def show_result(self, result: Evaluated, *, is_revised: bool) -> None:
        from cnn_desktop.predict.evaluation.calibration import reliability

        self._working.cancel()
        self._fitted = None
        if not is_revised:
            self.said.setText("")
        found = reliability(result.answers)
        self.now.show_reliability(found)
        self._now_card.set_title(_("As it is · {error}").format(error=percent_text(found.error, 2)))
        self._temperature.setText(f"{result.answers.temperature:.3f}")
        self._show_fitted()

    @override
    def shutdown(self) -> None:
        self._working.cancel()
        self._working.wait()

    def _fit(self) -> None:
        if self.session.result is None:
            return
        self.fit.setEnabled(False)
        self.said.setText(_("Asking about the validation pictures…"))
        self._working.start(
            work.fit,
            self.session.result,
            on_done=self._take_fitted,
            on_error=self._on_error,
            on_progress=self._show_progress,
        )

    def _show_progress(self, done: int, total: int) -> None:
        self.said.setText(_("{done:,} of {total:,} validation pictures").format(done=done, total=total))

    def _take_fitted(self, fitted: work.Fitted) -> None:
        self._fitted = fitted
        self.said.setText(str(fitted.calibration))
        self._show_fitted()

    def _show_fitted(self) -> None:
        result, fitted = self.session.result, self._fitted
        self.fit.setVisible(fitted is None)
        self.fit.setEnabled(result is not None and not self._working.is_running)
        self._then_card.setVisible(fitted is not None)
        self.keep.setVisible(fitted is not None)
        self.forget.setVisible(result is not None and result.answers.temperature != 1.0)
        if result is None or fitted is None:
            return
        self.then.show_reliability(fitted.reliability)
        self._then_card.set_title(_("Fitted · {error}").format(error=percent_text(fitted.reliability.error, 2)))
        has_file = result.subject.file is not None
        self.keep.setEnabled(has_file)
        self.keep.setToolTip("" if has_file else _("Only models of our own have a file in which it can be kept."))

    def _keep(self, temperature: float) -> None:
        if self.session.result is not None:
            self._working.start(
                work.keep,
                self.session.result.subject,
                temperature,
                on_done=self._on_kept,
                on_error=self._on_error,
            )

    def _on_kept(self, temperature: float) -> None:
        result = self.session.result
        if result is not None:
            self.said.setText(
                _("Kept in the model file: every page uses temperature {t:.3f} now.").format(t=temperature)
            )
            self.session.use_temperature(temperature)
            self.context.model_changed.emit(result.subject.ref)

    def _on_error(self, error: Exception) -> None:
        self.said.setText(one_line(error))
        self._show_fitted()

    def _lay_out(self) -> None:
        side = Card(_("Temperature"))
        about = caption(
            _(
                "A model may be surer than it is right, or less sure. Its logits divided by a temperature keep every "
                "answer as it is, and make the probabilities true. It is fitted on validation pictures."
            )
        )
        about.setWordWrap(True)
        side.body.addWidget(about)
        side.body.addWidget(caption(_("In use")))
        side.body.addWidget(self._temperature)
        side.body.addWidget(self.said)
        buttons = QVBoxLayout()
        buttons.setSpacing(S8)
        for button in (self.keep, self.fit, self.forget):
            buttons.addWidget(button)
        side.body.addLayout(buttons)
        side.body.addStretch()
        side.setFixedWidth(260)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S16)
        row.addWidget(self._now_card, 1)
        row.addWidget(self._then_card, 1)
        row.addWidget(side)


def _card(view: ReliabilityView) -> Card:
    card = Card(" ")
    card.title.setTextFormat(Qt.TextFormat.PlainText)
    card.body.addWidget(view)
    return card


def _button(name: str, text: str, role: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setProperty("role", role)
    return button
