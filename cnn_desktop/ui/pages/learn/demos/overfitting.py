"""Two networks and few pictures: one sees them as they are, one sees them varied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress
from cnn_desktop.core.units import percent_text
from cnn_desktop.explain.lessons.learning import Dials, Look, SmallTraining, crosses_and_noughts, small_network
from cnn_desktop.explain.lessons.learning.training import varied
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.learn.answers import Answered, Answers, grey_picture
from cnn_desktop.ui.pages.learn.choices import Choices
from cnn_desktop.ui.pages.learn.demo import Demo, titled
from cnn_desktop.ui.pages.learn.dial import Dial
from cnn_desktop.ui.pages.learn.training_demo import TrainingDemo
from cnn_desktop.ui.widgets.line_chart import LineChart

_STEPS = 500
_COUNTS = (6, 10, 16, 24, 40, 64, 100, 160, 256)
_COUNT = 10
_RATE = 0.02
_SHOWN = 10

Pair = tuple[Look, Look]
_NETWORKS = (("plain", _("plain")), ("varied", _("varied")))


class OverfittingDemo(TrainingDemo):
    """Accuracy or loss of both networks on what they learn from, and on new pictures."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._drawing = JobRunner(self)
        self._count = Dial("pictureCount", _("Pictures"), _COUNTS)
        self._figure = Choices("figure", _("Figure"), (("accuracy", _("Accuracy")), ("loss", _("Loss"))))
        self._charts = {
            "accuracy": LineChart(
                _("Accuracy"),
                x_title=_("step"),
                invitation=_("Press Start."),
                y_range=(0.3, 1.0),
                is_share=True,
            ),
            "loss": LineChart(_("Loss"), x_title=_("step"), invitation=_("Press Start.")),
        }
        for chart in self._charts.values():
            for color, (name, title) in enumerate(_NETWORKS):
                chart.add_series(f"{name} learned", title, color=color, style="line")
                text = _("{title}, new").format(title=title)
                chart.add_series(f"{name} tested", text, color=color, style="markers")
            chart.setMinimumHeight(200)
        self._plain = Answers(_("Pictures as they are"), side=44)
        self._varied = Answers(_("The same pictures, varied"), side=44)
        self.add_controls(self._count)
        self.add_row(self._figure)
        for chart in self._charts.values():
            self.column.addWidget(chart, 1)
        self.column.addLayout(titled(_("pictures to learn from, as they are"), self._plain))
        self.column.addLayout(titled(_("as the second network may see them"), self._varied))
        self._count.turned.connect(self.begin_anew)
        self._figure.chosen.connect(self._choose_figure)

    @override
    def set_dials(self) -> None:
        self._count.choose(_COUNT)
        self._figure.choose_first()
        self._choose_figure()

    @override
    def clear(self) -> None:
        for chart in self._charts.values():
            chart.clear()
            chart.set_x_end(_STEPS)
        self._drawing.start(_some_pictures, self._count.whole, on_done=self._show_pictures)

    @override
    def shutdown(self) -> None:
        super().shutdown()
        self._drawing.cancel()
        self._drawing.wait()

    @override
    def looks(self) -> Iterator[Pair]:
        material = crosses_and_noughts(self._count.whole)
        trainings = [
            SmallTraining(
                small_network(material.side, 2), material, Dials(_RATE, batch_size=16, augments=name == "varied")
            )
            for name, _title in _NETWORKS
        ]
        plain, moved = (training.looks(_STEPS) for training in trainings)
        return zip(plain, moved, strict=True)

    @override
    def show_looks(self, looks: Sequence[Pair]) -> None:
        for pair in looks:
            for (name, _title), look in zip(_NETWORKS, pair, strict=True):
                for figure, chart in self._charts.items():
                    chart.add_point(f"{name} learned", look.step, getattr(look.learned, figure))
                    chart.add_point(f"{name} tested", look.step, getattr(look.tested, figure))
        for chart in self._charts.values():
            chart.refresh()
        plain, moved = (percent_text(look.tested.accuracy) for look in looks[-1])
        text = _("New pictures right: {plain} plain, {varied} varied")
        self.say(text.format(plain=plain, varied=moved))

    def _choose_figure(self) -> None:
        for name, chart in self._charts.items():
            chart.setVisible(name == self._figure.current)

    def _show_pictures(self, pictures: tuple[torch.Tensor, torch.Tensor]) -> None:
        for view, batch in zip((self._plain, self._varied), pictures, strict=True):
            view.show_answers([Answered(grey_picture(picture[0])) for picture in batch.tolist()])


def _some_pictures(count: int, progress: Progress) -> tuple[torch.Tensor, torch.Tensor]:
    """A few of so many to learn from, as they are and varied."""
    progress(0, 1)
    pictures = crosses_and_noughts(count).pictures
    some = pictures[torch.linspace(0, len(pictures) - 1, min(_SHOWN, len(pictures))).long()]
    return some, varied(some)


def make(context: AppContext) -> Demo:
    """Build it."""
    return OverfittingDemo(context)
