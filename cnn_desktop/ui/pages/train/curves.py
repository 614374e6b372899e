"""Loss and accuracy as they come: raw by step, smoothed, and by epoch."""

import math

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnn_desktop.core.events import EpochDone, StepsDone, TrainingStarted
from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.line_chart import LineChart

_SMOOTH_POINTS = 800
"""A smoothed line needs no more; a run of more steps gets a point every few steps."""


class Smoothing:
    """An exponential mean over the last `window` values, more or less; the first value is taken as it is."""

    def __init__(self, window: float) -> None:
        self._keep = 1 - 2 / (window + 1)
        self._weight = 0.0
        self._sum = 0.0

    def take(self, value: float, count: int = 1) -> float:
        """Take in a value that stands for `count`; return the mean, unbiased from the start."""
        keep = self._keep**count
        self._sum = keep * self._sum + (1 - keep) * value
        self._weight = keep * self._weight + (1 - keep)
        return self._sum / self._weight


class Curves(QWidget):
    """The two charts; x counts epochs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps_per_epoch = 1
        self._stride = 1
        self._loss_mean = self._accuracy_mean = Smoothing(1)
        self.loss = LineChart(
            _("Loss"), x_title=_("epoch"), invitation=_("Press Start to train; the loss of every step appears here.")
        )
        self.loss.setObjectName("lossChart")
        self.loss.add_series("step", _("step"), color=0, style="faint")
        self.loss.add_series("train", _("train"), color=0, style="line")
        self.loss.add_series("validation", _("validation"), color=1, style="markers")
        self.accuracy = LineChart(
            _("Accuracy"),
            x_title=_("epoch"),
            y_range=(0.0, 1.0),
            value_text=percent_text,
            invitation=_("The share of right answers appears here, for training and validation pictures."),
        )
        self.accuracy.setObjectName("accuracyChart")
        self.accuracy.add_series("train", _("train"), color=0, style="line")
        self.accuracy.add_series("validation", _("validation"), color=1, style="markers")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        for chart, share in ((self.loss, 6), (self.accuracy, 5)):
            card = Card()
            card.body.addWidget(chart)
            column.addWidget(card, share)

    def clear(self) -> None:
        """Empty both charts."""
        self.loss.clear()
        self.accuracy.clear()

    def begin(self, event: TrainingStarted) -> None:
        """Lay the axes out for a run; the smoothing spans a fiftieth of it."""
        self._steps_per_epoch = max(1, event.steps_per_epoch)
        self._stride = max(1, math.ceil(event.total_steps / _SMOOTH_POINTS))
        window = min(500.0, max(5.0, event.total_steps / 50))
        self._loss_mean, self._accuracy_mean = Smoothing(window), Smoothing(window)
        for chart in (self.loss, self.accuracy):
            chart.set_x_end(event.total_steps / self._steps_per_epoch)

    def add_steps(self, event: StepsDone) -> None:
        """Add every step's loss, and the accuracy over them."""
        first = event.step - len(event.losses) + 1
        for step, loss in enumerate(event.losses, start=first):
            x = step / self._steps_per_epoch
            self.loss.add_point("step", x, loss)
            mean = self._loss_mean.take(loss)
            if self._is_due(step):
                self.loss.add_point("train", x, mean)
        accuracy = self._accuracy_mean.take(event.accuracy, max(1, len(event.losses)))
        if any(self._is_due(step) for step in range(first, event.step + 1)):
            self.accuracy.add_point("train", event.step / self._steps_per_epoch, accuracy)

    def add_epoch(self, event: EpochDone) -> None:
        """Add the validation figures, where there are any."""
        x = event.step / self._steps_per_epoch
        if event.validation_loss is not None:
            self.loss.add_point("validation", x, event.validation_loss)
        if event.validation_accuracy is not None:
            self.accuracy.add_point("validation", x, event.validation_accuracy)

    def _is_due(self, step: int) -> bool:
        return step == 1 or step % self._stride == 0

    def refresh(self) -> None:
        """Draw what was added."""
        self.loss.refresh()
        self.accuracy.refresh()
