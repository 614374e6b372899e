"""A trained network that learns something new, beside one that begins from nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.explain.lessons.learning import Dials, Look, Transfer
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.learn.demo import Demo, result_label
from cnn_desktop.ui.pages.learn.dial import Dial
from cnn_desktop.ui.pages.learn.training_demo import TrainingDemo
from cnn_desktop.ui.widgets.line_chart import LineChart

_STEPS = 200
_EARLY = 25
_COUNTS = (1, 2, 3, 5, 10, 20, 50)
_COUNT, _FROZEN, _RATE = 2, 1, 0.01

Pair = tuple[Look, Look]


class FineTuningDemo(TrainingDemo):
    """Accuracy on new pictures of 5–9: tuned from 0–4, and from nothing."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._transfer = Transfer()
        self._count = Dial("pictureCount", _("Pictures"), _COUNTS)
        self._frozen = Dial("frozenLayers", _("Frozen"), range(3), _("{:g} of 3").format)
        self._chart = LineChart(
            _("Accuracy on new pictures of 5–9"),
            x_title=_("step"),
            invitation=_("Press Start."),
            is_share=True,
        )
        self._chart.add_series("tuned", _("tuned"), color=0, style="line")
        self._chart.add_series("anew", _("from nothing"), color=1, style="markers")
        self._chart.setMinimumHeight(220)
        self._weights, self._early = result_label("weightsLearning"), result_label("earlyFigures")
        self.add_controls(self._count, self._frozen)
        self.column.addWidget(self._chart, 1)
        self.column.addWidget(self._early)
        self.column.addWidget(self._weights)
        for dial in (self._count, self._frozen):
            dial.turned.connect(self.begin_anew)

    @override
    def set_dials(self) -> None:
        self._count.choose(_COUNT)
        self._frozen.choose(_FROZEN)

    @override
    def clear(self) -> None:
        self._chart.clear()
        self._chart.set_x_end(_STEPS)
        self._weights.clear()
        self._early.setText(_("First the network learns 0 to 4, then 5 to 9."))

    @override
    def looks(self) -> Iterator[Look | Pair]:
        per_class, frozen = self._count.whole, self._frozen.whole
        if not self._transfer.has_learned:
            yield from self._transfer.learn_first()
        yield from self._transfer.tune(per_class, frozen, Dials(_RATE, batch_size=10), _STEPS)

    @override
    def show_looks(self, looks: Sequence[Look | Pair]) -> None:
        for look in looks:
            if isinstance(look, Look):
                text = _("Learning 0 to 4 first. Step {step}: {share} of new ones right.")
                self.say(text.format(step=look.step, share=percent_text(look.tested.accuracy)))
            else:
                self._show_pair(*look)
        self._chart.refresh()

    def _show_pair(self, tuned: Look, anew: Look) -> None:
        for name, look in (("tuned", tuned), ("anew", anew)):
            self._chart.add_point(name, look.step, look.tested.accuracy)
        shares = {"tuned": percent_text(tuned.tested.accuracy), "anew": percent_text(anew.tested.accuracy)}
        self.say(
            _("Learning 5 to 9. Step {step}: {tuned} tuned, {anew} from nothing.").format(step=tuned.step, **shares)
        )
        if tuned.step == _EARLY:
            text = _("After {step} steps: <b>{tuned}</b> tuned, <b>{anew}</b> from nothing.")
            self._early.setText(text.format(step=_EARLY, **shares))
        text = _("{tuned} of {all} weights of the tuned network learn.")
        self._weights.setText(text.format(tuned=f"{tuned.weights_learning:,}", all=f"{anew.weights_learning:,}"))


def make(context: AppContext) -> Demo:
    """Build it."""
    return FineTuningDemo(context)
