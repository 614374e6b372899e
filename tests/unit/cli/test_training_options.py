"""Everything that describes a run can be said on the command line."""

import json
from collections.abc import Callable
from pathlib import Path

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.recipe import Recipe
from tests.unit.cli.conftest import Answer

Command = Callable[..., Answer]

OPTIONS = {
    "--epochs": ("recipe.epochs", 3),
    "--steps": ("recipe.steps", 1),
    "--batch-size": ("recipe.batch_size", 32),
    "--accumulation": ("recipe.accumulation", 2),
    "--optimizer": ("recipe.optimizer", "sgd"),
    "--lr": ("recipe.learning_rate", 0.02),
    "--momentum": ("recipe.momentum", 0.8),
    "--weight-decay": ("recipe.weight_decay", 0.001),
    "--clip-norm": ("recipe.clip_norm", 1.5),
    "--ema-decay": ("recipe.ema_decay", 0.9),
    "--schedule": ("recipe.schedule", "cosine"),
    "--warmup-epochs": ("recipe.warmup_epochs", 0.5),
    "--layer-decay": ("recipe.layer_decay", 0.7),
    "--norm-bias-rate": ("recipe.norm_bias_rate", 64.0),
    "--unfreeze-every": ("recipe.unfreeze_every", 2.0),
    "--label-smoothing": ("recipe.label_smoothing", 0.1),
    "--class-weights": ("recipe.class_weights", "balanced"),
    "--early-stopping": ("recipe.early_stopping", 4),
    "--augment": ("recipe.augmentation", "flip,crop=1"),
    "--freeze": ("freeze", 1),
    "--seed": ("seed", 5),
    "--image-size": ("image_size", 10),
    "--val-fraction": ("val_fraction", 0.2),
    "--device": ("device", "cpu"),
    "--precision": ("precision", "fp32"),
}
FLAGS = {"--nesterov": ("recipe.nesterov", True), "--deterministic": ("deterministic", True)}


def test_every_option_reaches_the_run(command: Command, tmp_path: Path) -> None:
    words = [str(word) for option, (_field, value) in OPTIONS.items() for word in (option, value)]
    folder = tmp_path / "run"
    answer = command("train", "--dataset", "digits", "--arch", "mnist_cnn", *words, *FLAGS, "--run-dir", str(folder))
    assert answer.code == 0, answer.err
    config = RunConfig.from_json((folder / "config.json").read_bytes())
    for field, value in (OPTIONS | FLAGS).values():
        place, _dot, name = field.rpartition(".")
        told = getattr(config.recipe if place else config, name)
        assert (str(told) if name == "augmentation" else told) == value, field


def test_no_field_of_a_recipe_is_left_out() -> None:
    said = {field.removeprefix("recipe.") for field, _value in (OPTIONS | FLAGS).values() if "." in field}
    assert said == set(Recipe.model_fields)


def test_a_run_starts_from_another(command: Command, tmp_path: Path) -> None:
    common = ["train", "--dataset", "digits", "--arch", "mnist_cnn", "--steps", "2"]
    assert command(*common, "--run-dir", str(tmp_path / "one")).code == 0
    answer = command(*common, "--from", str(tmp_path / "one"), "--run-dir", str(tmp_path / "two"), "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out.splitlines()[-1])["outcome"] == "done"
    assert json.loads((tmp_path / "two" / "config.json").read_text())["start_from"] == str(tmp_path / "one")


def test_figures_are_written_for_tensorboard(command: Command, tmp_path: Path) -> None:
    words = ["train", "--dataset", "digits", "--arch", "mnist_cnn", "--steps", "2", "--run-dir", str(tmp_path / "run")]
    assert command(*words, "--tensorboard").code == 0
    assert list((tmp_path / "run").glob("events.out.tfevents*"))
