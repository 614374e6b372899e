"""`train`: a run in the terminal."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from cnn_desktop.cli.options import DataRoot, Json
from cnn_desktop.cli.output import (
    EXIT_FAILED,
    EXIT_INTERRUPTED,
    EXIT_OK,
    ProgressLine,
    print_json,
    print_message,
    print_text,
)
from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError, CnnDesktopError
from cnn_desktop.core.events import (
    EpochDone,
    Event,
    Notice,
    Preparing,
    RunFinished,
    RunStarted,
    StepsDone,
    TrainingStarted,
)
from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.core.units import duration_text, percent_text


def train_command(
    dataset: Annotated[str | None, typer.Option(help=_("A registered name, or a folder of class folders."))] = None,
    arch: Annotated[str | None, typer.Option(help=_("A registered architecture."))] = None,
    epochs: Annotated[int | None, typer.Option()] = None,
    steps: Annotated[int | None, typer.Option(help=_("Stop after this many updates."))] = None,
    batch_size: Annotated[int | None, typer.Option()] = None,
    lr: Annotated[float | None, typer.Option(help=_("Learning rate."))] = None,
    optimizer: Annotated[str | None, typer.Option(help="sgd, adam, adamw, rmsprop")] = None,
    schedule: Annotated[str | None, typer.Option(help="constant, step, cosine, one_cycle")] = None,
    weight_decay: Annotated[float | None, typer.Option()] = None,
    seed: Annotated[int | None, typer.Option()] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda[:N], mps")] = None,
    precision: Annotated[str | None, typer.Option(help="auto, fp32, bf16, fp16")] = None,
    freeze: Annotated[int | None, typer.Option(help=_("Keep the weights of the first N layers."))] = None,
    pretrained: Annotated[bool, typer.Option("--pretrained", help=_("Start from pretrained weights."))] = False,
    augment: Annotated[
        str | None, typer.Option(help="none, light, tutorial, or flip,crop=4,rotate=10,shear=0.2,zoom=0.2")
    ] = None,
    image_size: Annotated[int | None, typer.Option(help=_("Side of the square pictures are brought to."))] = None,
    val_fraction: Annotated[float | None, typer.Option(help=_("0 trains on the whole training split."))] = None,
    data_root: DataRoot = None,
    run_dir: Annotated[Path | None, typer.Option(help=_("The folder of this run; must be empty or new."))] = None,
    config: Annotated[Path | None, typer.Option(help=_("A run's config.json; other options change it."))] = None,
    resume: Annotated[str | None, typer.Option(help=_("A run to go on with, or auto for the latest."))] = None,
    as_json: Json = False,
) -> int:
    """Train a network and leave a run folder."""
    if resume is not None:
        run = _run_to_resume(resume)
        return print_training(run[0], as_json, resume_from=run[1])
    chosen = {
        "dataset": None if dataset is None else _lasting_name(dataset),
        "architecture": arch,
        "image_size": image_size,
        "val_fraction": val_fraction,
        "seed": seed,
        "device": device,
        "precision": precision,
        "freeze": freeze,
        "pretrained": pretrained or None,
        "data_root": None if data_root is None else data_root.absolute(),
        "run_dir": None if run_dir is None else run_dir.absolute(),
    }
    recipe_changes = {
        "epochs": epochs,
        "steps": steps,
        "batch_size": batch_size,
        "optimizer": optimizer,
        "learning_rate": lr,
        "schedule": schedule,
        "weight_decay": weight_decay,
        "augmentation": None if augment is None else Augmentation.parse(augment),
    }
    return print_training(_config(config, chosen, recipe_changes), as_json)


def print_training(config: RunConfig, as_json: bool, resume_from: Path | None = None) -> int:
    """Train, print every event, and return the exit code. Ctrl+C saves a checkpoint and ends the run."""
    from cnn_desktop.train.control import Control
    from cnn_desktop.train.trainer import train

    control = Control()
    show: Callable[[Event], None] = _print_event if as_json else _Report().show
    finished: RunFinished | None = None
    with _stopping_on_signals(control.stop):
        try:
            for event in train(config, control, resume_from):
                show(event)
                if isinstance(event, RunFinished):
                    finished = event
        except CnnDesktopError:
            raise
        except Exception as error:
            if finished is None:
                raise
            print_message(_("The run failed: {reason}").format(reason=finished.message or type(error).__name__))
            return EXIT_FAILED
    if finished is None or finished.outcome == "failed":
        return EXIT_FAILED
    return EXIT_INTERRUPTED if finished.outcome == "stopped" else EXIT_OK


def _lasting_name(dataset: str) -> str:
    """A registered name as it is; a folder by its whole path, which is still right when the run goes on elsewhere."""
    from cnn_desktop.data.sets import datasets

    folder = Path(dataset).expanduser()
    return str(folder.absolute()) if dataset not in datasets and folder.is_dir() else dataset


def _config(file: Path | None, chosen: dict[str, Any], recipe_changes: dict[str, Any]) -> RunConfig:
    """The run that the options describe: a file's, or the architecture's own recipe, with what was chosen changed."""
    from cnn_desktop.train.setup import default_config

    if file is not None:
        try:
            config = RunConfig.from_json(file.read_bytes())
        except OSError as error:
            raise BadInputError(
                _("{file} can't be read: {reason}.").format(file=file, reason=error.strerror or error)
            ) from error
        config = config.changed(**chosen)
    elif chosen["dataset"] is None or chosen["architecture"] is None:
        raise BadInputError(
            _("Name what to train: --dataset and --arch (`cnn-desktop datasets` and `architectures` list them).")
        )
    else:
        config = default_config(**chosen)
    return config.changed(recipe=_changed(config.recipe, recipe_changes))


def _changed(recipe: Recipe, changes: dict[str, Any]) -> Recipe:
    """The recipe with what was chosen changed; a number of epochs replaces the recipe's own number of steps."""
    if changes["epochs"] is not None and changes["steps"] is None:
        recipe = recipe.model_copy(update={"steps": None})
    return recipe.changed(**changes)


