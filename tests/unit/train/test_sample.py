"""Pictures that stand for a split, and networks that are adapted to them before training."""

from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import torch

from cnn_desktop.core.errors import ImageError, TrainingError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.dataset import ArraySplit
from cnn_desktop.data.pictures import normalize
from cnn_desktop.train.control import Control
from cnn_desktop.train.sample import sample
from cnn_desktop.train.setup import default_config, prepare
from cnn_desktop.train.task import Task

PREPROCESSING = Preprocessing(height=4, width=4, channels=1, mean=(0.5,), std=(0.25,))
Returned = TypeVar("Returned")


class HalfBroken(ArraySplit):
    """Every second picture can't be read."""

    def pixels(self, index: int, preprocessing: Preprocessing) -> np.ndarray:
        if index % 2:
            raise ImageError("broken")
        return super().pixels(index, preprocessing)


class AllBroken(ArraySplit):
    """No picture can be read."""

    def pixels(self, index: int, preprocessing: Preprocessing) -> np.ndarray:
        raise ImageError("broken")


def split(count: int = 30, kind: type[ArraySplit] = ArraySplit) -> ArraySplit:
    images = np.arange(count, dtype=np.uint8)[:, None, None, None].repeat(4, 1).repeat(4, 2)
    return kind(images, np.zeros(count), "train")


def test_pictures_are_spread_over_the_split_and_normalised() -> None:
    found = sample(split(), PREPROCESSING, 4)
    pixels = torch.tensor([0, 10, 19, 29], dtype=torch.uint8)[:, None, None, None].expand(-1, 1, 4, 4)
    assert torch.equal(found, normalize(pixels.contiguous(), PREPROCESSING))


def test_a_small_split_is_taken_whole_and_broken_pictures_are_left_out() -> None:
    assert len(sample(split(7), PREPROCESSING, 100)) == 7
    assert len(sample(split(7, HalfBroken), PREPROCESSING, 100)) == 4
    with pytest.raises(TrainingError, match="None of 1"):
        sample(split(1, AllBroken), PREPROCESSING, 100)


def returned(steps: Generator[object, None, Returned]) -> Returned:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def prepared(tmp_path: Path, **changes: object) -> Task:
    config = default_config("digits", "resnet9", precision="fp32", run_dir=tmp_path / "run", **changes)
    return returned(prepare(config, Control()))


def test_a_new_resnet9_whitens_the_pictures_that_it_will_be_trained_on(tmp_path: Path) -> None:
    task = prepared(tmp_path)
    pictures = sample(task.dataset.splits["train"], task.preprocessing, 1000)
    outputs = task.module.get_submodule("whiten")(pictures)[:, :4, 1:-1, 1:-1].transpose(0, 1).flatten(1)
    covariance = torch.cov(outputs.double())
    assert torch.allclose(covariance, torch.eye(4).double(), atol=0.05)
