"""Runs that can go on, as the Train page asks for them; imported only once torch is there. No Qt."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.events import EpochDone, Event, LayersUnfrozen, PartsChanged, RateChanged, StepsDone
from cnn_desktop.core.progress import Progress
from cnn_desktop.data.dataset import datasets
from cnn_desktop.train.runs.comparing import architecture_title
from cnn_desktop.train.runs.listing import read_run, survey_runs
from cnn_desktop.train.runs.run_folder import METRICS
from cnn_desktop.train.runs.run_summary import RunSummary

__all__ = ["KilledRun", "RunToGoOn", "newest_killed_run", "read_run_to_go_on"]

_SHOWN = {"steps_done": StepsDone, "epoch_done": EpochDone} | {
    "rate_changed": RateChanged,
    "layers_unfrozen": LayersUnfrozen,
    "parts_changed": PartsChanged,
}


@dataclass(frozen=True)
class KilledRun:
    """A run that its program's end broke off."""

    path: Path
    title: str
    epoch: int
    """In which it was, counted from 1."""
    epochs: int
    """Of how many."""


@dataclass(frozen=True)
class RunToGoOn:
    """A run as it was left."""

    path: Path
    config: RunConfig
    past: tuple[Event, ...]
    """What its curves are drawn from, up to the end, which can lie behind its last checkpoint."""

    def before(self, step: int) -> list[Event]:
        """What happened up to `step`, from which it goes on."""
        return [event for event in self.past if getattr(event, "step", 0) <= step]


def newest_killed_run(unwanted: Collection[str], progress: Progress) -> KilledRun | None:
    """The newest run that can go on after its program ended, `unwanted` names of run folders left out."""
    for run in survey_runs(progress=progress).runs:
        if run.was_killed and run.can_go_on and run.path.name not in unwanted:
            return _killed(run)
    return None


def read_run_to_go_on(run_dir: Path, progress: Progress) -> RunToGoOn:
    """Read the run in `run_dir`.

    Raises:
        BadInputError: the folder holds no run, or its settings can't be read.
    """
    config = read_run(run_dir).config
    return RunToGoOn(run_dir, config, tuple(_past(run_dir / METRICS, progress)))


def _past(metrics: Path, progress: Progress) -> Iterator[Event]:
    """The events that curves are drawn from; lines that another version wrote otherwise are left out."""
    if not metrics.is_file():
        return
    size, done = metrics.stat().st_size, 0
    with metrics.open("rb") as lines:
        for line in lines:
            done += len(line)
            progress(done, max(done, size))
            try:
                yield _event(json.loads(line))
            except (ValueError, KeyError, TypeError):
                continue


def _event(values: dict[str, Any]) -> Event:
    kind = _SHOWN[values.pop("event")]
    if "losses" in values:
        values["losses"] = tuple(float("nan") if loss is None else loss for loss in values["losses"])
    return kind(**values)


def _killed(run: RunSummary) -> KilledRun:
    config = run.config
    dataset = datasets[config.dataset].title if config.dataset in datasets else Path(config.dataset).name
    epochs = run.planned_epochs or config.recipe.epochs
    return KilledRun(run.path, f"{dataset} · {architecture_title(config)}", min(run.epochs + 1, epochs), epochs)
