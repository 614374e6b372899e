"""Training: a generator of events that knows no window and no terminal."""

from collections.abc import Iterator
from pathlib import Path

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import CancelledError, TrainingError, one_line
from cnn_desktop.core.events import Event, Notice, Outcome, RunFinished
from cnn_desktop.core.language import _
from cnn_desktop.models.device import arithmetic, choose_device
from cnn_desktop.train.control import Control
from cnn_desktop.train.memory_allocation import freed_memory_kept
from cnn_desktop.train.planning.checks import require_trainable
from cnn_desktop.train.run import Run
from cnn_desktop.train.runs.checkpoint_folder import CheckpointFolder, Restored
from cnn_desktop.train.runs.environment import data_changed
from cnn_desktop.train.runs.listing import read_run
from cnn_desktop.train.runs.run_folder import CHECKPOINTS, RunFolder, trained_already
from cnn_desktop.train.setup import prepare, with_design
from cnn_desktop.train.shortage import onednn_given_back
from cnn_desktop.train.task import Footing


def train(config: RunConfig, control: Control, resume_from: Path | None = None) -> Iterator[Event]:
    """Train as `config` says, or go on with the run in `resume_from`, and report; ends with one `RunFinished`.

    Raises:
        BadInputError: something doesn't fit; raised before the run's folder exists.
        Exception: whatever went wrong later, after a `RunFinished` with the outcome "failed" was yielded and written.
    """
    restored = None
    if resume_from is not None:
        config = _config_to_go_on(resume_from)
        restored = CheckpointFolder(resume_from / CHECKPOINTS).restore()
    config = with_design(config)
    with arithmetic(choose_device(config.device), config.deterministic), freed_memory_kept(), onednn_given_back():
        yield from _train(config, control, restored)


def _train(config: RunConfig, control: Control, restored: Restored | None) -> Iterator[Event]:
    footing = None if restored is None else Footing.from_json(restored.checkpoint.facts)
    try:
        task = yield from prepare(config, control, footing)
    except CancelledError:
        yield _finished("stopped", _("Stopped before the start."))
        return
    require_trainable(task)
    if restored is not None and config.run_dir is not None:
        restored = restored.with_notice(data_changed(config.run_dir, task))
        folder = RunFolder(config.run_dir)
    else:
        folder = RunFolder.create(config)
    try:
        for event in Run(task, folder, control).events(restored):
            folder.log(event)
            yield event
            if (problem := folder.take_problem()) is not None:
                notice = Notice(problem)
                folder.log(notice)
                yield notice
    except CancelledError:
        stopped = _finished("stopped", _("Stopped before the start."), str(folder.path))
        folder.log(stopped)
        yield stopped
    except Exception as error:
        failed = _finished("failed", one_line(error), str(folder.path))
        folder.log(failed)
        yield failed
        raise
    finally:
        folder.close()


def _config_to_go_on(folder: Path) -> RunConfig:
    run = read_run(folder)
    if run.is_running:
        raise trained_already(folder)
    if run.outcome == "done":
        raise TrainingError(_("The run {run} is done; there is nothing to go on with.").format(run=folder))
    if not run.can_go_on:
        raise TrainingError(_("{folder} holds no checkpoint to go on from; start a new run.").format(folder=folder))
    return run.config.changed(run_dir=folder)


def _finished(outcome: Outcome, message: str, run_dir: str = "") -> RunFinished:
    return RunFinished(
        outcome=outcome,
        run_dir=run_dir,
        message=message,
        steps=0,
        test_accuracy=None,
        test_loss=None,
        best_epoch=None,
        best_validation_accuracy=None,
        train_seconds=0.0,
        throughput=0.0,
        model_file=None,
    )
