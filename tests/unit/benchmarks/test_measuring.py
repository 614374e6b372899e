import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from benchmarks import accuracy, pictures
from benchmarks.ours import train_for
from benchmarks.pictures import WrittenPictures, write_pictures
from benchmarks.step_rate import step_rate
from benchmarks.throughput import flops_per_picture
from cnn_desktop.core.events import CheckpointSaved, Event, StepsDone
from cnn_desktop.data.dataset import ArraySplit


def _steps(count: int, throughput: float = 1.0) -> StepsDone:
    return StepsDone(count, (0.5,) * count, 0.5, 0.1, throughput, 1.0, 1.0, None, None)


def test_step_rate_weighs_steps_by_their_time() -> None:
    events = [_steps(1, 100.0), CheckpointSaved(1, "there"), _steps(3, 300.0)]
    assert step_rate([event.to_json() for event in events], 64) == pytest.approx(4 * 64 / (0.64 + 0.64))


def test_writing_checkpoints_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("benchmarks.ours.time.perf_counter", lambda: now)

    def run() -> Iterator[Event]:
        nonlocal now
        while True:
            now += 0.25
            yield _steps(2)
            now += 8.0
            yield CheckpointSaved(2, "there")

    assert train_for(run(), 1.0, 128) == {"images": 4 * 2 * 128, "seconds": 1.0}


def test_written_pictures_are_a_dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CNN_DESKTOP_TEST_DATA", raising=False)
    source = WrittenPictures("mnist")
    assert not source.is_present(tmp_path)
    write_pictures(tmp_path, "mnist")
    assert source.is_present(tmp_path)
    dataset = source.load(tmp_path)
    split = dataset.splits["train"]
    assert isinstance(split, ArraySplit)
    assert (dataset.image_size, dataset.channels) == ((28, 28), 1)
    assert split.images.shape == (59_904, 28, 28, 1)
    assert len(split) % 128 == 0, "no contestant gets a smaller batch at the end"
    assert len(np.unique(split.labels)) == 10


def test_real_pictures_are_taken_where_there_are_any(
    tmp_path: Path, test_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNN_DESKTOP_DATA", str(test_data))
    images, labels = pictures.read_pictures(write_pictures(tmp_path, "mnist"))
    assert labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert images.shape == (59_904, 28, 28, 1)


def test_flops_by_hand(tmp_path: Path) -> None:
    images = np.zeros((1, 28, 28, 1), np.uint8)
    np.savez(tmp_path / "mnist.npz", images=images, labels=np.zeros(1))
    convolution = 2 * 26 * 26 * 32 * 9
    dense = 2 * (13 * 13 * 32 * 100 + 100 * 10)
    # Forwards, and backwards for the weights; what reaches the pictures isn't computed, what reaches the maps is.
    assert flops_per_picture("mnist_cnn", tmp_path / "mnist.npz") == 2 * convolution + 3 * dense


class TestAccuracy:
    def _leave(self, folder: Path, event: dict[str, object]) -> None:
        folder.mkdir(parents=True)
        (folder / "metrics.jsonl").write_text('{"event": "run_started"}\n' + json.dumps(event) + "\n")

    @pytest.fixture(autouse=True)
    def runs(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(accuracy, "ACCURACY_RUNS", tmp_path)
        monkeypatch.delenv("CNN_DESKTOP_TEST_DATA", raising=False)
        return tmp_path

    def test_what_is_done_is_not_done_again(self, runs: Path, tmp_path: Path) -> None:
        done = {"event": "run_finished", "outcome": "done", "test_accuracy": 0.99, "train_seconds": 9, "throughput": 1}
        self._leave(runs / "mnist_cnn-seed0", done)
        self._leave(runs / "mnist_cnn-seed1", done | {"outcome": "stopped"})
        result = accuracy.measure(accuracy.Trial("mnist_cnn", "mnist", 3), time.monotonic(), tmp_path)
        assert result is not None, "the time was over before the second"
        assert [(run.seed, run.test_accuracy) for run in result.runs] == [(0, 0.99)]

    def test_nothing_to_say_before_the_first_is_done(self, tmp_path: Path) -> None:
        assert accuracy.measure(accuracy.Trial("mnist_cnn", "mnist", 3), time.monotonic(), tmp_path) is None

    def test_real_data_must_be_named(self, tmp_path: Path) -> None:
        with pytest.raises(SystemExit, match="CNN_DESKTOP_DATA"):
            accuracy.measure(accuracy.Trial("mnist_cnn", "mnist", 3), time.monotonic() + 60, tmp_path)
