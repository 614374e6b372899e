import csv
import importlib.util
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError, CancelledError
from cnn_desktop.core.events import CheckpointSaved, EpochDone, Notice, RunStarted, StepsDone, TrainingStarted
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.train.control import Control
from cnn_desktop.train.runs.crc32c import crc32c
from cnn_desktop.train.runs.run_folder import RunFolder
from cnn_desktop.train.runs.tensorboard import followed, how_to_look, write_events
from cnn_desktop.train.trainer import train
from tests.logged_runs import STEPS_PER_EPOCH, accuracy_at, log_epoch, logged_run, loss_at


def read(run: Path) -> EventAccumulator:
    """What TensorBoard's own reader finds; it checks the checksums of all records."""
    return EventAccumulator(str(run)).Reload()


def test_tensorboard_reads_every_figure() -> None:
    run = logged_run(epochs=3)
    file = write_events(run)
    assert file.parent == run and file.name.startswith("events.out.tfevents.")
    events = read(run)
    steps = events.Scalars("step/loss")
    assert [event.step for event in steps] == list(range(1, 3 * STEPS_PER_EPOCH + 1))
    assert [event.value for event in steps] == pytest.approx([loss_at(event.step) for event in steps])
    epochs = events.Scalars("accuracy/train")
    assert [(event.step, event.value) for event in epochs] == [
        (20 * n, pytest.approx(accuracy_at(n))) for n in (1, 2, 3)
    ]
    assert events.Scalars("step/device_memory")[0].value == 10_000_000
    assert set(events.Tags()["scalars"]) == {
        *("step/loss", "step/accuracy", "step/learning_rate", "step/throughput"),
        *("step/gradient_norm", "step/device_memory"),
        *("loss/train", "loss/validation", "accuracy/train", "accuracy/validation", "epoch"),
    }
    started = (run / "config.json").stat().st_mtime
    assert steps[-1].wall_time == pytest.approx(started + 6.0, abs=1.01)


def test_writing_again_replaces_the_file() -> None:
    run = logged_run(epochs=2, planned=4)
    write_events(run)
    folder = RunFolder(run)
    log_epoch(folder, 3)
    folder.close()
    write_events(run)
    assert [event.step for event in read(run).Scalars("loss/train")] == [20, 40, 60]
    assert len(list(run.glob("events.out.tfevents*"))) == 1


def test_damaged_lines_and_missing_figures_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    lines = [
        '{"event": "steps_done", "step": 2, "losses": [null, 0.5], "accuracy": null, "seconds": 1}',
        "rubbish",
        '{"event": "epoch_done"}',
        '["a list"]',
        '{"event": "epoch_done", "step": 300, "epoch": 1, "train_loss": 0.25, "validation_loss": null, "seconds": 2}',
    ]
    (tmp_path / "metrics.jsonl").write_text("\n".join(lines))
    write_events(tmp_path)
    events = read(tmp_path)
    assert [(event.step, event.value) for event in events.Scalars("step/loss")] == [(2, 0.5)]
    assert [(event.step, event.value) for event in events.Scalars("loss/train")] == [(300, 0.25)]
    assert "loss/validation" not in events.Tags()["scalars"]


def test_a_run_without_a_log_and_a_folder_without_a_run(tmp_path: Path) -> None:
    run = logged_run(epochs=0)
    (run / "metrics.jsonl").unlink()
    assert write_events(run).stat().st_size > 0
    with pytest.raises(BadInputError, match="isn't the folder of a run"):
        write_events(tmp_path)


def test_a_cancelled_export_leaves_nothing() -> None:
    run = logged_run()
    before = sorted(run.iterdir())

    def stop(_done: int, _total: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        write_events(run, stop)
    assert sorted(run.iterdir()) == before


def test_a_missing_tensorboard_is_said_with_the_way_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert how_to_look(tmp_path) == f'Look at it with `tensorboard --logdir "{tmp_path}"`.'
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert 'pip install "cnn-desktop[tensorboard]"' in how_to_look(tmp_path)


@pytest.mark.parametrize(
    ("data", "crc"),
    [(bytes(32), 0x8A9136AA), (b"\xff" * 32, 0x62A8AB43), (bytes(range(32)), 0x46DD794E), (b"123456789", 0xE3069283)],
)
def test_checksum_of_the_standard(data: bytes, crc: int) -> None:
    assert crc32c(data) == crc


def test_the_table_of_epochs_opens_as_a_spreadsheet() -> None:
    run = logged_run(epochs=3)
    with (run / "metrics.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3]
    assert [float(row["train_loss"]) for row in rows] == pytest.approx([loss_at(20 * n) for n in (1, 2, 3)])
    assert all("." in row["validation_accuracy"] and "," not in row["validation_accuracy"] for row in rows)


def short_run(steps: int) -> RunConfig:
    recipe = Recipe(steps=steps, batch_size=256)
    return RunConfig(dataset="digits", architecture="mnist_cnn", recipe=recipe, device="cpu", precision="fp32")


def test_a_run_is_followed_while_it_goes_on() -> None:
    config = RunConfig(
        dataset="digits", architecture="mnist_cnn", recipe=Recipe(epochs=2, batch_size=256), device="cpu"
    )
    seen: list[tuple[int, int]] = []
    run = Path()
    for event in followed(train)(config, Control()):
        if isinstance(event, RunStarted):
            run = Path(event.run_dir)
        elif isinstance(event, CheckpointSaved | EpochDone) and event.step and list(run.glob("*tfevents*")):
            seen.append((event.step, len(read(run).Tags()["scalars"])))
    assert seen and seen[-1][1] > 3, "TensorBoard sees the figures before the run has ended"
    live = [(event.step, event.value) for event in read(run).Scalars("step/loss")]
    write_events(run)
    assert live == [(event.step, event.value) for event in read(run).Scalars("step/loss")]
    assert len(live) == seen[-1][0]


def test_a_run_that_goes_on_writes_no_step_twice() -> None:
    config = RunConfig(
        dataset="digits", architecture="mnist_cnn", recipe=Recipe(steps=12, batch_size=256), device="cpu"
    )
    control, run = Control(), Path()
    for event in followed(train)(config, control):
        if isinstance(event, RunStarted):
            run = Path(event.run_dir)
        if isinstance(event, EpochDone):
            control.stop()
    assert sum(1 for _event in followed(train)(config, Control(), run))
    assert [event.step for event in read(run).Scalars("step/loss")] == list(range(1, 13))


def test_a_full_disk_ends_the_events_and_not_the_run(tmp_path: Path) -> None:
    started = TrainingStarted("CPU", "fp32", ("a",), 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, True)
    steps = StepsDone(1, (0.5,), 0.5, 0.1, 1.0, 1.0, 0.0, None, None)
    events = list(followed(lambda: iter([RunStarted(str(tmp_path / "gone"), "digits", "x"), started, steps]))())
    assert [type(event) for event in events] == [RunStarted, TrainingStarted, Notice, StepsDone]
    assert "TensorBoard" in events[2].message  # pyright: ignore[reportAttributeAccessIssue]
