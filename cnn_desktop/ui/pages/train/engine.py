"""What the Train page asks of the layers below; imported only once torch is there. No Qt."""

import threading
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.design import Design
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.events import Event
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import data_root
from cnn_desktop.core.progress import Progress
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.core.units import percent_text
from cnn_desktop.data.dataset import datasets
from cnn_desktop.models.architecture import Architecture
from cnn_desktop.models.described import all_trainable
from cnn_desktop.models.design.architecture import DesignedArchitecture
from cnn_desktop.models.device import choose_device, choose_precision, devices
from cnn_desktop.models.weights import pretrained_is_present
from cnn_desktop.train.control import Control
from cnn_desktop.train.planning import finder
from cnn_desktop.train.planning.estimate import Estimate, estimate
from cnn_desktop.train.runs.listing import RunSummary, list_runs
from cnn_desktop.train.setup import recommended_recipe
from cnn_desktop.train.trainer import train
from cnn_desktop.ui.pages.train.network_plan import Planner, rate_points

__all__ = [
    "automatic_precision",
    "check",
    "choice_of",
    "download",
    "find_rate",
    "forget",
    "has_memory_of_its_own",
    "make_plan",
    "measure",
    "rate_points",
    "start_choices",
    "survey",
    "train",
]


@dataclass(frozen=True)
class DatasetChoice:
    """A dataset that can be picked."""

    name: str
    title: str
    pictures: int
    classes: int
    is_present: bool
    download_bytes: int


@dataclass(frozen=True)
class ArchitectureChoice:
    """An architecture that can be picked."""

    name: str
    title: str
    summary: str
    recipe: Recipe
    pretrained_bytes: int
    """0: it has no pretrained weights."""
    pretrained_present: bool
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    """By a registered dataset's name, where it isn't `recipe`."""

    def recipe_for(self, dataset: str) -> Recipe:
        """What is recommended for a dataset, by its name, or for a folder."""
        return self.recipes.get(dataset, self.recipe)


@dataclass(frozen=True)
class StartChoice:
    """A run whose model can be started from."""

    path: Path
    title: str
    architecture: str


@dataclass(frozen=True)
class Survey:
    """What there is on this machine."""

    datasets: list[DatasetChoice]
    architectures: list[ArchitectureChoice]
    devices: list[tuple[str, str]]
    """By name and title; the first is what “auto” takes."""


_computing = threading.Lock()
"""Held by what measures: two at once would share their random numbers, and slow each other down."""

_planner = Planner()
make_plan = _planner.make_plan
check = _planner.check
forget = _planner.forget


def survey(progress: Progress) -> Survey:
    """Look at the registries, the data root and the devices."""
    progress(0, 1)
    auto = choose_device("auto")
    found = sorted(devices(), key=lambda device: not device[0].startswith(auto.type))
    return Survey(_dataset_choices(), _architecture_choices(), found)


def _dataset_choices() -> list[DatasetChoice]:
    return [
        DatasetChoice(
            name=name,
            title=source.title,
            pictures=source.picture_count,
            classes=source.class_count,
            is_present=source.is_present(data_root()),
            download_bytes=source.download_bytes,
        )
        for name, source in ((name, datasets[name]) for name in datasets)
    ]


def _architecture_choices() -> list[ArchitectureChoice]:
    return [_choice(architecture) for architecture in all_trainable()]


def choice_of(design: Design) -> ArchitectureChoice:
    """A design that is picked though it isn't kept any more, or not like this: that of a run."""
    return _choice(DesignedArchitecture(design))


def _choice(architecture: Architecture) -> ArchitectureChoice:
    weights = architecture.pretrained()
    return ArchitectureChoice(
        name=architecture.name,
        title=architecture.title,
        summary=architecture.summary,
        recipe=architecture.recipe,
        pretrained_bytes=0 if weights is None else weights.bytes,
        pretrained_present=weights is not None and pretrained_is_present(architecture.name),
        recipes={name: recommended_recipe(architecture, name) for name in datasets},
    )


def download(name: str, progress: Progress) -> None:
    """Fetch a dataset into the data root.

    Raises:
        DownloadError: it didn't arrive whole.
        CancelledError: stopped; what has arrived is kept for next time.
    """
    datasets[name].download(data_root(), progress)
    _planner.forget(name)


def start_choices(progress: Progress) -> list[StartChoice]:
    """The runs that have a model, newest first."""
    progress(0, 1)
    return [StartChoice(run.path, _start_title(run), run.config.architecture) for run in list_runs() if run.has_model]


def measure(config: RunConfig, control: Control, progress: Progress) -> Estimate:
    """What a run would take, and what stands against it; not while one is going on.

    Raises:
        CancelledError: stopped, by `control` or by `progress`.
    """
    with _computing:
        work = estimate(config, control)
        while True:
            try:
                news = next(work)
            except StopIteration as end:
                return end.value
            progress(news.done, news.total)


def find_rate(config: RunConfig, control: Control) -> Generator[Event]:
    """Search for a learning rate; not while a run is going on."""
    with _computing:
        yield from finder.find_rate(config, control)


def automatic_precision(device: str) -> str:
    """What precision “auto” stands for on `device`; both of two where the faster one is measured at the start."""
    try:
        chosen = choose_device(device)
    except BadInputError:
        return ""
    native = choose_precision("auto", chosen)
    return native if native == "fp32" else f"{native}/fp32"


def has_memory_of_its_own(device: str) -> bool:
    """Whether what `device` stands for computes in memory that a pause can give back."""
    try:
        return choose_device(device).type != "cpu"
    except BadInputError:
        return False


def _start_title(run: RunSummary) -> str:
    name = run.config.dataset
    parts = [_("Run"), datasets[name].title if name in datasets else Path(name).name]
    if run.best_accuracy is not None:
        parts.append(percent_text(run.best_accuracy))
    date, number = run.title[:10], run.title.rpartition("-")[2]
    parts.append(_("{date}, run {number}").format(date=date, number=number) if number.isdigit() else run.title)
    return " · ".join(parts)
