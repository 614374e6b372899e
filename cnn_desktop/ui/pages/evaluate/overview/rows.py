"""What the table of classes tells of each. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text

if TYPE_CHECKING:
    from cnn_desktop.predict.evaluation import ClassFigures
    from cnn_desktop.ui.pages.evaluate.work import Evaluated


@dataclass(frozen=True)
class ClassRow:
    """A class, how good the model is at it, and what it most often takes its pictures for."""

    place: int
    """Among the model's classes."""
    figures: ClassFigures
    taken_for: str
    """Empty where every picture is recognised."""
    taken_share: float
    """Of the class's pictures."""

    @property
    def taken_text(self) -> str:
        """“dog · 4.2 %”."""
        if not self.taken_for:
            return "–"
        return _("{name} · {share}").format(name=self.taken_for, share=percent_text(self.taken_share))


def rows_of(result: Evaluated) -> list[ClassRow]:
    """A row a class, in the model's order."""
    wrong = result.confusion.counts.copy()
    for place in range(len(wrong)):
        wrong[place, place] = 0
    most = wrong.argmax(axis=1)
    rows: list[ClassRow] = []
    for place, figures in enumerate(result.figures.classes):
        count = int(wrong[place, most[place]])
        name = result.answers.classes[int(most[place])] if count else ""
        rows.append(ClassRow(place, figures, name, count / max(1, figures.support)))
    return rows
