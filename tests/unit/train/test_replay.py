"""A training looked at again: answers, confusion and moving pictures of its moments."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cnn_desktop.core.errors import CancelledError, DatasetError, ModelError
from cnn_desktop.data.pictures import normalize
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.data.splits import with_validation
from cnn_desktop.train import measuring, time_machine
from cnn_desktop.train.animating import animate_confusion, animate_filters, animate_maps
from cnn_desktop.train.control import Control
from cnn_desktop.train.replay import Sample, probabilities_over_time, run_of
from cnn_desktop.train.runs.snapshots import SnapshotInfo, open_snapshot, snapshots_of
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run of a second, with a moment for almost every step."""
    patch = pytest.MonkeyPatch()
    patch.setattr(measuring.StepFigures, "is_due", property(lambda _figures: True))
    patch.setattr(time_machine, "_ADVANCE", 1e9)
    folder = tmp_path_factory.mktemp("runs") / "run"
    config = default_config("digits", "mnist_cnn", run_dir=folder, device="cpu", precision="fp32")
    list(train(config.changed(recipe=config.recipe.changed(epochs=4, learning_rate=0.05)), Control()))
    patch.undo()
    yield folder


@pytest.fixture
def moments(run_dir: Path) -> list[SnapshotInfo]:
    kept = snapshots_of(run_dir)
    return [kept[0], kept[len(kept) // 2], kept[-1]]


def test_a_run_is_found_by_its_folder_and_its_model(run_dir: Path, tmp_path: Path) -> None:
    assert run_of(str(run_dir)) == run_dir == run_of(str(run_dir / "model.cnnmodel"))
    assert run_of(str(tmp_path)) is None and run_of("vgg16") is None and run_of("") is None


def test_probabilities_are_those_of_each_moment(moments: list[SnapshotInfo]) -> None:
    picture = open_dataset("digits").splits["test"].opened(0)
    shares = probabilities_over_time(moments, picture)
    assert shares.shape == (3, 10) and np.allclose(shares.sum(1), 1, atol=1e-5)
    for moment, row in zip(moments, shares, strict=True):
        model = open_snapshot(moment)
        batch = normalize(torch.from_numpy(picture.pixels(model.preprocessing))[None], model.preprocessing)
        with torch.no_grad():
            assert np.allclose(model.module(batch)[0].softmax(0).numpy(), row, atol=1e-6)
    assert shares[0].max() < 0.3 < shares[-1].max()


def test_confusion_counts_the_validation_part(run_dir: Path, moments: list[SnapshotInfo]) -> None:
    first, last = open_snapshot(moments[0]), open_snapshot(moments[-1])
    sample = Sample(run_dir, last)
    split = with_validation(open_dataset("digits"), 0.1).splits["validation"]
    assert len(sample) == len(split)
    wanted = np.zeros((10, 10), np.int64)
    for index in range(len(split)):
        pixels = torch.from_numpy(split.pixels(index, last.preprocessing))[None]
        with torch.no_grad():
            wanted[split.labels[index], int(last.module(normalize(pixels, last.preprocessing)).argmax())] += 1
    assert np.array_equal(sample.confusion(last), wanted)
    assert sample.confusion(first).trace() < wanted.trace() > 0.8 * len(split)


def test_a_model_of_other_classes_is_not_measured(run_dir: Path, moments: list[SnapshotInfo]) -> None:
    model = open_snapshot(moments[0])
    model.classes = tuple("abcdefghij")
    with pytest.raises(DatasetError, match="measured"):
        Sample(run_dir, model)


def test_filters_maps_and_confusion_move(run_dir: Path, moments: list[SnapshotInfo], tmp_path: Path) -> None:
    picture = open_dataset("digits").splits["test"].opened(0)
    animate_filters(moments, "conv1", tmp_path / "filters.gif", 0.2)
    animate_maps(moments, "relu1", picture, tmp_path / "maps.png", 0.2)
    animate_confusion(moments, Sample(run_dir, open_snapshot(moments[0])), tmp_path / "confusion.gif", 0.2)
    for name in ("filters.gif", "maps.png", "confusion.gif"):
        with Image.open(tmp_path / name) as moving:
            assert getattr(moving, "n_frames", 1) == 3
            frames = []
            for at in range(3):
                moving.seek(at)
                frames.append(np.asarray(moving.convert("RGB")).astype(int)[60:])
            assert min(moving.size) >= 300
        assert np.abs(frames[0] - frames[2]).max() > 30, name


def test_one_scale_for_all_moments(moments: list[SnapshotInfo], tmp_path: Path) -> None:
    """The same kernel in the same colours: the first moment twice gives equal frames among others."""
    animate_filters([moments[0], moments[-1], moments[0]], "conv1", tmp_path / "filters.png", 0.2)
    with Image.open(tmp_path / "filters.png") as moving:
        frames = []
        for at in range(3):
            moving.seek(at)
            frames.append(np.asarray(moving.convert("RGB"))[60:])
    assert np.array_equal(frames[0], frames[2]) and not np.array_equal(frames[0], frames[1])


def test_no_filters_and_cancelled_are_said(moments: list[SnapshotInfo], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no filters"):
        animate_filters(moments, "relu1", tmp_path / "filters.gif", 0.2)

    def cancel(done: int, _total: int) -> None:
        if done == 1:
            raise CancelledError

    with pytest.raises(CancelledError):
        animate_filters(moments, "conv1", tmp_path / "filters.gif", 0.2, cancel)
    assert not list(tmp_path.iterdir())
