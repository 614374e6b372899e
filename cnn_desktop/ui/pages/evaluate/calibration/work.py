"""Fitting and keeping a temperature, in a job's thread. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.pages.evaluate.work import Subject, ask

if TYPE_CHECKING:
    from cnn_desktop.predict.evaluation.calibration import Calibration, Reliability
    from cnn_desktop.ui.pages.evaluate.work import Evaluated

FITTED_ON = "validation"
"""The split on which temperatures are fitted: on pictures that neither trained the model nor measure it."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """A temperature, and how reliable the model would be with it on the split that was evaluated."""

    calibration: Calibration
    reliability: Reliability


def fit(result: Evaluated, progress: Progress) -> Fitted:
    """Fit the temperature on the validation pictures.

    Raises:
        BadInputError: the dataset has no validation pictures.
        DatasetError: the answers don't determine a temperature.
    """
    from cnn_desktop.predict.evaluation.calibration import calibrate, reliability

    if FITTED_ON not in result.dataset.splits:
        message = _("“{dataset}” has no validation pictures to fit on; hold some out on the Data page.")
        raise BadInputError(message.format(dataset=result.dataset.title))
    answers = result.answers
    if result.split != FITTED_ON:
        answers = ask(result.subject.model, result.dataset, FITTED_ON, progress)
    calibration = calibrate(answers)
    return Fitted(calibration, reliability(result.answers.at_temperature(calibration.temperature)))


def keep(subject: Subject, temperature: float, progress: Progress = no_progress) -> float:
    """Write the temperature into the model file, and use it from now on.

    Raises:
        BadInputError: the model has no file of ours.
        CnnDesktopError: the file can't be read or written.
    """
    from cnn_desktop.models.model_file import save_temperature

    progress(0, 0)
    file = subject.file
    if file is None:
        message = _("“{model}” has no model file in which the temperature could be kept.")
        raise BadInputError(message.format(model=subject.model.title))
    save_temperature(file, temperature)
    subject.model.temperature = temperature
    return temperature
