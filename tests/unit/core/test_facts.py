import json
import math
from pathlib import Path

import pytest
from pydantic import ValidationError

from cnn_desktop.core import paths
from cnn_desktop.core.events import EpochDone, RunFinished, StepsDone
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.settings import Settings, load_settings, save_settings
from cnn_desktop.core.units import bytes_text, duration_text, percent_text


def test_events_are_json_lines_under_their_names() -> None:
    event = StepsDone(
        step=3,
        losses=(1.0, math.nan),
        accuracy=0.5,
        learning_rate=0.1,
        throughput=9.0,
        seconds=1.0,
        seconds_left=2.0,
        gradient_norm=math.inf,
        device_memory=None,
    )
    values = json.loads(json.dumps(event.to_json(), allow_nan=False))
    assert values["event"] == "steps_done"
    assert values["losses"] == [1.0, None] and values["gradient_norm"] is None
    assert RunFinished.__name__ == "RunFinished"
    assert EpochDone(1, 2, 0.1, 0.9, None, None, 0.1, 1.0, 1.0, True).to_json()["validation_loss"] is None


def test_preprocessing_refuses_what_cannot_be() -> None:
    with pytest.raises(ValidationError):
        Preprocessing(height=28, width=28, channels=3, mean=(0.5,), std=(0.5,))
    with pytest.raises(ValidationError):
        Preprocessing(height=224, width=224, resize="crop", shorter_side=200, mean=(0.5,) * 3, std=(0.5,) * 3)
    with pytest.raises(ValidationError):
        Preprocessing(height=2, width=2, channels=1, mean=(0.5,), std=(0.0,))
    facts = Preprocessing.unit_range(28, 28, 1)
    assert Preprocessing.model_validate_json(facts.model_dump_json()) == facts


def test_settings_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "config" / "settings.json"
    assert load_settings(file) == (Settings(), None)
    save_settings(file, Settings(appearance="dark", folders=("/pictures",)))
    assert load_settings(file) == (Settings(appearance="dark", folders=("/pictures",)), None)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b'{"appearance": "purple"}'])
def test_broken_settings_are_set_aside(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(content)
    settings, aside = load_settings(file)
    assert settings == Settings()
    assert aside is not None and aside.read_bytes() == content
    assert not file.exists()


def test_folders_follow_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNN_DESKTOP_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    assert paths.data_root() == tmp_path / "data"
    assert paths.pretrained_dir() == tmp_path / "torch" / "hub" / "checkpoints"
    assert paths.resources().is_dir()


def test_numbers_as_a_person_reads_them() -> None:
    assert bytes_text(553_433_881) == "553 MB"
    assert bytes_text(1_234_567_890) == "1.2 GB"
    assert bytes_text(12) == "12 B"
    assert duration_text(0.31) == "0.3 s"
    assert duration_text(45.4) == "45 s"
    assert duration_text(200) == "3 min 20 s"
    assert duration_text(7500) == "2 h 05 min"
    assert percent_text(0.84231) == "84.2 %"
    assert percent_text(0.0004) == "< 0.1 %"  # something isn't nothing
    assert percent_text(0.0) == "0.0 %"
