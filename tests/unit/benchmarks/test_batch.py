"""The benchmark of many photos: every way answers to every photo, and the agreement is that of the answers."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks import batch, batch_contestant, photos
from benchmarks.batch_result import BatchResult, Contender
from cnn_desktop.core.paths import batches_dir


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(photos, "COUNT", 4)
    monkeypatch.setattr(batch, "COUNT", 20)
    monkeypatch.delenv("CNN_DESKTOP_TEST_DATA", raising=False)
    return batch._write_thousand(tmp_path)


def test_every_way_answers_to_every_photo(folder: Path, tmp_path: Path) -> None:
    paths = sorted(folder.iterdir())
    assert len(paths) == 20
    weights = batch_contestant._random_weights(tmp_path)
    loop, _precision = batch_contestant._loop(weights)
    ours, precision = batch_contestant._ours(weights, "fp32")
    assert precision == "fp32"
    expected, found = loop(paths[:4]) * 5, ours(paths)
    assert [len(top) for top in found] == [10] * 20
    assert batch._agreement(found, expected, 10) > 0.9
    assert list(batches_dir().glob("*.jsonl")) == [], "the next turn computes everything again"


def test_agreement_is_the_share_of_photos_with_the_same_classes() -> None:
    ours = [["a", "b"], ["a", "b"], ["c", "d"], ["e", "f"]]
    theirs = [["a", "b"], ["b", "a"], ["c", "x"], ["y", "z"]]
    assert batch._agreement(ours, theirs, 1) == 0.5
    assert batch._agreement(ours, theirs, 2) == 0.5


def test_ours_is_compared_with_the_plain_loop(machine: dict[str, Any]) -> None:
    rates = {"ours": [60.0, 80.0], "ours-bf16": [140.0, 140.0], "loop": [30.0, 40.0], "loader": [50.0, 50.0]}
    shares = {"ours": 1.0, "ours-bf16": 0.75}
    result = BatchResult(
        machine=machine,
        pictures="JPEGs",
        weights="weights",
        precision="fp32",
        rates=rates,
        same_best=shares,
        same_ten=shares,
    )
    lines = result.text().splitlines()
    assert next(line for line in lines if line.startswith("| CNN Desktop, automatic")).endswith("| 2.00 |")
    assert next(line for line in lines if "in bf16 |" in line).endswith("| 4.00 |")
    assert "75.0 %" in result.text() and set(rates) == set(Contender)
