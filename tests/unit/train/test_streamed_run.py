"""Training from files that are streamed: cut off in the middle of an epoch, it goes on to the same bits."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.events import RunFinished, StepsDone
from cnn_desktop.core.paths import cache_dir
from cnn_desktop.train import measuring
from cnn_desktop.train.control import Control
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train
from tests.soak.same_end import differences

pytestmark = pytest.mark.usefixtures("room_on_disk")

LONG_AGO = 1_000_000_000


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two classes of JPEGs that are decoded at a reduced scale, and never held in memory."""
    monkeypatch.setenv("CNN_DESKTOP_PIXEL_MEMORY", "0")
    for number in range(24):
        path = tmp_path / "photos" / ("dark" if number % 2 else "light") / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(number).integers(0, 128, (40, 50, 3), dtype=np.uint8) + 127 * (number % 2)
        Image.fromarray(pixels.astype(np.uint8)).save(path)
        os.utime(path, (LONG_AGO, LONG_AGO))
    return tmp_path / "photos"


def _config(photos: Path, run_dir: Path) -> RunConfig:
    config = default_config(str(photos), "mnist_cnn", run_dir=run_dir, device="cpu", precision="fp32", image_size=16)
    recipe = config.recipe.changed(epochs=4, batch_size=5, augmentation=Augmentation(horizontal_flip=True))
    return config.changed(recipe=recipe, val_fraction=0.2)


def test_a_streamed_run_goes_on_to_the_same_bits_with_and_without_the_cache(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNN_DESKTOP_PIXEL_CACHE", "0")
    list(train(_config(photos, tmp_path / "whole"), Control()))
    assert not (cache_dir() / "pixels").exists()
    monkeypatch.delenv("CNN_DESKTOP_PIXEL_CACHE")
    monkeypatch.setattr(measuring.StepFigures, "is_due", property(lambda _figures: True))
    control = Control()
    last = None
    for last in train(_config(photos, tmp_path / "cut"), control):
        if isinstance(last, StepsDone) and last.step >= 6:  # in the second epoch
            control.stop()
    assert isinstance(last, RunFinished)
    assert (last.outcome, last.steps) == ("stopped", 6)
    finished = list(train(_config(photos, tmp_path / "ignored"), Control(), resume_from=tmp_path / "cut"))[-1]
    assert isinstance(finished, RunFinished)
    assert finished.outcome == "done"
    assert list((cache_dir() / "pixels").iterdir())
    assert differences(tmp_path / "whole", tmp_path / "cut") == []
