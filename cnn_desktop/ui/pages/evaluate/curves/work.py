"""The curves of an evaluation, computed in a job's thread. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnn_desktop.core.language import _

if TYPE_CHECKING:
    from cnn_desktop.core.progress import Progress
    from cnn_desktop.predict.evaluation import Answers
    from cnn_desktop.predict.evaluation.curves import Curves


@dataclass(frozen=True, eq=False)
class NamedCurves:
    """Both curves of a class, or of all together."""

    name: str
    """Unique: the place of the class, or “micro”, “macro”."""
    title: str
    curves: Curves


def curves_of(answers: Answers, progress: Progress) -> list[NamedCurves]:
    """All classes together, counting every answer alike (micro), then every class (macro); then each that has pictures.

    Raises:
        CancelledError: `progress` raised it.
    """
    from cnn_desktop.predict.evaluation.curves import all_class_curves, macro_curves, micro_curves

    of_classes = all_class_curves(answers, progress)
    found = [NamedCurves("micro", _("Micro"), micro_curves(answers))]
    if (macro := macro_curves(of_classes)) is not None:
        found.append(NamedCurves("macro", _("Macro"), macro))
    found += [
        NamedCurves(str(place), answers.classes[place], curves)
        for place, curves in enumerate(of_classes)
        if curves is not None
    ]
    return found
