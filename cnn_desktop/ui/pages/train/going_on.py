"""Runs that can go on, as the Train page asks for them; imported only once torch is there. No Qt."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.progress import Progress
from cnn_desktop.data.dataset import datasets
from cnn_desktop.models.architecture import architectures
from cnn_desktop.train.run_summary import RunSummary
from cnn_desktop.train.runs import read_run, survey_runs

__all__ = ["KilledRun", "newest_killed_run", "settings_of"]


@dataclass(frozen=True)
class KilledRun:
    """A run that its program's end broke off."""

    path: Path
    title: str
    epoch: int
    """In which it was, counted from 1."""
    epochs: int
    """Of how many."""


def newest_killed_run(unwanted: Collection[str], progress: Progress) -> KilledRun | None:
    """The newest run that can go on after its program ended, `unwanted` names of run folders left out."""
    for run in survey_runs(progress=progress).runs:
        if run.was_killed and run.can_go_on and run.path.name not in unwanted:
            return _killed(run)
    return None


def settings_of(run_dir: Path, progress: Progress) -> RunConfig:
    """The settings of the run in `run_dir`.

    Raises:
        BadInputError: the folder holds no run, or its settings can't be read.
    """
    progress(0, 1)
    return read_run(run_dir).config


def _killed(run: RunSummary) -> KilledRun:
    config = run.config
    dataset = datasets[config.dataset].title if config.dataset in datasets else Path(config.dataset).name
    architecture = config.architecture
    title = architectures[architecture].title if architecture in architectures else architecture
    epochs = run.planned_epochs or config.recipe.epochs
    return KilledRun(run.path, f"{dataset} · {title}", min(run.epochs + 1, epochs), epochs)
