"""What a person does to a run while it runs, and what a run does by itself."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
import torch

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS, Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import CheckpointError, ModelError, TrainingError
from cnn_desktop.core.events import (
    CheckpointSaved,
    EndedEarly,
    EpochDone,
    Event,
    LayersUnfrozen,
    NotSaved,
    OutOfMemory,
    PartsChanged,
    Paused,
    RateChanged,
    RunFinished,
    StepsDone,
    TrainingStarted,
)
from cnn_desktop.data.augment import Augmenter
from cnn_desktop.models.weights import load_model
from cnn_desktop.train import measuring, run
from cnn_desktop.train.control import Control
from cnn_desktop.train.measuring import Figures
from cnn_desktop.train.runs.checkpoint_folder import CheckpointFolder
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train
from cnn_desktop.train.updating import Updater

E = TypeVar("E", bound=Event)


@pytest.fixture(autouse=True)
def an_event_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring.StepFigures, "is_due", property(lambda _figures: True))


def _config(run_dir: Path, **recipe: Any) -> RunConfig:
    config = default_config("digits", "mnist_cnn", run_dir=run_dir, device="cpu", precision="fp32")
    return config.changed(recipe=config.recipe.changed(**{"epochs": 2, "batch_size": 128, **recipe}))


def _run(config: RunConfig, at: Callable[[Event, Control], None] = lambda _event, _control: None) -> list[Event]:
    control = Control()
    seen: list[Event] = []
    for event in train(config, control):
        seen.append(event)
        at(event, control)
    return seen


def _only(events: list[Event], kind: type[E]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def _finished(events: list[Event]) -> RunFinished:
    assert isinstance(events[-1], RunFinished)
    return events[-1]


def test_every_run_can_go_on_from_its_first_moment(tmp_path: Path) -> None:
    events = _run(_config(tmp_path / "run", epochs=1))
    first = next(index for index, event in enumerate(events) if isinstance(event, StepsDone))
    assert [event.step for event in _only(events[:first], CheckpointSaved)] == [0]
    assert _only(events, TrainingStarted)[0].is_exact


def test_steps_tell_norm_and_memory(tmp_path: Path) -> None:
    steps = _only(_run(_config(tmp_path / "run", epochs=1)), StepsDone)
    assert all(event.gradient_norm is not None and event.gradient_norm > 0 for event in steps)
    assert all(event.device_memory is not None and event.device_memory > 50_000_000 for event in steps)


def test_a_changed_rate_is_used_recorded_and_kept(tmp_path: Path) -> None:
    def change(event: Event, control: Control) -> None:
        if isinstance(event, StepsDone) and event.step == 5:
            control.change_rate(3e-4)
        if isinstance(event, StepsDone) and event.step == 8:
            control.stop()

    config = _config(tmp_path / "run", schedule="cosine", learning_rate=1e-3)
    events = _run(config, change)
    changed = _only(events, RateChanged)[0]
    assert (changed.step, changed.learning_rate) == (5, 3e-4)
    rates = {event.step: event.learning_rate for event in _only(events, StepsDone)}
    assert rates[5] > 9e-4 and rates[6] == pytest.approx(3e-4) and rates[8] < rates[7] < rates[6]
    assert '"event": "rate_changed"' in (tmp_path / "run" / "metrics.jsonl").read_text()
    later = list(train(config, Control(), resume_from=tmp_path / "run"))
    assert _only(later, StepsDone)[0].learning_rate < rates[8]


def test_ended_as_asked_a_run_is_done_with_test_and_model(tmp_path: Path) -> None:
    def end(event: Event, control: Control) -> None:
        if isinstance(event, StepsDone) and event.step == 4:
            control.finish()

    events = _run(_config(tmp_path / "run"), end)
    assert _only(events, EndedEarly)[0].step == 4
    assert [event.step for event in _only(events, EpochDone)] == [4]
    finished = _finished(events)
    assert (finished.outcome, finished.steps) == ("done", 4)
    assert finished.test_accuracy is not None and (tmp_path / "run" / "model.cnnmodel").is_file()
    assert "Ended at step 4" in (tmp_path / "run" / "report.md").read_text()


def test_a_run_that_no_longer_improves_stops_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    losses = iter([2.0, 1.0, 1.5, 1.2, 1.1, 0.5])
    monkeypatch.setattr(run, "evaluate", lambda *_arguments: Figures(next(losses), 0.5, 100))
    events = _run(_config(tmp_path / "run", epochs=50, early_stopping=3, batch_size=512))
    ended = _only(events, EndedEarly)[0]
    assert ended.reason == "Validation loss has not improved for 3 epochs."
    assert len(_only(events, EpochDone)) == 5 and _finished(events).outcome == "done"
    assert ended.reason in (tmp_path / "run" / "report.md").read_text()


def test_frozen_layers_learn_one_by_one(tmp_path: Path) -> None:
    start = _config(tmp_path / "start", epochs=1, steps=1, learning_rate=1e-12).changed(freeze=1)
    _run(start)
    config = _config(tmp_path / "run", epochs=2, unfreeze_every=1).changed(freeze=1)
    weights: list[torch.Tensor] = []

    def look(event: Event, control: Control) -> None:
        if isinstance(event, EpochDone):
            control.save_checkpoint()
        if isinstance(event, CheckpointSaved):
            weights.append(CheckpointFolder(tmp_path / "run" / "checkpoints").load("last").weights["conv1.weight"])

    events = _run(config, look)
    unfrozen = _only(events, LayersUnfrozen)
    assert [(event.step, event.frozen) for event in unfrozen] == [(_only(events, EpochDone)[0].step, 0)]
    assert unfrozen[0].trainable_parameters == _only(events, TrainingStarted)[0].parameters
    assert torch.equal(weights[0], weights[1]) and not torch.equal(weights[0], weights[-1])


def test_too_little_memory_halves_what_is_computed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    update = Updater.update

    def short(updater: Updater, pixels: torch.Tensor, *arguments: Any) -> Any:
        if len(pixels) / updater.parts > 40:
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")
        return update(updater, pixels, *arguments)

    whole = _finished(_run(_config(tmp_path / "whole", epochs=1)))
    monkeypatch.setattr(Updater, "update", short)
    events = _run(_config(tmp_path / "run", epochs=1))
    assert [(event.part_size, event.proposed_part_size) for event in _only(events, OutOfMemory)] == [
        (128, 64),
        (64, 32),
    ]
    assert [event.parts for event in _only(events, PartsChanged)] == [2, 4]
    assert _finished(events).outcome == "done"
    assert _finished(events).test_accuracy == pytest.approx(whole.test_accuracy, abs=0.02)


def test_without_consent_a_run_that_lacks_memory_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def short(*_arguments: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(Updater, "update", short)
    control = Control(asks=True)
    events: list[Event] = []
    for event in train(_config(tmp_path / "run"), control):
        events.append(event)
        if isinstance(event, OutOfMemory):
            control.answer(agreed=False)
    assert not _only(events, PartsChanged) and _finished(events).outcome == "stopped"


def test_single_pictures_that_do_not_fit_end_the_run_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(*_arguments: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(Updater, "update", short)
    with pytest.raises(TrainingError, match="single picture"):
        _run(_config(tmp_path / "run", batch_size=4))


def test_what_could_not_be_saved_is_said_and_training_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save = CheckpointFolder.save
    broken = False

    def saved(folder: CheckpointFolder, *arguments: Any) -> Path:
        if broken:
            raise CheckpointError("The disk is full.")
        return save(folder, *arguments)

    def break_disk(event: Event, control: Control) -> None:
        nonlocal broken
        if isinstance(event, StepsDone) and event.step == 3:
            broken = True
            control.save_checkpoint()

    monkeypatch.setattr(CheckpointFolder, "save", saved)
    events = _run(_config(tmp_path / "run", epochs=1), break_disk)
    assert [event.step for event in _only(events, CheckpointSaved)] == [0]
    assert {event.message for event in _only(events, NotSaved)} == {"The disk is full."}
    assert _finished(events).outcome == "done"


def test_a_stop_that_could_not_be_saved_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> Path:
        raise CheckpointError("The disk is full.")

    def stop(event: Event, control: Control) -> None:
        if isinstance(event, StepsDone) and event.step == 3:
            monkeypatch.setattr(CheckpointFolder, "save", fail)
            control.stop()

    with pytest.raises(TrainingError, match="could not be saved"):
        _run(_config(tmp_path / "run"), stop)


@pytest.mark.parametrize(("optimizer", "usual"), [("sgd", "0.01"), ("adam", "0.001"), ("rmsprop", "0.001")])
def test_a_rate_far_too_high_stops_and_the_last_checkpoint_is_good(tmp_path: Path, optimizer: str, usual: str) -> None:
    events: list[Event] = []
    with pytest.raises(TrainingError, match=f"learning rate of {usual} or less"):
        for event in train(_config(tmp_path / "run", optimizer=optimizer, learning_rate=1e6), Control()):
            events.append(event)
    assert _finished(events).outcome == "failed"
    assert max(event.step for event in _only(events, StepsDone)) < 15
    kept = CheckpointFolder(tmp_path / "run" / "checkpoints").restore().checkpoint
    assert all(torch.isfinite(tensor).all() for tensor in kept.weights.values())


def test_a_run_starts_from_another_one(tmp_path: Path) -> None:
    _run(_config(tmp_path / "first"))
    again = _config(tmp_path / "again", learning_rate=1e-12, epochs=1).changed(start_from=tmp_path / "first")
    _run(again)
    one, other = (load_model(tmp_path / name / "model.cnnmodel").module.state_dict() for name in ("first", "again"))
    assert all(torch.allclose(one[name], other[name], atol=1e-6) for name in one)
    with pytest.raises(Exception, match="holds a MNIST CNN, not a"):
        _run(again.changed(architecture="resnet9", run_dir=tmp_path / "other"))


def test_a_network_that_is_bound_to_its_size_keeps_it(tmp_path: Path) -> None:
    _run(_config(tmp_path / "first", epochs=1))
    with pytest.raises(ModelError, match="made for pictures of"):
        _run(_config(tmp_path / "again").changed(start_from=tmp_path / "first", image_size=40))


def test_other_classes_get_a_fresh_head(tmp_path: Path) -> None:
    _run(_config(tmp_path / "first"))
    config = _config(tmp_path / "xo", learning_rate=1e-12, epochs=1)
    _run(config.changed(dataset="xo", start_from=tmp_path / "first"))
    one, other = (load_model(tmp_path / name / "model.cnnmodel") for name in ("first", "xo"))
    weights = one.module.state_dict(), other.module.state_dict()
    assert torch.allclose(weights[0]["conv1.weight"], weights[1]["conv1.weight"], atol=1e-6)
    assert other.classes != one.classes and other.preprocessing == one.preprocessing


def test_averaged_weights_are_measured_and_kept_as_the_model(tmp_path: Path) -> None:
    recipe = {"ema_decay": 0.9, "schedule": "one_cycle", "augmentation": {"horizontal_flip": True, "crop_padding": 1}}
    whole = _finished(_run(_config(tmp_path / "whole", **recipe)))

    def stop(event: Event, control: Control) -> None:
        if isinstance(event, StepsDone) and event.step == 17:
            control.stop()

    config = _config(tmp_path / "cut", **recipe)
    _run(config, stop)
    last = list(train(config, Control(), resume_from=tmp_path / "cut"))
    assert _finished(last).test_accuracy == whole.test_accuracy
    one, other = (load_model(tmp_path / name / "model.cnnmodel").module.state_dict() for name in ("whole", "cut"))
    assert all(torch.equal(one[name], other[name]) for name in one)
    raw = CheckpointFolder(tmp_path / "whole" / "checkpoints").load("last").weights
    assert not torch.equal(raw["conv1.weight"], one["conv1.weight"])


def test_pictures_are_varied_to_learn_from_and_measured_as_they_are(tmp_path: Path) -> None:
    epochs: list[EpochDone] = []
    for preset in ("none", "strong"):
        recipe = {"epochs": 1, "learning_rate": 1e-12, "augmentation": AUGMENTATION_PRESETS[preset]}
        events = _run(_config(tmp_path / preset, **recipe))
        epochs += _only(events, EpochDone)
    plain, varied = epochs
    assert varied.validation_loss == pytest.approx(plain.validation_loss, abs=1e-6)
    assert varied.validation_accuracy == plain.validation_accuracy
    assert varied.train_loss != pytest.approx(plain.train_loss, abs=1e-4)


def test_the_time_left_counts_the_validation_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 0.0

    def now() -> float:
        return clock

    update = Updater.update

    def slow(*arguments: Any) -> Any:
        nonlocal clock
        clock += 1.0
        return update(*arguments)

    def measured(*_arguments: Any) -> Figures:
        nonlocal clock
        clock += 5.0
        return Figures(1.0, 0.5, 10)

    monkeypatch.setattr("cnn_desktop.train.tally.time.perf_counter", now)
    monkeypatch.setattr(Updater, "update", slow)
    monkeypatch.setattr(run, "evaluate", measured)
    events = _run(_config(tmp_path / "run", epochs=4))
    started = _only(events, TrainingStarted)[0]
    second = next(event for event in _only(events, StepsDone) if event.step == started.steps_per_epoch + 1)
    expected = (started.total_steps - second.step) * 1.0 + 3 * 5.0
    assert math.isclose(second.seconds_left, expected, rel_tol=0.05)


def test_a_deterministic_run_restores_what_it_set(tmp_path: Path) -> None:
    seen: list[bool] = []
    config = _config(tmp_path / "run", epochs=1).changed(deterministic=True)
    _run(config, lambda _event, _control: seen.append(torch.are_deterministic_algorithms_enabled()))
    assert any(seen) and not torch.are_deterministic_algorithms_enabled()
    assert json.loads((tmp_path / "run" / "config.json").read_text())["deterministic"] is True


def test_what_cannot_be_deterministic_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any) -> None:
        raise RuntimeError("max_pool_cuda does not have a deterministic implementation, but you set …. You can …")

    monkeypatch.setattr(Updater, "update", refuse)
    with pytest.raises(TrainingError, match="can't be trained deterministically here"):
        _run(_config(tmp_path / "run").changed(deterministic=True))


def test_fine_tuning_leaves_frozen_layers_and_their_statistics_as_they_were(tmp_path: Path, test_data: Path) -> None:
    weights = test_data / "models" / "mobilenet_v2-imagenet-dequant.pth"
    config = default_config(str(test_data / "flowers"), "mobilenet_v2", run_dir=tmp_path / "run", device="cpu")
    config = config.changed(start_from=weights, freeze=20, image_size=64, precision="fp32")
    events = _run(config.changed(recipe=config.recipe.changed(steps=2, batch_size=8)))
    trained = load_model(tmp_path / "run" / "model.cnnmodel").module.state_dict()
    given = torch.load(weights, weights_only=True)
    changed = [name for name in given if "classifier" not in name and not torch.equal(given[name], trained[name])]
    assert changed and not any(name in changed for name in list(given)[:100])
    assert any("running_mean" in name for name in changed)
    assert _only(events, TrainingStarted)[0].classes == ("daisy", "dandelion", "rose", "sunflower", "tulip")


def test_a_pause_frees_the_device_on_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There may be no second device here, so the moves are noted instead of made."""
    moves: list[str] = []
    monkeypatch.setattr(run.Run, "_move_to", lambda _run, device, _stores: moves.append(device.type))
    monkeypatch.setattr(run, "can_be_freed", lambda _device: True)
    control = Control()
    paused: list[Paused] = []
    for event in train(_config(tmp_path / "run", epochs=1), control):
        if isinstance(event, StepsDone) and event.step == 2:
            control.pause(free_device=True)
        if isinstance(event, Paused):
            paused.append(event)
            assert moves == ["cpu"]
            control.resume()
    assert moves == ["cpu", "cpu"] and [event.device_freed for event in paused] == [True]


def test_each_picture_is_mirrored_in_every_other_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mirrored: dict[bytes, list[bool]] = {}
    augmented = Augmenter.__call__

    def noted(augmenter: Augmenter, batch: torch.Tensor, *others: Any) -> torch.Tensor:
        changed = augmented(augmenter, batch, *others)
        for before, after in zip(batch, changed, strict=True):
            if not torch.equal(before, before.flip(2)):
                mirrored.setdefault(before.numpy().tobytes(), []).append(torch.equal(after, before.flip(2)))
        return changed

    monkeypatch.setattr(Augmenter, "__call__", noted)
    _run(_config(tmp_path / "run", epochs=4, augmentation=Augmentation(horizontal_flip=True)))
    seen = [turns for turns in mirrored.values() if len(turns) == 4]  # what is there twice is seen eight times
    assert len(seen) > 1000
    assert {tuple(turns) for turns in seen} == {(True, False) * 2, (False, True) * 2}
    assert 0.4 < sum(turns[0] for turns in seen) / len(seen) < 0.6