def _run_to_resume(name: str) -> tuple[RunConfig, Path]:
    from cnn_desktop.core.paths import runs_dir
    from cnn_desktop.train.runs import latest_unfinished, read_run

    if name == "auto":
        run = latest_unfinished()
        return run.config, run.path
    path = Path(name) if Path(name).exists() else runs_dir() / name
    return read_run(path).config, path


@contextmanager
def _stopping_on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl+C and a polite kill stop the run after its step; a second Ctrl+C interrupts at once."""

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def on_signal(number: int, _frame: object) -> None:
        stop()
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, on_signal)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _print_event(event: Event) -> None:
    print_json(event.to_json())


class _Report:
    """A run for a person: a progress line, and a line an epoch."""

    def __init__(self) -> None:
        self._line = ProgressLine()
        self._total_steps = self._epochs = 0
        self._epoch = 1

    def show(self, event: Event) -> None:
        """Print what `event` says."""
        match event:
            case Preparing(what=what, done=done, total=total):
                self._line.show(what, done, total)
            case StepsDone():
                text = _("Epoch {epoch} of {epochs} · loss {loss:.3f} · {rate:,.0f} pictures/s · {left} left").format(
                    epoch=self._epoch,
                    epochs=self._epochs,
                    loss=sum(event.losses) / len(event.losses),
                    rate=event.throughput,
                    left=duration_text(event.seconds_left),
                )
                self._line.show(text, event.step, self._total_steps)
            case _:
                if text := self._sentence(event):
                    self._line.clear()
                    print_text(text)

    def _sentence(self, event: Event) -> str:
        match event:
            case RunStarted():
                return _("Run folder: {folder}").format(folder=event.run_dir)
            case TrainingStarted():
                self._total_steps, self._epochs = event.total_steps, event.epochs
                return _("{pictures:,} pictures, {parameters:,} parameters, on {device} in {precision}").format(
                    pictures=event.train_images,
                    parameters=event.parameters,
                    device=event.device,
                    precision=event.precision,
                )
            case EpochDone():
                self._epoch = event.epoch + 1
                return self._epoch_sentence(event)
            case Notice(message=message):
                return message
            case RunFinished():
                return self._end_sentence(event)
            case _:
                return ""

    def _epoch_sentence(self, event: EpochDone) -> str:
        sentence = _("Epoch {epoch} of {epochs}: training loss {loss:.4f}, accuracy {accuracy}").format(
            epoch=event.epoch,
            epochs=self._epochs,
            loss=event.train_loss,
            accuracy=percent_text(event.train_accuracy),
        )
        if event.validation_accuracy is not None:
            sentence += _("; validation loss {loss:.4f}, accuracy {accuracy}").format(
                loss=event.validation_loss, accuracy=percent_text(event.validation_accuracy)
            )
        return sentence

    def _end_sentence(self, event: RunFinished) -> str:
        parts = [event.message]
        if event.test_accuracy is not None:
            parts.append(_("Test accuracy {accuracy}.").format(accuracy=percent_text(event.test_accuracy, 2)))
        if event.train_seconds:
            parts.append(
                _("{time} of training, {rate:,.0f} pictures/s.").format(
                    time=duration_text(event.train_seconds), rate=event.throughput
                )
            )
        return " ".join(parts)
