"""The pictures inside a line that was drawn on the map, and how many of each class they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.pages.inspect.embedding.work import PictureMap
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.picture_grid import PictureGrid

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import PictureRef

_NAMED = 6
"""So many classes are named with their counts."""


class Gallery(Card):
    """Shows what was chosen; a click opens a picture."""

    opened = Signal(object)
    """A `PictureRef`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Chosen pictures"), parent)
        self._counts = caption()
        self._counts.setObjectName("chosenCounts")
        self._counts.setWordWrap(True)
        self.grid = PictureGrid(_("Chosen pictures"))
        self.grid.set_thumbnail_side(64)
        self.grid.empty_text = _("Draw a line around points to see their pictures.")
        self.grid.picture_clicked.connect(self._open)
        self.grid.picture_opened.connect(self._open)
        self.body.addWidget(self._counts)
        self.body.addWidget(self.grid, 1)

    def show_points(self, shown: PictureMap | None, points: np.ndarray) -> None:
        """Show the pictures of these points, those that the model got wrong first."""
        if shown is None or not len(points):
            self.set_title(_("Chosen pictures"))
            self._counts.clear()
            self._counts.hide()
            self.grid.show_pictures(None, ())
            return
        ordered = points[np.argsort(~shown.is_wrong[points], kind="stable")]
        refs = [shown.ref(int(point)) for point in ordered]
        split = shown.dataset.splits[shown.order.split]
        marks = {
            split.key(shown.ref(int(point)).index): _said(shown, int(point))
            for point in ordered
            if shown.is_wrong[point]
        }
        self.grid.show_pictures(shown.dataset, refs, marks)
        title = ngettext("{count:,} chosen picture", "{count:,} chosen pictures", len(refs))
        self.set_title(title.format(count=len(refs)))
        self._counts.setText(_counted(shown, points))
        self._counts.show()

    def _open(self, ref: PictureRef) -> None:
        self.opened.emit(ref)


def _said(shown: PictureMap, point: int) -> str:
    return shown.order.model.classes[int(shown.embedded.answers[point])]


def _counted(shown: PictureMap, points: np.ndarray) -> str:
    counts = np.bincount(shown.embedded.labels[points], minlength=len(shown.dataset.classes))
    order = np.argsort(-counts, kind="stable")[: int((counts > 0).sum())]
    parts = [f"{shown.dataset.classes[place]} {int(counts[place]):,}" for place in order[:_NAMED]]
    if len(order) > _NAMED:
        parts.append(_("{count} other classes").format(count=len(order) - _NAMED))
    wrong = int(shown.is_wrong[points].sum())
    if wrong:
        parts.append(_("wrong {count:,}").format(count=wrong))
    return " · ".join(parts)
