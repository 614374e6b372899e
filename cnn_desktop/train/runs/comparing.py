"""The settings of a run in a person's words, and what differs between those of several."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import OPTIMIZER_TITLES, Recipe
from cnn_desktop.core.units import percent_text
from cnn_desktop.data.dataset import datasets
from cnn_desktop.data.sets import open_dataset as _registers_datasets  # noqa: F401 - importing it fills the registry
from cnn_desktop.models.archs import architectures
from cnn_desktop.models.design.words import layers_text


@dataclass(frozen=True)
class Setting:
    """One setting of a run; the value is empty where it is off, None where it means nothing beside the others."""

    name: str
    title: str
    value: str | None


@dataclass(frozen=True)
class Difference:
    """A setting that isn't the same in all runs, with its value in each, in their order."""

    title: str
    values: tuple[str, ...]


def settings_of(config: RunConfig) -> tuple[Setting, ...]:
    """Every setting of a run, in a sensible order."""
    values = {**config.model_dump(exclude={"recipe"}), **config.recipe.model_dump(exclude={"augmentation"})}
    values["augmentation"] = config.recipe.augmentation
    values["architecture"] = architecture_title(config)
    values["design"] = "" if config.design is None else layers_text(config.design)
    return tuple(
        Setting(name, title, write(values[name]) if _means_something(name, config.recipe) else None)
        for name, title, write in _SETTINGS
    )


def settings_in_use(config: RunConfig) -> tuple[Setting, ...]:
    """The settings of a run that aren't off."""
    return tuple(setting for setting in settings_of(config) if setting.value)


def differences(configs: Sequence[RunConfig]) -> tuple[Difference, ...]:
    """What isn't the same in all of `configs`; empty for fewer than two."""
    found: list[Difference] = []
    for settings in zip(*(settings_of(config) for config in configs), strict=True):
        if len({setting.value or "" for setting in settings}) > 1:  # off, and meaningless, come to the same
            values = tuple("–" if s.value is None else s.value or _("off") for s in settings)
            found.append(Difference(settings[0].title, values))
    return tuple(found)


def dataset_title(name: str) -> str:
    """A registered dataset's title; a folder's own name."""
    return datasets[name].title if name in datasets else Path(name).name or name


def architecture_title(config: RunConfig) -> str:
    """The title of a run's architecture; its bare name where this version has no such architecture."""
    if config.design is not None:
        return config.design.title
    name = config.architecture
    return architectures[name].title if name in architectures else name


def _means_something(name: str, recipe: Recipe) -> bool:
    if name == "momentum":
        return recipe.optimizer in ("sgd", "rmsprop")
    if name == "nesterov":
        return recipe.optimizer == "sgd"
    return name != "epochs" or recipe.steps is None


def _number(value: float) -> str:
    return f"{value:g}" if value else ""


def _count(value: int | None) -> str:
    return f"{value:,}" if value else ""


def _yes(value: bool) -> str:
    return _("yes") if value else ""


def _part(value: float) -> str:
    return percent_text(value, 0) if value else ""


def _or_automatic(value: int | None) -> str:
    return _("automatic") if value is None else f"{value}×{value}"


def _path(value: Path | None) -> str:
    return "" if value is None else str(value)


def _more_than_one(value: int) -> str:
    return f"{value:,}" if value > 1 else ""


def _below_one(value: float) -> str:
    return f"{value:g}" if value < 1 else ""


def _above_one(value: float) -> str:
    return f"{value:g}" if value > 1 else ""


def _words(value: str) -> str:
    return "" if value == "none" else _WORDS.get(value, value)


_WORDS = {
    **OPTIMIZER_TITLES,
    "constant": _("constant"),
    "step": _("step"),
    "cosine": _("cosine"),
    "one_cycle": _("one-cycle"),
    "balanced": _("balanced"),
    "auto": _("automatic"),
}

_SETTINGS: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("dataset", _("Dataset"), dataset_title),
    ("architecture", _("Architecture"), str),
    ("design", _("Layers"), str),
    ("epochs", _("Epochs"), _count),
    ("steps", _("Steps"), _count),
    ("batch_size", _("Batch size"), _count),
    ("accumulation", _("Parts of a batch"), _more_than_one),
    ("optimizer", _("Optimizer"), _words),
    ("learning_rate", _("Learning rate"), _number),
    ("momentum", _("Momentum"), _number),
    ("nesterov", _("Nesterov momentum"), _yes),
    ("schedule", _("Schedule"), _words),
    ("warmup_epochs", _("Warm-up epochs"), _number),
    ("weight_decay", _("Weight decay"), _number),
    ("clip_norm", _("Gradients clipped at"), _number),
    ("ema_decay", _("Average of weights"), _number),
    ("label_smoothing", _("Label smoothing"), _number),
    ("class_weights", _("Class weights"), _words),
    ("augmentation", _("Augmentation"), lambda augmentation: _words(str(augmentation))),
    ("early_stopping", _("Early stopping after epochs"), _count),
    ("pretrained", _("Pretrained weights"), _yes),
    ("start_from", _("Starts from"), _path),
    ("freeze", _("Frozen layers"), _count),
    ("unfreeze_every", _("A layer unfrozen every epochs"), _number),
    ("layer_decay", _("Rate of each earlier layer ×"), _below_one),
    ("norm_bias_rate", _("Rate of norm biases ×"), _above_one),
    ("image_size", _("Picture size"), _or_automatic),
    ("val_fraction", _("Kept for validation"), _part),
    ("seed", _("Seed"), str),
    ("device", _("Device"), _words),
    ("precision", _("Precision"), _words),
    ("deterministic", _("Deterministic"), _yes),
    ("snapshot_megabytes", _("Megabytes for the time machine"), _count),
    ("data_root", _("Folder of datasets"), _path),
)
