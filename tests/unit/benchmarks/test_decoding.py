"""The benchmark of reading files: every way reads every picture, and the goals are held against the right one."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks import decoding_contestant, photos
from benchmarks.decoding_result import Contender, DecodingResult
from cnn_desktop.core.paths import cache_dir
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.sets.folder import open_folder

pytestmark = pytest.mark.usefixtures("room_on_disk")


def _result(machine: dict[str, Any]) -> DecodingResult:
    rates = {"first": [3000.0, 2000.0], "later": [15_000.0, 20_000.0], "loader-0": [400.0, 500.0]}
    others = {way.value: [600.0, 700.0] for way in Contender if way.value not in rates}
    return DecodingResult(
        machine=machine, side=128, batch_size=32, pictures="JPEGs", threads=2, seconds=1.0, rates=rates | others
    )


def test_ours_is_compared_with_the_loader_without_workers(machine: dict[str, Any]) -> None:
    figures = {verdict.goal.partition(" /")[0]: verdict for verdict in _result(machine).verdicts()}
    first, later = figures["CNN Desktop, first epoch"], figures["CNN Desktop, later epochs"]
    assert (first.figure, first.is_met) == ("6.00 (medians 5.56)", True)
    assert (later.figure, later.wanted) == ("40.00 (medians 38.89)", "≥ 40")
    text = _result(machine).text()
    assert "num_workers=2" in text
    assert text.count("ceiling") == 2


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(photos, "COUNT", 12)
    monkeypatch.delenv("CNN_DESKTOP_TEST_DATA", raising=False)
    return photos.write_photos(tmp_path)


def test_photos_are_written_once(folder: Path) -> None:
    written = sorted(folder.rglob("*.jpg"))
    assert len(written) == 12
    assert all(20_000 < path.stat().st_size < 90_000 for path in written)
    times = [path.stat().st_mtime_ns for path in written]
    assert photos.write_photos(folder.parent) == folder
    assert [path.stat().st_mtime_ns for path in written] == times


@pytest.mark.parametrize("way", ["first", "later", "decoding", "copying"])
def test_every_way_reads_all_pictures(folder: Path, way: str) -> None:
    split = open_folder(folder).splits["train"]
    epoch = getattr(decoding_contestant, f"_{way}")(split, Preprocessing.unit_range(64, 64, 3))
    assert sum(epoch()) == 12
    assert sum(decoding_contestant._loader(folder, 64, workers=0)()) == 12


def test_the_first_epoch_finds_nothing_in_the_cache(folder: Path) -> None:
    split = open_folder(folder).splits["train"]
    sum(decoding_contestant._first(split, Preprocessing.unit_range(64, 64, 3))())
    assert list((cache_dir() / "pixels").iterdir())
    decoding_contestant._forget()
    assert not (cache_dir() / "pixels").exists()
