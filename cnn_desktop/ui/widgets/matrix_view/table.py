"""The numbers of a confusion matrix, and how they read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.units import percent_text

Normalisation = Literal["counts", "row", "column"]
"""Pictures; shares of the pictures of a class; shares of the answers with a class."""

Cell = tuple[int, int]
"""The actual class and the answer, as places in the classes."""


@dataclass(frozen=True, eq=False)
class ConfusionTable:
    """How often pictures of each class, a row each, were taken for each class, a column each."""

    counts: NDArray[np.int64]
    """Classes×classes."""
    classes: Sequence[str]

    @cached_property
    def row_sums(self) -> NDArray[np.int64]:
        """Pictures of each class."""
        return self.counts.sum(axis=1)

    @cached_property
    def column_sums(self) -> NDArray[np.int64]:
        """Answers with each class."""
        return self.counts.sum(axis=0)

    def values(self, normalisation: Normalisation) -> NDArray[np.float64]:
        """What the cells show: counts, or shares of 1; a class without pictures or answers has shares of 0."""
        if normalisation == "counts":
            return self.counts.astype(np.float64)
        sums = self.row_sums[:, None] if normalisation == "row" else self.column_sums[None, :]
        return self.counts / np.maximum(sums, 1)

    def value(self, cell: Cell, normalisation: Normalisation) -> float:
        """What one cell shows."""
        count = float(self.counts[cell])
        match normalisation:
            case "counts":
                return count
            case "row":
                return count / max(1, int(self.row_sums[cell[0]]))
            case "column":
                return count / max(1, int(self.column_sums[cell[1]]))

    def title(self, cell: Cell) -> str:
        """The classes of a cell: “cat → dog”, or “cat” on the diagonal."""
        actual, answer = (self.classes[place] for place in cell)
        return actual if cell[0] == cell[1] else _("{actual} → {answer}").format(actual=actual, answer=answer)

    def lines(self, cell: Cell) -> tuple[str, str]:
        """What a cell says, as shares of its row and of its column."""
        count, pictures, answers = int(self.counts[cell]), int(self.row_sums[cell[0]]), int(self.column_sums[cell[1]])
        of_class = ngettext(
            "{count:,} of {total:,} picture of {name} ({share})",
            "{count:,} of {total:,} pictures of {name} ({share})",
            pictures,
        )
        of_answers = ngettext(
            "{count:,} of {total:,} answer “{name}” ({share})",
            "{count:,} of {total:,} answers “{name}” ({share})",
            answers,
        )
        return (
            _filled(of_class, count, pictures, self.classes[cell[0]]),
            _filled(of_answers, count, answers, self.classes[cell[1]]),
        )


def value_text(value: float, normalisation: Normalisation) -> str:
    """A value as it stands in its cell: pictures, or per cent, for whose sign there is no room."""
    if normalisation == "counts":
        return f"{value:,.0f}"
    return f"{100 * value:.{1 if 100 * value < 9.95 else 0}f}"


def short_text(value: float) -> str:
    """A count where there is little room: 1.1k."""
    if value < 1000:
        return f"{value:.0f}"
    return f"{value / 1000:.1f}k" if value < 9950 else f"{value / 1000:.0f}k"


def _filled(text: str, count: int, total: int, name: str) -> str:
    share = percent_text(count / total) if total else "–"
    return text.format(count=count, total=total, name=name, share=share)
