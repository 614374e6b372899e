"""Occlusion: how much the class's score falls when a part of the picture is hidden."""

from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.explain.attribution.method import Attribution, Method, shares
from cnn_desktop.explain.attribution.question import Question, counted

_AT_ONCE = 8
_PATCHES = 8
"""Patches would cover a side of the picture if they didn't overlap."""


class Occlusion(Method):
    """Hides one square after another under the picture's mean colour."""

    name = "occlusion"
    title = _("Occlusion")
    summary = _("Hides one square after another and sees how much the class's score falls. Slow; needs no gradient.")
    paper = "Zeiler, Fergus, 2014"
    asks_often = True

    @override
    def explain(self, question: Question, progress: Progress = no_progress) -> Attribution:
        from captum.attr import Occlusion as ByCaptum  # noqa: PLC0415  slow

        channels, height, width = question.batch.shape[1:]
        patch = max(1, round(height / _PATCHES)), max(1, round(width / _PATCHES))
        stride = max(1, patch[0] // 2), max(1, patch[1] // 2)
        total = 1
        for side, window, step in zip((height, width), patch, stride, strict=True):
            total *= -(-(side - window) // step) + 1
        found = ByCaptum(counted(question.score, total, progress)).attribute(
            question.batch,
            sliding_window_shapes=(channels, *patch),
            strides=(channels, *stride),
            baselines=question.blank().expand_as(question.batch),
            target=question.class_index,
            perturbations_per_eval=_AT_ONCE,
        )
        values = found[0, 0].detach().float().cpu().numpy()
        text = _("squares of {height}×{width} pixels, hidden by the mean colour")
        return Attribution(shares(values), values, text.format(height=patch[0], width=patch[1]))
