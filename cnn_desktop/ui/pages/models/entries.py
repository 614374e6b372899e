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
    from cnn_desktop.models.zoo import ZooEntry
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
    """Runs that have a model, newest first, then the pretrained networks: the usual ones, and others that are here."""
    from cnn_desktop.models.weights import snapshot_files
    from cnn_desktop.models.zoo import zoo_entries
    from cnn_desktop.train.runs.listing import list_runs

    architectures, _datasets = _registries()
    entries = [_run_entry(run) for run in list_runs() if run.has_model or snapshot_files(run.path)]
    progress(0, 0)
    networks = [entry for entry in zoo_entries() if entry.ref in architectures or entry.is_present()]
    order = {name: place for place, name in enumerate(architectures)}
    networks.sort(key=lambda entry: order.get(entry.ref, len(order)))
    return [*entries, *(network_entry(entry, entry.is_present()) for entry in networks)]


def network_entry(network: ZooEntry, is_present: bool) -> ModelEntry:
    """The line for a pretrained network."""
    title = _("{title} · ImageNet, {count:,} classes").format(title=network.title, count=network.classes)
    if network.ref != network.name:
        title = _("{title} · ImageNet, weights {weights}").format(
            title=network.title, weights=network.weights.removeprefix("IMAGENET1K_")
        )
    tip = _("On this machine, {size}") if is_present else _("{size} to download first")
    return ModelEntry(network.ref, title, tip.format(size=bytes_text(network.bytes)), "pretrained", is_present)


def entry_of(ref: str) -> ModelEntry:
    """The line for what isn't listed: a model file that the person opened, or a network by its name."""
    path = Path(ref)
    if path.suffix or path.is_absolute():
        return ModelEntry(ref, path.name, ref, "file")
    return ModelEntry(ref, ref, ref, "pretrained")


def _run_entry(run: RunSummary) -> ModelEntry:
    from cnn_desktop.train.runs.comparing import architecture_title

    _architectures, datasets = _registries()
    dataset = run.config.dataset
    parts = [
        architecture_title(run.config),
        datasets[dataset].title if dataset in datasets else Path(dataset).name,
    ]
    if run.best_accuracy is not None:
        parts.append(percent_text(run.best_accuracy))
    if run.is_running:
        parts.append(_("in training"))
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
    from cnn_desktop.models.architecture import find_architecture
    from cnn_desktop.models.weights import names_network, pretrained_is_present

    if weights is None and names_network(ref) and not pretrained_is_present(ref):
        architecture = find_architecture(ref)
        facts = architecture.pretrained()
        if facts is not None:
            return AbsentWeights(ref, architecture.title, facts.bytes, pretrained_dir(), facts.file_name)
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
