"""What the Train page says of a network before the start is what torch makes of it."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

import cnn_desktop.data.sets
import cnn_desktop.models.archs  # noqa: F401  both fill the registries
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError, ModelError
from cnn_desktop.core.events import RateTried
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import no_progress
from cnn_desktop.data.decisions import DecisionBook
from cnn_desktop.models.architecture import architectures, build
from cnn_desktop.models.layers import set_frozen
from cnn_desktop.models.model import Model
from cnn_desktop.models.model_file import save_model
from cnn_desktop.train.control import Control
from cnn_desktop.train.optimization import learning_rate
from cnn_desktop.ui.pages.train import engine
from cnn_desktop.ui.pages.train.network_plan import Planner, rate_points

_DIGITS = tuple("0123456789")


@pytest.fixture(scope="module")
def planner() -> Planner:
    return Planner()


def config(architecture: str, **changes: object) -> RunConfig:
    run = RunConfig(dataset="digits", architecture=architecture, recipe=architectures[architecture].recipe)
    return RunConfig.checked({**run.model_dump(), **changes})


@pytest.mark.parametrize("name", list(architectures))
def test_frozen_layers_are_those_that_torch_freezes(planner: Planner, name: str) -> None:
    side = max(32, architectures[name].min_size)
    plan = planner.make_plan(config(name, image_size=side), no_progress)
    with torch.device("meta"):
        module = build(name, 10, 1, (side, side))
    for count in {0, 1, plan.most_frozen // 2, plan.most_frozen}:
        set_frozen(module, count)
        assert plan.frozen(count) == {name for name, layer in module.named_modules() if _is_frozen(layer)}
        assert plan.learning(count) == sum(p.numel() for p in module.parameters() if p.requires_grad)
    with pytest.raises(ModelError):
        set_frozen(module, plan.most_frozen + 1)


def _is_frozen(layer: nn.Module) -> bool:
    own = list(layer.parameters(recurse=False))
    return bool(own) and not any(parameter.requires_grad for parameter in own)


def test_a_plan_keeps_labels_and_no_pictures(planner: Planner) -> None:
    plan = planner.make_plan(config("mnist_cnn"), no_progress)
    assert plan.pictures == 1797
    assert len(np.unique(plan.dataset.splits["train"].labels)) == 10
    assert not any(hasattr(split, "images") for split in plan.dataset.splits.values())


def test_a_plan_follows_what_was_decided_since(planner: Planner) -> None:
    chosen = config("mnist_cnn")
    assert len(planner.make_plan(chosen, no_progress).dataset.classes) == 10
    book = DecisionBook.of("digits")
    book.leave_out_class("7")
    assert len(planner.make_plan(chosen, no_progress).dataset.classes) == 9
    book.undo()
    assert len(planner.make_plan(chosen, no_progress).dataset.classes) == 10


def test_the_schedule_drawn_is_the_schedule_trained(planner: Planner) -> None:
    run = config("resnet9", val_fraction=0.2)
    run = run.changed(recipe=run.recipe.changed(epochs=6, batch_size=100, schedule="one_cycle", warmup_epochs=1.0))
    dataset = planner.make_plan(run, no_progress).dataset
    points = rate_points(run, dataset)
    per_epoch = -(-round(len(dataset.splits["train"]) * 0.8) // 100)
    for epoch, rate in points:
        step = round(epoch * per_epoch)
        assert rate == pytest.approx(learning_rate(run.recipe, step, 6 * per_epoch, per_epoch))
    assert points[-1][0] == pytest.approx(6, abs=0.2)


def test_problems_are_found_without_computing(planner: Planner) -> None:
    assert not [p for p in planner.check(config("mnist_cnn"), no_progress) if p.stops]
    run = config("resnet9")
    alone = run.changed(recipe=run.recipe.changed(batch_size=1))
    found = [problem for problem in planner.check(alone, no_progress) if problem.stops]
    assert len(found) == 1
    assert "batch size of 2 or more" in found[0].sentence


def test_what_is_too_small_is_said_in_the_words_of_the_window(planner: Planner) -> None:
    with pytest.raises(ModelError) as caught:
        planner.make_plan(config("vgg16"), no_progress)
    assert "picture size of 32 or more" in str(caught.value)
    assert "--" not in str(caught.value)


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    module = build("mnist_cnn", 10, 1, (20, 20))
    path = tmp_path / "mine.cnnmodel"
    save_model(Model("mnist_cnn", module, _DIGITS, Preprocessing.unit_range(20, 20, 1), "Mine"), path)
    return path


def test_a_model_to_start_from_brings_its_picture_size(planner: Planner, model_file: Path) -> None:
    plan = planner.make_plan(config("mnist_cnn", start_from=model_file), no_progress)
    assert (plan.size, plan.channels) == ((20, 20), 1)
    assert plan.layers == planner.make_plan(config("mnist_cnn", image_size=20), no_progress).layers


def test_a_model_of_another_architecture_is_refused_by_name(planner: Planner, model_file: Path) -> None:
    with pytest.raises(ModelError, match=r"mine\.cnnmodel” holds a MNIST CNN, not a ResNet-9"):
        planner.make_plan(config("resnet9", start_from=model_file), no_progress)


def test_runs_to_start_from_are_those_with_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(name: str, **facts: object) -> SimpleNamespace:
        known = {"has_model": True, "best_accuracy": 0.983, "config": config("mnist_cnn")}
        return SimpleNamespace(path=Path("/runs") / name, title=name, **{**known, **facts})

    found = [run("2026-11-21-digits-mnist_cnn-3"), run("2026-11-20-digits-mnist_cnn-2", has_model=False)]
    monkeypatch.setattr(engine, "list_runs", lambda: found)
    assert engine.start_choices(no_progress) == [
        engine.StartChoice(found[0].path, "Run · Digits · 98.3 % · 2026-11-21, run 3", "mnist_cnn")
    ]


def test_a_short_run_is_measured_for_real() -> None:
    run = config("mnist_cnn", device="cpu", precision="fp32", image_size=10)
    measured = engine.measure(run.changed(recipe=run.recipe.changed(epochs=2)), Control(), no_progress)
    assert measured.seconds_per_epoch is not None
    assert measured.seconds is not None
    assert 0 < measured.seconds_per_epoch < measured.seconds
    assert (measured.precision, measured.is_stopped) == ("fp32", False)


def test_rates_are_tried_for_real() -> None:
    search = engine.find_rate(config("mnist_cnn", device="cpu", precision="fp32", image_size=10), Control())
    tried = [event for event, _stop in zip(search, range(400), strict=False) if isinstance(event, RateTried)]
    search.close()
    assert len(tried) > 5
    assert [event.rate for event in tried] == sorted(event.rate for event in tried)


def test_a_model_that_is_gone_is_said(planner: Planner, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no longer there"):
        planner.make_plan(config("mnist_cnn", start_from=tmp_path / "gone.cnnmodel"), no_progress)
