"""What came of a comparison: both accuracies, whether it may be chance, and the pictures on which the models differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.evaluate.comparison.standings_view import StandingsView
from cnn_desktop.ui.pages.evaluate.comparison.work import Compared
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.fields import Picker
from cnn_desktop.ui.widgets.picture_grid import PictureGrid

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import PictureRef


class OutcomeCard(Card):
    """A click on a picture asks to look inside."""

    picture_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._compared: Compared | None = None
        self.standings = StandingsView()
        self.sentence = QLabel()
        self.sentence.setObjectName("comparisonSentence")
        self.sentence.setProperty("role", "strong")
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.which = Picker("comparisonPictures")
        self.which.setAccessibleName(_("Which pictures"))
        self.which.edited.connect(self._show_pictures)
        self.grid = PictureGrid(_("Pictures on which the models differ"))
        self.grid.empty_text = _("There is no such picture.")
        self.grid.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.grid.picture_clicked.connect(self.picture_asked)
        self.grid.picture_opened.connect(self.picture_asked)
        row = QHBoxLayout()
        row.setSpacing(S16)
        row.addWidget(self.which, 1)
        row.addWidget(caption(_("The mark says both answers. A click looks inside.")), 1)
        self.body.addWidget(self.sentence)
        self.body.addWidget(self.standings)
        self.body.addLayout(row)
        self.body.addWidget(self.grid, 1)

    def show_compared(self, compared: Compared) -> None:
        """Show an outcome."""
        self._compared = compared
        found = compared.comparison
        self.sentence.setText(str(found))
        self.standings.show_standings((found.first, found.second))
        chosen = self.which.choice()
        text = _("Only “{model}” is right · {count:,}")
        self.which.blockSignals(True)
        self.which.clear()
        for name, one in (("first", found.first), ("second", found.second)):
            self.which.addItem(text.format(model=one.model, count=len(one.alone_right)), name)
        self.which.addItem(_("Both are wrong · {count:,}").format(count=len(found.both_wrong)), "wrong")
        self.which.write(chosen)
        self.which.blockSignals(False)
        self._show_pictures()

    def shutdown(self) -> None:
        """Wait for the threads that load pictures."""
        self.grid.shutdown()

    def _show_pictures(self) -> None:
        if self._compared is None:
            return
        found = self._compared.comparison
        refs = {
            "first": found.first.alone_right,
            "second": found.second.alone_right,
            "wrong": found.both_wrong,
        }[self.which.choice() or "first"]
        self.grid.show_pictures(self._compared.result.dataset, refs, self._marks(refs))

    def _marks(self, refs: tuple[PictureRef, ...]) -> dict[str, str]:
        """Both answers, on the pictures that are shown."""
        assert self._compared is not None
        wanted = set(refs)
        ours, theirs = self._compared.result.answers, self._compared.other
        other_best = dict(zip(theirs.keys, theirs.best.tolist(), strict=True))
        places = np.flatnonzero([ref in wanted for ref in ours.refs])
        text = _("{ours} / {theirs}")
        return {
            ours.keys[place]: text.format(
                ours=ours.classes[ours.best[place]], theirs=theirs.classes[other_best[ours.keys[place]]]
            )
            for place in places
        }
