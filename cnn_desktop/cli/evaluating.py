"""`evaluate`: how good a model is on a labelled dataset."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cnn_desktop.cli.options import DataRoot, Device, Json, ModelName, Weights
from cnn_desktop.cli.output import ProgressLine, print_json, print_message, print_text
from cnn_desktop.cli.predicting import open_named_model
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset, SplitName
    from cnn_desktop.predict.classifier import Classifier
    from cnn_desktop.predict.evaluation import Answers
    from cnn_desktop.predict.evaluation.calibration import Calibration
    from cnn_desktop.predict.evaluation.comparing import Comparison


_PAIRS = 5
"""So many pairs of confused classes are printed."""


def evaluate_command(
    model: ModelName,
    dataset: Annotated[str, typer.Option(help=_("A registered name, or a folder of class folders."))],
    split: Annotated[str, typer.Option(help="train, validation, test")] = "test",
    compare: Annotated[str | None, typer.Option(help=_("Another model, to compare with on the same pictures."))] = None,
    mirrored: Annotated[
        bool, typer.Option("--mirrored", help=_("Average the answers to each picture and to its mirror image."))
    ] = False,
    calibrate: Annotated[
        bool, typer.Option(help=_("Fit the temperature on the validation split and store it in the model file."))
    ] = False,
    html: Annotated[Path | None, typer.Option(help=_("Write the report with its pictures into this file too."))] = None,
    csv: Annotated[Path | None, typer.Option(help=_("Write a row for each picture into this table too."))] = None,
    weights: Weights = None,
    data_root: DataRoot = None,
    device: Device = "auto",
    as_json: Json = False,
) -> None:
    """Measure a model on a labelled dataset."""
    from cnn_desktop.data.dataset import SPLIT_NAMES
    from cnn_desktop.predict.classifier import Classifier
    from cnn_desktop.predict.evaluation.classes import check_classes
    from cnn_desktop.predict.evaluation.saving import report_json

    if split not in SPLIT_NAMES:
        raise BadInputError(_("There is no split “{split}”; there are train, validation, test.").format(split=split))
    if mirrored and calibrate:
        raise BadInputError(_("A temperature is fitted for pictures as they are: leave out --mirrored or --calibrate."))
    _check_folders(path for path in (html, csv) if path is not None)
    file = _file_to_calibrate(model, weights) if calibrate else None
    classifier = Classifier(open_named_model(model, weights), device, mirrored=mirrored)
    other = None if compare is None else Classifier(open_named_model(compare, None), device, mirrored=mirrored)
    opened = _opened(dataset, data_root, model)
    for asked in (classifier, other):
        if asked is not None:
            check_classes(asked.title, asked.classes, opened)
    fitted = None if file is None else _calibrated(classifier, opened, file)
    answers = _measured(classifier, opened, split)
    comparison = None if other is None else _compared(answers, _measured(other, opened, split))
    _write(answers, opened, comparison, html, csv)
    if as_json:
        print_json({**report_json(answers, comparison), **_calibration_json(fitted)})
    else:
        _print(answers, comparison)


def _check_folders(files: Iterable[Path]) -> None:
    """Before the work, not after it."""
    for file in files:
        if not file.absolute().parent.is_dir():
            raise BadInputError(_("The folder of {file} doesn't exist; make it first.").format(file=file))


def _file_to_calibrate(model: str, weights: Path | None) -> Path:
    from cnn_desktop.models.weights import model_file_of

    file = None if weights is not None else model_file_of(model)
    if file is None:
        text = _("The temperature is stored in a model file of this program, and “{model}” has none: export it first.")
        raise BadInputError(text.format(model=model))
    return file


def _opened(name: str, data_root: Path | None, model: str) -> "Dataset":
    """The dataset, with the validation split that the model's own run kept from training, or the usual one."""
    from cnn_desktop.core.config import RunConfig
    from cnn_desktop.data.sets import open_dataset
    from cnn_desktop.data.splits import with_validation
    from cnn_desktop.train.runs.listing import find_run

    line = ProgressLine()
    dataset = open_dataset(name, data_root, lambda done, total: line.show(_("Opening"), done, total))
    line.clear()
    try:
        fraction = find_run(model).config.val_fraction
    except BadInputError:  # a model file, or a pretrained name
        fraction = RunConfig.model_fields["val_fraction"].default
    return with_validation(dataset, fraction)


def _measured(classifier: "Classifier", dataset: "Dataset", split: "SplitName") -> "Answers":
    from cnn_desktop.predict.evaluation import answer_split

    line = ProgressLine()
    answers = answer_split(classifier, dataset, split, lambda done, total: line.show(_("Measuring"), done, total))
    line.clear()
    return answers


def _calibrated(classifier: "Classifier", dataset: "Dataset", file: Path) -> "Calibration":
    """Fit, store, and give the classifier's own model the temperature too."""
    from cnn_desktop.models.weights import save_temperature
    from cnn_desktop.predict.evaluation.calibration import calibrate

    fitted = calibrate(_measured(classifier, dataset, "validation"))
    save_temperature(file, fitted.temperature)
    classifier.model.temperature = fitted.temperature
    print_message(str(fitted))
    print_message(_("It is stored in {file}.").format(file=file))
    return fitted


def _compared(first: "Answers", second: "Answers") -> "Comparison":
    from cnn_desktop.predict.evaluation.comparing import compare

    return compare(first, second)


def _write(
    answers: "Answers", dataset: "Dataset", comparison: "Comparison | None", html: Path | None, csv: Path | None
) -> None:
    from cnn_desktop.predict.evaluation.saving import write_csv, write_html

    if html is not None:
        line = ProgressLine()
        write_html(html, answers, dataset, comparison, lambda done, total: line.show(_("Drawing"), done, total))
        line.clear()
        print_message(_("The report is in {file}.").format(file=html))
    if csv is not None:
        write_csv(csv, answers)
        print_message(_("The table is in {file}.").format(file=csv))


def _calibration_json(fitted: "Calibration | None") -> dict[str, Any]:
    from dataclasses import asdict

    return {} if fitted is None else {"calibration": asdict(fitted)}


def _print(answers: "Answers", comparison: "Comparison | None") -> None:
    from cnn_desktop.predict.evaluation import evaluate
    from cnn_desktop.predict.evaluation.confusion import Confusion

    print_text(str(evaluate(answers)))
    names = answers.classes
    for pair in Confusion(answers).most_confused(_PAIRS):
        text = _("{count:,} of “{label}” were taken for “{answer}” ({share} of that class).")
        shown = {"label": names[pair.label], "answer": names[pair.answer], "share": percent_text(pair.share)}
        print_text(text.format(count=pair.count, **shown))
    if comparison is not None:
        print_text()
        print_text(str(comparison))
