"""One picture's label and the classes that the model found likeliest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.class_bars import ClassBars
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.facts_grid import FactsGrid

if TYPE_CHECKING:
    from cnn_desktop.predict.evaluation.mistakes import Answered
    from cnn_desktop.ui.pages.evaluate.work import Evaluated

_SHOWN = 5


class DetailCard(Card):
    """Says what the chosen picture is labelled, and draws the best answers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("What the model says"), parent)
        self.name = ElidedLabel()
        self.facts = FactsGrid(_("What is known of the picture"))
        self.bars = ClassBars()
        self.bars.setObjectName("mistakeClasses")
        self.body.addWidget(self.name)
        self.body.addWidget(self.facts)
        self.body.addSpacing(S16)
        self.body.addWidget(self.bars, 1)
        self.setFixedWidth(240)

    def show_picture(self, result: Evaluated, one: Answered) -> None:
        """Show a picture's answers."""
        answers = result.answers
        self.name.setText(result.dataset.splits[one.ref.split].name(one.ref.index))
        self.facts.show_facts(
            [
                (_("Labelled"), one.label),
                (_("Its probability"), percent_text(one.label_probability)),
                (_("Loss"), f"{one.loss:.3f}"),
            ]
        )
        shares = answers.probabilities[answers.refs.index(one.ref)]
        best = np.argsort(-shares, kind="stable")[:_SHOWN]
        self.bars.show_classes([(answers.classes[place], float(shares[place])) for place in best])

    def show_many(self, count: int) -> None:
        """Show how many pictures are chosen."""
        self.name.setText(_("{count:,} pictures are chosen.").format(count=count) if count else _("Choose a picture."))
        self.facts.show_facts([])
        self.bars.show_classes([])
