"""One picture's label and the classes that the model found likeliest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.class_bars import ClassBars
from cnn_desktop.ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from cnn_desktop.predict.evaluation.mistakes import Answered
    from cnn_desktop.ui.pages.evaluate.work import Evaluated

_SHOWN = 5


class DetailCard(Card):
    """Says what the chosen picture is labelled, and draws the best answers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("What the model says"), parent)
        self.name = ElidedLabel()
        self._label = _strong()
        self._loss = _strong()
        self.bars = ClassBars()
        self.bars.setObjectName("mistakeClasses")
        self.body.addWidget(self.name)
        for title, value in ((_("Labelled"), self._label), (_("Loss"), self._loss)):
            self.body.addWidget(caption(title))
            self.body.addWidget(value)
        self.body.addSpacing(S16)
        self.body.addWidget(self.bars, 1)
        self.setFixedWidth(260)

    def show_picture(self, result: Evaluated, one: Answered) -> None:
        """Show a picture's answers."""
        answers = result.answers
        self.name.setText(result.dataset.splits[one.ref.split].name(one.ref.index))
        share = percent_text(one.label_probability)
        self._label.setText(_("{label}, which the model gives {share}").format(label=one.label, share=share))
        self._loss.setText(f"{one.loss:.3f}")
        shares = answers.probabilities[answers.refs.index(one.ref)]
        best = np.argsort(-shares, kind="stable")[:_SHOWN]
        self.bars.show_classes([(answers.classes[place], float(shares[place])) for place in best])

    def show_many(self, count: int) -> None:
        """Show how many pictures are chosen."""
        self.name.setText(_("{count:,} pictures are chosen.").format(count=count) if count else "")
        self._label.setText("–")
        self._loss.setText("–")
        self.bars.show_classes([])


def _strong() -> QLabel:
    label = QLabel("–")
    label.setProperty("role", "strong")
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
