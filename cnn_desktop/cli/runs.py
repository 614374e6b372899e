"""`runs`: what was trained, what differs between runs, and their figures for TensorBoard."""

from typing import TYPE_CHECKING, Annotated

import typer

from cnn_desktop.cli.options import Json
from cnn_desktop.cli.output import ProgressLine, print_json, print_message, print_table, print_text
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text, duration_text, percent_text

if TYPE_CHECKING:
    from cnn_desktop.train.runs.run_summary import RunSummary

runs_app = typer.Typer(help=_("The runs that there are, newest first."), rich_markup_mode=None)

RunNames = Annotated[list[str], typer.Argument(metavar="RUN…", help=_("Folders of runs, or their names."))]


@runs_app.callback(invoke_without_command=True)
def list_all_runs(context: typer.Context, as_json: Json = False) -> None:
    """List the runs, newest first."""
    if context.invoked_subcommand is not None:
        return
    from cnn_desktop.train.runs.listing import survey_runs

    line = ProgressLine()
    survey = survey_runs(None, lambda done, total: line.show(_("Reading runs"), done, total))
    line.clear()
    for damaged in survey.damaged:
        print_message(f"{damaged.path.name}: {damaged.reason}")
    if as_json:
        for run in survey.runs:
            print_json(_facts(run))
    elif survey.runs:
        print_table([_row(run) for run in survey.runs])
    else:
        print_text(_("There are no runs yet; `cnn-desktop train` makes one."))


@runs_app.command("compare")
def compare_runs(runs: RunNames, as_json: Json = False) -> None:
    """Show the settings that differ between runs, and how far each came."""
    from cnn_desktop.train.runs.comparing import differences
    from cnn_desktop.train.runs.listing import find_run

    if len(runs) < 2:
        raise BadInputError(_("Name at least two runs to compare (`cnn-desktop runs` lists them)."))
    found = [find_run(name) for name in runs]
    different = differences([run.config for run in found])
    if as_json:
        for index, run in enumerate(found):
            print_json(_facts(run) | {"settings": {row.title: row.values[index] for row in different}})
        return
    rows = [["", *(run.title for run in found)]]
    rows += [[row.title, *row.values] for row in different]
    rows += [[title, *(write(run) for run in found)] for title, write in _FIGURES]
    print_table(rows)


@runs_app.command("export-tensorboard")
def export_tensorboard(runs: RunNames, as_json: Json = False) -> None:
    """Write runs' figures into their folders as TensorBoard reads them."""
    from cnn_desktop.train.runs.listing import find_run
    from cnn_desktop.train.runs.tensorboard import how_to_look, write_events

    line = ProgressLine()
    folders = [find_run(name).path for name in runs]
    for folder in folders:
        file = write_events(folder, lambda done, total: line.show(_("Writing events"), done, total))
        line.clear()
        if as_json:
            print_json({"run_dir": str(folder), "file": str(file)})
        else:
            print_text(str(file))
    print_message(how_to_look(folders[0] if len(folders) == 1 else folders[0].parent))


def _facts(run: "RunSummary") -> dict[str, object]:
    return {
        "run_dir": str(run.path),
        "dataset": run.config.dataset,
        "architecture": run.config.architecture,
        "started": run.started.isoformat(timespec="seconds"),
        "state": run.state,
        "outcome": run.outcome,
        "can_go_on": run.can_go_on,
        "epochs": run.epochs,
        "steps": run.steps,
        "train_seconds": run.seconds,
        "device": run.device,
        "precision": run.precision,
        "best_validation_accuracy": run.best_validation_accuracy,
        "best_epoch": run.best_epoch,
        "test_accuracy": run.test_accuracy,
        "bytes": run.size,
    }


def _row(run: "RunSummary") -> list[str]:
    return [run.title, run.state_title, _percent(run.best_accuracy), duration_text(run.seconds), str(run.path)]


def _percent(share: float | None) -> str:
    return "–" if share is None else percent_text(share, 2)


_FIGURES = (
    (_("State"), lambda run: run.state_title),
    (_("Epochs done"), lambda run: str(run.epochs)),
    (_("Best validation accuracy"), lambda run: _percent(run.best_validation_accuracy)),
    (_("Test accuracy"), lambda run: _percent(run.test_accuracy)),
    (_("Training time"), lambda run: duration_text(run.seconds)),
    (_("Size on disk"), lambda run: bytes_text(run.size)),
)
