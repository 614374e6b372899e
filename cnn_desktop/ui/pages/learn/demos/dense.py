"""The last maps in a row, weighed for each class."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel

from cnn_desktop.core.language import _
from cnn_desktop.explain.lessons.examples import PRINTED_NUMBERS
from cnn_desktop.explain.lessons.stacking import POOLED_AGAIN, flattened, stages, voters, votes
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.learn.choices import Choices
from cnn_desktop.ui.pages.learn.demo import Demo, result_label, sign, titled
from cnn_desktop.ui.pages.learn.drawings import DRAWINGS, drawing_choices
from cnn_desktop.ui.pages.learn.sum_view import number
from cnn_desktop.ui.theme import S4, S16
from cnn_desktop.ui.widgets.card import caption
from cnn_desktop.ui.widgets.number_matrix import Editing, NumberMatrix

_CLASSES = ("X", "O")
_PRINTED = "printed"


class DenseDemo(Demo):
    """A picture, its three last maps, the same numbers in a row, and two votes."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._pictures: Choices = drawing_choices((_PRINTED, _("Printed example")))
        self._picture = NumberMatrix(_("Picture"), "grey", editing=Editing(choices=(-1, 1)), cell=(24, 24))
        self._maps = NumberMatrix(_("Last maps"), "blue", cell=(54, 42))
        self._row = NumberMatrix(_("Flattened"), "blue", cell=(60, 36))
        self._weights = NumberMatrix(_("Weights"), "signed", editing=Editing(low=-1, high=1, step=0.1), cell=(60, 36))
        self._sums = [result_label(f"votes{name}") for name in _CLASSES]
        self._answer = result_label("votesAnswer")
        self._above = caption()
        self.add_row(self._pictures)
        self.add_row(titled(self._above, self._picture), sign("→"), titled(_("the three maps of 2 × 2"), self._maps))
        grid = QGridLayout()
        grid.setHorizontalSpacing(S16)
        grid.setVerticalSpacing(S4)
        grid.addWidget(caption(_("flattened: 12 numbers in a row")), 0, 1)
        grid.addWidget(self._row, 1, 1)
        grid.addWidget(caption(_("weights of the two classes")), 2, 1)
        grid.addWidget(self._weights, 3, 1)
        grid.addWidget(_classes(), 3, 0)
        self.add_row(grid)
        for label in (*self._sums, self._answer):
            self.column.addWidget(label)
        self.column.addStretch()
        self._pictures.chosen.connect(self._take)
        self._picture.cell_changed.connect(self._on_drawn)
        self._weights.cell_changed.connect(self._refresh)

    def start_over(self) -> None:
        """An X, and the weights that tell it from an O."""
        self._weights.show_values(voters(), scale=0.5, decimals=2)
        self._pictures.choose_first()
        self._take(self._pictures.current)

    def _take(self, name: str) -> None:
        if name != _PRINTED:
            self._picture.show_values(DRAWINGS[name])
        self._refresh()

    def _on_drawn(self) -> None:
        self._pictures.choose("")
        self._refresh()

    def _refresh(self) -> None:
        import torch

        is_printed = self._pictures.current == _PRINTED
        self._picture.setVisible(not is_printed)
        self._above.setText(_("picture: not printed") if is_printed else _("picture"))
        drawn = self._picture.values()[0]
        maps = torch.tensor(PRINTED_NUMBERS).reshape(3, 2, 2) if is_printed else stages(drawn)[POOLED_AGAIN]
        values = maps.flatten() if is_printed else flattened(drawn)
        self._maps.show_values(maps, scale=1, decimals=2, titles=("╲", "╳", "╱"))
        self._row.show_values(values, scale=1, decimals=2)
        weights = torch.tensor(self._weights.values()[0])
        scores = votes(values, weights).tolist()
        for label, name, row, score in zip(self._sums, _CLASSES, weights.tolist(), scores, strict=True):
            parts = [f"{weight:g}·{value:.2f}" for weight, value in zip(row, values.tolist(), strict=True) if weight]
            label.setText(f"{name}:  {' + '.join(parts) or 0} = <b>{number(score)}</b>")
        self._answer.setText(_answer(scores))


def _answer(scores: list[float]) -> str:
    if abs(scores[0] - scores[1]) < 0.005:
        return _("The votes are equal: the network can't tell.")
    winner = _CLASSES[scores.index(max(scores))]
    return _("The larger score wins: <b>{winner}</b>").format(winner=winner)


def _classes() -> QLabel:
    label = QLabel("\n\n".join(_CLASSES))
    label.setProperty("role", "strong")
    return label


def make(context: AppContext) -> Demo:
    """Build it."""
    return DenseDemo(context)
