"""The commands together: parsing, exit codes, and errors as one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from cnn_desktop.cli import catalogue, doctor, evaluating, exporting, inspecting, predicting, runs, training
from cnn_desktop.cli.options import Json
from cnn_desktop.cli.output import (
    EXIT_BAD_INPUT,
    EXIT_FAILED,
    EXIT_INTERRUPTED,
    EXIT_OK,
    accept_any_name,
    print_message,
    print_text,
)
from cnn_desktop.core.errors import BadInputError, CnnDesktopError
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import settings_file


@dataclass(frozen=True)
class WindowRequest:
    """No command was given: the window is wanted."""

    safe_mode: bool


app = typer.Typer(
    name="cnn-desktop",
    help=_("Train, look inside and use convolutional image classifiers. Without a command, the window opens."),
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(catalogue.datasets_app, name="datasets")
app.add_typer(runs.runs_app, name="runs")
app.command("architectures")(catalogue.list_architectures)
app.command("train")(training.train_command)
app.command("predict")(predicting.predict_command)
app.command("evaluate")(evaluating.evaluate_command)
app.command("export")(exporting.export_command)
app.command("inspect")(inspecting.inspect_command)
app.command("doctor")(doctor.doctor_command)


@app.callback(invoke_without_command=True)
def _without_command(
    context: typer.Context,
    safe_mode: Annotated[bool, typer.Option("--safe-mode", help=_("Open the window without settings."))] = False,
    reset: Annotated[bool, typer.Option("--reset", help=_("Forget the window's settings."))] = False,
    info: Annotated[bool, typer.Option("--info", help=_("Print versions and folders."))] = False,
    as_json: Json = False,
) -> WindowRequest | int | None:
    if context.invoked_subcommand is not None:
        return None
    if info:
        return doctor.print_info(as_json)
    if reset:
        return _reset()
    return WindowRequest(safe_mode)


def run(arguments: Sequence[str] | None = None) -> int | WindowRequest:
    """Run the command that `arguments` (None: the process's own) name; return its exit code, or what else is wanted."""
    accept_any_name()
    command = typer.main.get_command(app)
    try:
        answer = command.main(args=arguments, prog_name="cnn-desktop", standalone_mode=False)
    except typer.TyperException as error:
        print_message(f"cnn-desktop: {error.format_message()}")
        return EXIT_BAD_INPUT
    except BadInputError as error:
        print_message(f"cnn-desktop: {error}")
        return EXIT_BAD_INPUT
    except CnnDesktopError as error:
        print_message(f"cnn-desktop: {error}")
        return EXIT_FAILED
    except (KeyboardInterrupt, typer.Abort):
        print_message(_("Interrupted."))
        return EXIT_INTERRUPTED
    return EXIT_OK if answer is None else answer


def _reset() -> int:
    file = settings_file()
    existed = file.exists()
    file.unlink(missing_ok=True)
    print_text(
        _("Forgot the settings in {file}.").format(file=file) if existed else _("There were no settings to forget.")
    )
    return EXIT_OK
