"""Which lines a chart of runs holds: what is asked for, from one run or from several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cnn_desktop.core.language import _
from cnn_desktop.ui.widgets.line_chart import Style

if TYPE_CHECKING:
    from cnn_desktop.train.runs.curves import Figure, Horizontal, RunCurves

View = Literal["loss", "accuracy", "validation_loss", "validation_accuracy", "train_loss", "train_accuracy"]

VIEWS_OF_ONE: dict[View, str] = {"loss": _("Loss"), "accuracy": _("Accuracy")}
VIEWS_OF_MANY: dict[View, str] = {
    "validation_accuracy": _("Validation accuracy"),
    "validation_loss": _("Validation loss"),
    "train_accuracy": _("Training accuracy"),
    "train_loss": _("Training loss"),
}
HORIZONTALS: dict[Horizontal, str] = {"epoch": _("epoch"), "step": _("step"), "seconds": _("time")}

_FIGURES: dict[View, tuple[Figure, Figure]] = {
    "loss": ("train_loss", "validation_loss"),
    "accuracy": ("train_accuracy", "validation_accuracy"),
}
_SINGLE: dict[View, Figure] = {
    "validation_accuracy": "validation_accuracy",
    "validation_loss": "validation_loss",
    "train_accuracy": "train_accuracy",
    "train_loss": "train_loss",
}
_COLORS = 6


@dataclass(frozen=True)
class Line:
    """A line of the chart; `color` is its place among the theme's series colours."""

    title: str
    color: int
    style: Style
    points: list[tuple[float, float]]
    dash: int = 0
    """Its place among the theme's dash patterns; 0 is solid."""


def letter(number: int) -> str:
    """A, B, C …: how the runs of a comparison are called, beside their colours."""
    return chr(ord("A") + number)


def look(number: int) -> tuple[int, int]:
    """The colour and the dashes of a comparison's line: the first six differ in colour, neighbours in both."""
    return number % _COLORS, number + number // _COLORS


def lines_of_one(curves: RunCurves, view: View, horizontal: Horizontal) -> list[Line]:
    """Training, by step in the background and by epoch, and validation."""
    train, validation = _FIGURES[view]
    by_epoch = curves.line(train, horizontal)
    by_step = curves.line(train, horizontal, "steps")
    lines = [Line(_("step"), 0, "faint", by_step), Line(_("train"), 0, "line", by_epoch)]
    if len(by_epoch) < 2:  # one point makes no line
        lines = [Line(_("train"), 0, "line", by_step or by_epoch)]
    return [*lines, Line(_("validation"), 1, "markers", curves.line(validation, horizontal))]


def lines_of_many(runs: Sequence[RunCurves], view: View, horizontal: Horizontal) -> list[Line]:
    """A line a run, called A, B, C …"""
    return [
        Line(letter(number), color, "line", curves.line(_SINGLE[view], horizontal), dash)
        for number, curves in enumerate(runs)
        for color, dash in [look(number)]
    ]
