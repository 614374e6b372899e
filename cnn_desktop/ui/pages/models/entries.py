"""The models there are, and opening one: what the job threads do. The engine is imported inside, after first paint."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import pretrained_dir
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.core.units import bytes_text, percent_text

if TYPE_CHECKING:
    from cnn_desktop.core.registry import Registry
    from cnn_desktop.data.dataset import DatasetSource
    from cnn_desktop.models.architecture import Architecture
    from cnn_desktop.models.model import Model
    from cnn_desktop.train.runs.listing import RunSummary


@dataclass(frozen=True)
class ModelEntry:
    """A line of the picker; `ref` is what `open_model` takes."""

    ref: str
    title: str
    tip: str
    group: Literal["run", "file", "pretrained"]
    is_present: bool = True
    """Whether opening it needs no download."""


@dataclass(frozen=True)
class AbsentWeights:
    """Weights that would have to be downloaded first."""

    name: str
    title: str
    bytes: int
    folder: Path
    file_name: str


def list_models(progress: Progress = no_progress) -> list[ModelEntry]:
    """Runs that have a model, newest first, then the pretrained networks."""
    from cnn_desktop.models.weights import pretrained_is_present
    from cnn_desktop.train.runs.listing import list_runs

    architectures, _datasets = _registries()
    entries = [_run_entry(run) for run in list_runs() if run.has_model]
    for name in architectures:
        progress(0, 0)
        facts = architectures[name].pretrained()
        if facts is None:
            continue
        is_present = pretrained_is_present(name)
        title = _("{title} · ImageNet, {count:,} classes").format(
            title=architectures[name].title, count=len(facts.classes)
        )
        size = bytes_text(facts.bytes)
        tip = _("On this machine, {size}") if is_present else _("{size} to download first")
        entries.append(ModelEntry(name, title, tip.format(size=size), "pretrained", is_present))
    return entries


def file_entry(path: Path) -> ModelEntry:
    """The line for a model file that the person opened."""
    return ModelEntry(str(path), path.name, str(path), "file")


def _run_entry(run: RunSummary) -> ModelEntry:
    architectures, datasets = _registries()
    name, dataset = run.config.architecture, run.config.dataset
    parts = [
        architectures[name].title if name in architectures else name,
        datasets[dataset].title if dataset in datasets else Path(dataset).name,
    ]
    if run.best_accuracy is not None:
        parts.append(percent_text(run.best_accuracy))
    date, number = run.path.name[:10], run.path.name.rpartition("-")[2]
    if number.isdigit():
        parts.append(_("{date}, run {number}").format(date=date, number=number))
    return ModelEntry(str(run.path), " · ".join(parts), str(run.path), "run")


def _registries() -> tuple[Registry[Architecture], Registry[DatasetSource]]:
    """Everything that is registered; importing the two packages is what fills them."""
    import cnn_desktop.data.sets
    import cnn_desktop.models.archs  # noqa: F401
    from cnn_desktop.data.dataset import datasets
    from cnn_desktop.models.architecture import architectures

    return architectures, datasets


def open_or_ask(ref: str, weights: Path | None, progress: Progress = no_progress) -> Model | AbsentWeights:
    """Open a model where that needs no download; else say what would have to be fetched.

    Raises:
        CnnDesktopError: in one sentence, why it can't be opened.
    """
    from cnn_desktop.models.weights import pretrained_is_present

    architectures, _datasets = _registries()
    if weights is None and ref in architectures and not pretrained_is_present(ref):
        facts = architectures[ref].pretrained()
        if facts is not None:
            return AbsentWeights(ref, architectures[ref].title, facts.bytes, pretrained_dir(), facts.file_name)
    return open_now(ref, weights, progress)


def open_now(ref: str, weights: Path | None, progress: Progress = no_progress) -> Model:
    """Open a model, downloading its weights where they are absent; `progress` counts their bytes.

    Raises:
        CnnDesktopError: in one sentence, why it can't be opened.
    """
    from cnn_desktop.models.weights import open_model

    try:
        return open_model(ref, weights, progress)
    except OSError as error:
        text = _("{name} can't be read: {reason}.")
        raise CnnDesktopError(text.format(name=weights or ref, reason=error.strerror or one_line(error))) from error
