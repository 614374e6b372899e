"""What a run that goes on says when its data isn't what it began with."""

from pathlib import Path

import pytest
from PIL import Image

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import TrainingError
from cnn_desktop.core.events import CheckpointSaved, Event, Notice, RunFinished
from cnn_desktop.train.control import Control
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    for shade, name in ((20, "dark"), (230, "light")):
        (folder / name).mkdir(parents=True)
        for number in range(12):
            Image.new("L", (28, 28), shade + number).save(folder / name / f"{number}.png")
    return folder


def stopped(config: RunConfig) -> None:
    """Train until there is a checkpoint after the first."""
    control = Control()
    for event in train(config, control):
        if isinstance(event, CheckpointSaved):
            control.stop()


def gone_on(run: Path) -> list[Event]:
    return list(train(RunConfig.from_json((run / "config.json").read_text()), Control(), run))


@pytest.fixture
def run(pictures: Path, tmp_path: Path) -> Path:
    config = default_config(str(pictures), "mnist_cnn", run_dir=tmp_path / "run", precision="fp32", image_size=28)
    stopped(config.changed(recipe=config.recipe.changed(epochs=1, batch_size=8)))
    return tmp_path / "run"


def test_the_same_pictures_need_no_word(run: Path) -> None:
    events = gone_on(run)
    assert isinstance(events[-1], RunFinished) and events[-1].outcome == "done"
    assert not [event for event in events if isinstance(event, Notice) and "changed" in event.message]


def test_other_pictures_are_said(run: Path, pictures: Path) -> None:
    (pictures / "dark" / "3.png").unlink()
    events = gone_on(run)
    assert isinstance(events[-1], RunFinished) and events[-1].outcome == "done"
    assert [event for event in events if isinstance(event, Notice) and "was changed since" in event.message]


def test_other_classes_are_refused_by_name(run: Path, pictures: Path) -> None:
    (pictures / "light").rename(pictures / "bright")
    with pytest.raises(TrainingError, match=r"dark, light \(2\).*bright, dark \(2\)"):
        gone_on(run)
