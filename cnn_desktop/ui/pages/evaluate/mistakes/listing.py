"""Which pictures the gallery shows, in which order. No Qt; a job's thread does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.core.units import percent_text

if TYPE_CHECKING:
    from cnn_desktop.predict.evaluation.mistakes import Answered
    from cnn_desktop.ui.pages.evaluate.work import Evaluated

Kind = Literal["confident", "losses"]
MOST = 2000
"""So many pictures are shown; nobody looks at more."""


@dataclass(frozen=True)
class Wanted:
    """What the person wants to see of an evaluation."""

    result: Evaluated
    kind: Kind
    label: int
    """Only pictures of this class; -1: of any."""


@dataclass(frozen=True)
class Gallery:
    """Pictures in their order."""

    wanted: Wanted
    pictures: Sequence[Answered]
    total: int
    """As many are there; `pictures` has the first."""

    def marks(self) -> dict[str, str]:
        """What is written on the pictures, by key: the answer and its probability."""
        text = _("→ {answer} · {share}")
        return {
            one.key: text.format(answer=one.answer, share=percent_text(one.probability, 0)) for one in self.pictures
        }


def gallery(wanted: Wanted, progress: Progress = no_progress) -> Gallery:
    """The wrong answers, the surest first; or all pictures, those with the largest loss first."""
    from cnn_desktop.predict.evaluation.mistakes import answered

    progress(0, 0)
    answers = wanted.result.answers
    is_wanted = ~answers.is_right if wanted.kind == "confident" else np.ones(len(answers), dtype=bool)
    if wanted.label >= 0:
        is_wanted &= answers.labels == wanted.label
    places = np.flatnonzero(is_wanted)
    weight = answers.confidence if wanted.kind == "confident" else answers.losses
    worst = places[np.argsort(-weight[places], kind="stable")]
    return Gallery(wanted, answered(answers, worst[:MOST]), len(worst))
