"""`datasets check`: what a person should know about a dataset before an hour of training goes into it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnn_desktop.cli.options import DataRoot, Json
from cnn_desktop.cli.output import ProgressLine, print_json, print_message, print_table, print_text
from cnn_desktop.core.language import _

if TYPE_CHECKING:
    from cnn_desktop.data.health import HealthReport


def check_dataset(
    dataset: Annotated[str, typer.Argument(help=_("A folder of pictures, or a registered name."))],
    html: Annotated[Path | None, typer.Option(help=_("Write the report with its pictures into this file too."))] = None,
    data_root: DataRoot = None,
    as_json: Json = False,
) -> None:
    """Say what is in a dataset, and what is wrong with it."""
    from cnn_desktop.core.config import RunConfig
    from cnn_desktop.core.files import write_atomic
    from cnn_desktop.data import health
    from cnn_desktop.data.sets import open_dataset
    from cnn_desktop.data.splits import with_validation

    line = ProgressLine()
    opened = open_dataset(dataset, data_root, lambda done, total: line.show(_("Opening"), done, total))
    opened = with_validation(opened, RunConfig.model_fields["val_fraction"].default)
    report = health.check_dataset(opened, lambda done, total: line.show(_("Reading pictures"), done, total))
    line.clear()
    if html is not None:
        write_atomic(html, report.to_html(opened).encode("utf-8", errors="replace"))
        print_message(_("The report is in {file}.").format(file=html))
    if as_json:
        print_json(report.to_json())
    else:
        _print_report(report)


def _print_report(report: "HealthReport") -> None:
    print_text(report.title)
    for finding in report.findings:
        print_text(f"{finding.title}: {finding.sentence}")
