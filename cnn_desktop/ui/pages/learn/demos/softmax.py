"""Scores, their powers, their shares, and the loss."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.explain.lessons.choosing import chances, loss
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.learn.choices import Choices
from cnn_desktop.ui.pages.learn.demo import Demo, result_label
from cnn_desktop.ui.pages.learn.dial import Dial
from cnn_desktop.ui.pages.learn.share_bar import ShareBar
from cnn_desktop.ui.pages.learn.sum_view import number
from cnn_desktop.ui.theme import S16, S20
from cnn_desktop.ui.widgets.card import caption

_CLASSES = (("cat", _("cat")), ("dog", _("dog")), ("bird", _("bird")), ("fish", _("fish")))
_BEGIN = (2.0, 1.0, 0.5, -1.0)
_REACH = 8
_TEMPERATURES = (0.25, 0.5, 1, 2, 4, 8)
_RAISE = 2.0


class SoftmaxDemo(Demo):
    """A row a class: a score that can be moved, e to its power, and its share."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        scores = [step / 2 for step in range(-2 * _REACH, 2 * _REACH + 1)]
        self._scores = [Dial(f"score{name.capitalize()}", title, scores, number) for name, title in _CLASSES]
        self._powers = [QLabel() for _class in _CLASSES]
        self._bars = [ShareBar(title) for _name, title in _CLASSES]
        self._shares = [QLabel() for _class in _CLASSES]
        self._temperature = Dial("temperature", _("Temperature"), _TEMPERATURES)
        self._raise = QPushButton(_("Add 2 to all"))
        self._raise.setObjectName("scoresRaise")
        self._raise.setAccessibleName(self._raise.text())
        self._truth = Choices("truth", _("True class"), _CLASSES)
        self._sum, self._loss = result_label("softmaxSum"), result_label("softmaxLoss")
        self.column.addStretch()
        self.column.addLayout(self._table())
        self.column.addWidget(self._sum)
        self.add_row(self._temperature, self._raise, spacing=S20).setStretch(1, 1)
        self.column.addStretch()
        self.add_row(caption(_("True class")), self._truth)
        self.column.addWidget(self._loss)
        self.column.addStretch()
        for dial in (*self._scores, self._temperature):
            dial.turned.connect(self._refresh)
        self._truth.chosen.connect(self._refresh)
        self._raise.clicked.connect(self._raise_all)

    @override
    def start_over(self) -> None:
        for dial, score in zip(self._scores, _BEGIN, strict=True):
            dial.choose(score)
        self._temperature.choose(1)
        self._truth.choose_first()
        self._refresh()

    def _table(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(S20)
        grid.setVerticalSpacing(S16)
        for column, title in enumerate((_("score"), _("e to the score"), _("probability"))):
            grid.addWidget(caption(title), 0, column)
        for row, (dial, power, bar, share) in enumerate(
            zip(self._scores, self._powers, self._bars, self._shares, strict=True), start=1
        ):
            power.setMinimumWidth(90)
            share.setMinimumWidth(70)
            share.setProperty("role", "strong")
            for column, widget in enumerate((dial, power, bar, share)):
                grid.addWidget(widget, row, column)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(2, 3)
        return grid

    def _refresh(self) -> None:
        scores, temperature = [dial.value for dial in self._scores], self._temperature.value
        found = chances(scores, temperature)
        shares = found.probabilities.tolist()
        for power, value in zip(self._powers, found.powers.tolist(), strict=True):
            power.setText(f"{value:,.3g}" if value < 1000 else f"{value:,.0f}")
        for place, (bar, label, share) in enumerate(zip(self._bars, self._shares, shares, strict=True)):
            bar.show_share(share, is_best=place == shares.index(max(shares)))
            label.setText(percent_text(share))
        text = _("sum of the powers: {total}, sum of the probabilities: <b>{whole}</b>")
        self._sum.setText(text.format(total=f"{found.total:,.4g}", whole=percent_text(sum(shares))))
        names = [name for name, _title in _CLASSES]
        label = names.index(self._truth.current)
        text = _("loss = −ln({share:.4f}) = <b>{loss:.3f}</b>")
        self._loss.setText(text.format(share=shares[label], loss=loss(scores, label, temperature)))

    def _raise_all(self) -> None:
        for dial in self._scores:
            dial.choose(dial.value + _RAISE)
        self._refresh()


def make(context: AppContext) -> Demo:
    """Build it."""
    return SoftmaxDemo(context)
