"""A small network that learns handwritten digits, before one's eyes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress
from cnn_desktop.core.units import percent_text
from cnn_desktop.explain.lessons.learning import Dials, Look, Material, SmallTraining, digits, small_network
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.learn.answers import Answered, Answers, grey_picture
from cnn_desktop.ui.pages.learn.demo import Demo, titled
from cnn_desktop.ui.pages.learn.dial import Dial
from cnn_desktop.ui.pages.learn.training_demo import TrainingDemo
from cnn_desktop.ui.widgets.line_chart import LineChart
from cnn_desktop.ui.widgets.number_matrix import NumberMatrix

if TYPE_CHECKING:
    import torch

_STEPS = 400
_RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_RATE = 0.05


class DigitsDemo(TrainingDemo):
    """The loss while it falls, the first layer's filters, and what the network says of twelve new digits."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._dials = Dials(learning_rate=_RATE, batch_size=64)
        self._rate = Dial("learningRate", _("Learning rate"), _RATES)
        self._chart = LineChart(_("Loss"), x_title=_("step"), invitation=_("Press Start."))
        self._chart.add_series("learned", _("digits it learns from"), color=0, style="line")
        self._chart.add_series("tested", _("new digits"), color=1, style="markers")
        self._chart.setMinimumHeight(180)
        self._filters = NumberMatrix(_("Filters of the first layer"), "signed", cell=(18, 14))
        self._filters.setMinimumSize(120, 32)
        self._answers = Answers(_("New digits with the answers of the network"), side=46)
        self.add_controls(self._rate)
        self.column.addWidget(self._chart, 1)
        self.column.addLayout(titled(_("the eight filters of the first layer"), self._filters))
        self.column.addLayout(titled(_("twelve new digits, and what the network says"), self._answers))
        self._rate.turned.connect(self._turn)
        self._first = JobRunner(self)

    @override
    def set_dials(self) -> None:
        self._rate.choose(_RATE)
        self._turn()

    @override
    def clear(self) -> None:
        self._chart.clear()
        self._chart.set_x_end(_STEPS)
        self._first.start(_untrained, on_done=self._show_first)

    @override
    def shutdown(self) -> None:
        super().shutdown()
        self._first.cancel()
        self._first.wait()

    @override
    def looks(self) -> Iterator[Look]:
        return _training(self._dials).looks(_STEPS)

    @override
    def show_looks(self, looks: Sequence[Look]) -> None:
        for look in looks:
            self._chart.add_point("learned", look.step, look.learned.loss)
            self._chart.add_point("tested", look.step, look.tested.loss)
        self._chart.refresh()
        self._show_network(looks[-1])

    def _show_first(self, look: Look) -> None:
        """What a network says that has learned nothing yet."""
        if not self.live.is_running:
            self._show_network(look)

    def _show_network(self, look: Look) -> None:
        self._filters.show_values(look.filters)
        text = _("step {step}: {share} of the new digits right")
        self.say(text.format(step=look.step, share=percent_text(look.tested.accuracy)))
        self._answers.show_answers(_answered(_ten_digits(), look.answers))

    def _turn(self) -> None:
        self._dials.learning_rate = self._rate.value


_ten_digits = cache(digits)


def _training(dials: Dials) -> SmallTraining:
    material = _ten_digits()
    return SmallTraining(small_network(material.side, len(material.classes)), material, dials)


def _untrained(progress: Progress) -> Look:
    progress(0, 1)
    return _training(Dials()).look()


def _answered(material: Material, answers: torch.Tensor) -> list[Answered]:
    said = answers.argmax(1).tolist()
    return [
        Answered(grey_picture(pixels[0]), material.classes[label], label == truth)
        for pixels, label, truth in zip(
            material.test_pictures[: len(said)].tolist(), said, material.test_labels.tolist(), strict=False
        )
    ]


def make(context: AppContext) -> Demo:
    """Build it."""
    return DigitsDemo(context)
