"""The charts of a run, and how its events become their points; x counts epochs."""

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np

from cnn_desktop.core.events import EpochDone, StepsDone, TrainingStarted
from cnn_desktop.core.language import _
from cnn_desktop.ui.widgets.line_chart import LineChart

_GIGABYTE = 1e9


class RunCharts:
    """Loss and accuracy for training and validation pictures, and what else changes from step to step."""

    def __init__(self) -> None:
        self._steps_per_epoch = 1
        self._window = 1
        self.loss = _chart("lossChart", _("Loss"), title=_("Loss"))
        self.loss.add_series("step", _("step"), color=0, style="faint")
        self.loss.add_mean("train", _("train"), of="step", color=0)
        self.loss.add_series("validation", _("validation"), color=1, style="markers")
        self.accuracy = LineChart(
            "",
            name=_("Accuracy"),
            x_title=_("epoch"),
            is_share=True,
        )
        self.accuracy.setObjectName("accuracyChart")
        self.accuracy.add_series("step", _("step"), color=0, style="faint")
        self.accuracy.add_mean("train", _("train"), of="step", color=0)
        self.accuracy.add_series("validation", _("validation"), color=1, style="markers")
        self.rate = _chart("learningRateChart", _("Learning rate"), _("learning rate"), value_text="{:.4g}".format)
        self.rate.add_series("rate", _("rate"), color=2, style="line")
        self.gradient = _chart("gradientNormChart", _("Gradient norm"), _("norm over all weights that learn"))
        self.throughput = _chart(
            "throughputChart", _("Throughput"), _("training images a second"), value_text="{:,.0f}".format
        )
        for chart, color in ((self.gradient, 3), (self.throughput, 0)):
            chart.add_series("step", _("each look"), color=color, style="faint")
            chart.add_mean("mean", _("mean"), of="step", color=color)
        self.memory = _chart("memoryChart", _("Device memory"), _("GB"), value_text="{:.2f}".format)
        self.memory.add_series("memory", _("in use"), color=2, style="line")
        self.all = (self.loss, self.accuracy, self.rate, self.gradient, self.throughput, self.memory)
        for chart in self.all:
            chart.cursor_moved.connect(self._show_cursor)

    def clear(self) -> None:
        """Empty every chart."""
        for chart in self.all:
            chart.clear()

    def begin(self, event: TrainingStarted) -> None:
        """Lay the axes out for a run."""
        self._steps_per_epoch = max(1, event.steps_per_epoch)
        for chart in self.all:
            chart.set_x_end(event.total_steps / self._steps_per_epoch)
        self.smooth(self._window)

    def smooth(self, steps: int) -> None:
        """Draw the means over so many steps."""
        self._window = steps
        for chart, name in (
            (self.loss, "train"),
            (self.accuracy, "train"),
            (self.gradient, "mean"),
            (self.throughput, "mean"),
        ):
            chart.set_window(name, steps / self._steps_per_epoch)

    def add_steps(self, events: Sequence[StepsDone]) -> None:
        """Add every step's loss, and the other figures once for each report; a run's whole past at once if need be."""
        counts = [len(event.losses) for event in events]
        steps = np.concatenate(
            [np.arange(event.step - count + 1, event.step + 1) for event, count in zip(events, counts, strict=True)]
        )
        losses = np.fromiter(chain.from_iterable(event.losses for event in events), float, sum(counts))
        self.loss.add_points("step", steps / self._steps_per_epoch, losses)
        for chart, name, values in (
            (self.accuracy, "step", [(event.step, event.accuracy) for event in events]),
            (self.rate, "rate", [(event.step, event.learning_rate) for event in events]),
            (self.throughput, "step", [(event.step, event.throughput) for event in events]),
            (self.gradient, "step", [(e.step, e.gradient_norm) for e in events if e.gradient_norm is not None]),
            (self.memory, "memory", [(e.step, e.device_memory / _GIGABYTE) for e in events if e.device_memory]),
        ):
            if values:
                xs, ys = np.array(values).T
                chart.add_points(name, xs / self._steps_per_epoch, ys)

    def add_epoch(self, event: EpochDone) -> None:
        """Add the validation figures, where there are any."""
        x = event.step / self._steps_per_epoch
        if event.validation_loss is not None:
            self.loss.add_point("validation", x, event.validation_loss)
        if event.validation_accuracy is not None:
            self.accuracy.add_point("validation", x, event.validation_accuracy)

    def add_moment(self, step: int, text: str) -> None:
        """Mark that something happened after a step."""
        for chart in self.all:
            chart.add_mark(step / self._steps_per_epoch, text)

    def invite(self, text: str) -> None:
        """What the charts say while they are empty."""
        for chart in self.all:
            chart.set_invitation(text)

    def refresh(self) -> None:
        """Draw what was added to the charts that can be seen."""
        for chart in self.all:
            chart.refresh()

    def _show_cursor(self, x: float | None) -> None:
        for chart in self.all:
            chart.set_cursor(x)


def _chart(
    object_name: str,
    name: str,
    unit: str = "",
    *,
    title: str = "",
    value_text: Callable[[float], str] = "{:.3f}".format,
) -> LineChart:
    chart = LineChart(title, name=name, y_title=unit, x_title=_("epoch"), value_text=value_text)
    chart.setObjectName(object_name)
    return chart
