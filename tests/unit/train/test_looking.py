"""What is shown of a network in training is what it is, and showing it changes nothing."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from PIL import Image

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.events import Event, StepsDone
from cnn_desktop.data.decoding import OpenedPicture
from cnn_desktop.data.images import decode_image
from cnn_desktop.data.pictures import normalize
from cnn_desktop.train import looking, measuring
from cnn_desktop.train.control import Control
from cnn_desktop.train.looking import Looker
from cnn_desktop.train.runs.checkpoint_folder import CheckpointFolder
from cnn_desktop.train.setup import default_config, prepare
from cnn_desktop.train.sight import Look, Sight
from cnn_desktop.train.task import Task
from cnn_desktop.train.trainer import train
from cnn_desktop.train.updating import Updater


def _config(run_dir: Path | None = None, **recipe: Any) -> RunConfig:
    config = default_config("digits", "mnist_cnn", run_dir=run_dir, device="cpu", precision="fp32")
    return config.changed(recipe=config.recipe.changed(**{"epochs": 2, "batch_size": 128, **recipe}))


def _prepared(config: RunConfig) -> Task:
    preparing = prepare(config, Control())
    while True:
        try:
            next(preparing)
        except StopIteration as end:
            return end.value


@pytest.fixture
def task() -> Task:
    return _prepared(_config())


def _seen(task: Task, look: Look, step: int = 7) -> Sight:
    control = Control()
    control.look(look)
    Looker(task, control, Updater(task)).look(step, 1.5)
    sight = control.take_sight()
    assert sight is not None and control.take_sight() is None
    return sight


def _white(side: int = 20) -> OpenedPicture:
    return OpenedPicture(Image.new("L", (side, side), 255))


def test_maps_filters_and_answer_are_the_networks_own(task: Task) -> None:
    task.module.train()
    sight = _seen(task, Look())
    assert task.module.training and all(part.training for part in task.module.modules())
    assert (sight.step, sight.epoch, sight.layer, sight.filter_layer) == (7, 1.5, "conv1", "conv1")
    picture = task.dataset.splits["validation"].pixels(0, task.preprocessing)
    assert np.array_equal(sight.pixels, picture)
    batch = normalize(torch.from_numpy(picture)[None], task.preprocessing)
    with torch.no_grad():
        task.module.eval()
        wanted = task.module.get_submodule("conv1")(batch)[0]
        shares = task.module(batch)[0].softmax(0)
    assert np.array_equal(sight.maps, wanted.numpy())
    assert np.allclose(sight.probabilities, shares.numpy(), atol=1e-7)
    assert sight.filters is not None
    assert np.array_equal(sight.filters, task.module.state_dict()["conv1.weight"].numpy())
    assert not any(part._forward_hooks for part in task.module.modules())


def test_another_layer_and_another_picture(task: Task) -> None:
    sight = _seen(task, Look(_white(), layer="pool1"))
    assert sight.layer == "pool1" and "pool1" in sight.layers
    assert sight.pixels.shape == (1, 8, 8) and sight.pixels.min() == 255
    assert not sight.picture and not sight.problem
    assert _seen(task, Look(layer="no such layer")).layer == "conv1"


def test_a_picture_that_turns_out_damaged_is_said(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = _white()
    monkeypatch.setattr(OpenedPicture, "pixels", lambda _self, _facts: decode_image(b"no picture", "mine.png"))
    sight = _seen(task, Look(picture))
    assert "mine.png" in sight.problem and sight.picture


def test_the_average_is_shown_where_one_is_kept() -> None:
    task = _prepared(_config(ema_decay=0.9))
    control, updater = Control(), Updater(task)
    control.look(Look())
    with torch.no_grad():
        task.module.state_dict()["conv1.weight"].mul_(0)
    Looker(task, control, updater).look(1, 0.1)
    sight = control.take_sight()
    assert sight is not None and sight.filters is not None and np.abs(sight.filters).max() > 0
    assert not task.module.state_dict()["conv1.weight"].any()


def test_nothing_is_computed_while_nobody_looks(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("computed for nobody")

    monkeypatch.setattr(looking, "feature_maps", refuse)
    control = Control()
    looker = Looker(task, control, Updater(task))
    looker.look(1, 0.0)
    control.look(Look())
    control.look(None)
    looker.look(2, 0.0)
    assert control.take_sight() is None


def test_looks_come_no_more_often_than_wanted_nor_than_is_cheap(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]

    def passes() -> float:
        now[0] += 0.001  # a look takes a millisecond
        return now[0]

    monkeypatch.setattr(looking.time, "perf_counter", passes)
    control = Control()
    looker = Looker(task, control, Updater(task))

    def looks(per_second: float) -> float:
        control.look(Look(per_second=per_second))
        first, count = now[0], 0
        for step in range(2000):
            now[0] += 0.003
            looker.look(step, 0.0)
            count += control.take_sight() is not None
        return count / (now[0] - first)

    assert looks(4) == pytest.approx(4, abs=0.3)
    assert looks(1000) == pytest.approx(10, abs=1)  # a hundredth of the time, a millisecond each


def test_looking_changes_nothing_in_the_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring.StepFigures, "is_due", property(lambda _figures: True))
    monkeypatch.setattr(looking, "_SHARE", 1.0)
    seen: list[Sight] = []
    for name in ("watched", "alone"):
        control = Control()
        control.look(Look(per_second=1e6) if name == "watched" else None)
        for _event in train(_config(tmp_path / name), control):
            if (sight := control.take_sight()) is not None:
                seen.append(sight)
    assert len(seen) > 5 and [sight.step for sight in seen] == sorted({sight.step for sight in seen})
    ends = [CheckpointFolder(tmp_path / name / "checkpoints").restore().checkpoint for name in ("watched", "alone")]
    for key, tensor in ends[0].weights.items():
        assert torch.equal(tensor, ends[1].weights[key]), key


def test_a_picture_given_during_a_pause_is_seen_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring.StepFigures, "is_due", property(lambda _figures: True))
    control = Control()
    white = _white()
    original, sights = control.show, []

    def show(sight: Sight) -> None:
        sights.append((sight, control.is_paused))
        original(sight)
        if control.is_paused:
            control.resume()

    monkeypatch.setattr(control, "show", show)

    def obey(event: Event) -> None:
        if isinstance(event, StepsDone) and event.step == 3 and not control.is_paused:
            control.pause()
            control.look(Look(white))

    for event in train(_config(tmp_path / "run", epochs=1), control):
        obey(event)
    paused = [sight for sight, is_paused in sights if is_paused]
    assert paused and paused[0].pixels.min() == 255


def test_epochs_of_a_moment_are_seen_too(tmp_path: Path) -> None:
    """Figures are read at the end of each, so that within them it never is time to."""
    control = Control()
    control.look(Look(per_second=1000))
    steps: list[int] = []
    for _event in train(_config(tmp_path / "run", epochs=8, batch_size=1024), control):
        if (sight := control.take_sight()) is not None:
            steps.append(sight.step)
    assert len(steps) > 1 and steps[-1] > 2


def test_the_end_of_a_run_is_seen(tmp_path: Path) -> None:
    control, last = Control(), None
    control.look(Look())
    for _event in train(_config(tmp_path / "run"), control):
        last = control.take_sight() or last
    weights = safetensors.torch.load_file(next((tmp_path / "run" / "checkpoints").glob("step-*/model.safetensors")))
    assert last is not None and last.step == 22
    np.testing.assert_array_equal(last.filters, weights["conv1.weight"].numpy())
