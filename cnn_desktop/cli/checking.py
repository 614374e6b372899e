"""`datasets check`: what a person should know about a dataset before an hour of training goes into it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnn_desktop.cli.health_text import health_text
from cnn_desktop.cli.options import DataRoot, Device, Json, Weights
from cnn_desktop.cli.output import ProgressLine, print_json, print_message, print_text
from cnn_desktop.cli.predicting import open_named_model
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset
    from cnn_desktop.data.health import Finding, HealthReport


def check_dataset(
    dataset: Annotated[str, typer.Argument(help=_("A folder of pictures, or a registered name."))],
    html: Annotated[Path | None, typer.Option(help=_("Write the report with its pictures into this file too."))] = None,
    model: Annotated[str | None, typer.Option(help=_("Look for wrong labels with it, as in predict."))] = None,
    weights: Weights = None,
    data_root: DataRoot = None,
    device: Device = "auto",
    as_json: Json = False,
) -> None:
    """Say what is in a dataset, and what is wrong with it, before it is trained on."""
    from cnn_desktop.core.files import write_atomic

    if weights is not None and model is None:
        raise BadInputError(_("--weights needs --model: the network that the weights are for."))
    if html is not None and not html.absolute().parent.is_dir():
        raise BadInputError(_("The folder of {file} doesn't exist; make it first.").format(file=html))
    opened, report = _checked(dataset, data_root)
    if model is not None:
        report = report.with_finding(_mislabels(opened, model, weights, device))
    if html is not None:
        try:
            write_atomic(html, report.to_html(opened))
        except OSError as error:
            message = _("{file} can't be written: {reason}.")
            raise BadInputError(message.format(file=html, reason=error.strerror)) from error
        print_message(_("The report is in {file}.").format(file=html))
    if as_json:
        print_json(report.to_json())
    else:
        print_text(health_text(report))


def _checked(name: str, data_root: Path | None) -> "tuple[Dataset, HealthReport]":
    from cnn_desktop.core.config import RunConfig
    from cnn_desktop.data import health
    from cnn_desktop.data.sets import open_dataset
    from cnn_desktop.data.splits import with_validation

    line = ProgressLine()
    dataset = open_dataset(name, data_root, lambda done, total: line.show(_("Opening"), done, total))
    dataset = with_validation(dataset, RunConfig.model_fields["val_fraction"].default)
    report = health.check_dataset(dataset, lambda done, total: line.show(_("Reading pictures"), done, total))
    line.clear()
    return dataset, report


def _mislabels(dataset: "Dataset", model: str, weights: Path | None, device: str) -> "Finding":
    from cnn_desktop.predict.classifier import Classifier
    from cnn_desktop.predict.mislabels import likely_mislabels

    classifier = Classifier(open_named_model(model, weights), device)
    line = ProgressLine()
    finding = likely_mislabels(
        dataset, classifier, lambda done, total: line.show(_("Looking for wrong labels"), done, total)
    )
    line.clear()
    return finding
