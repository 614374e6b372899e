"""What a virtual machine's host took meanwhile."""

from pathlib import Path

import pytest

from benchmarks import stolen
from benchmarks.stolen import CoreTime, stolen_share


def test_the_share_is_of_the_time_that_was_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "stat"
    monkeypatch.setattr(stolen, "_STAT", file)
    file.write_text("cpu  100 0 20 5000 7 0 3 10 0 0\ncpu0 1 2 3\n")
    began = CoreTime.now()
    assert began == CoreTime(busy=123, stolen=10)
    file.write_text("cpu  160 0 35 9000 90 0 3 35 0 0\n")
    assert stolen_share(began, CoreTime.now()) == 0.25


def test_nothing_is_said_where_the_system_does_not_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stolen, "_STAT", tmp_path / "missing")
    assert CoreTime.now() is None
    assert stolen_share(None, None) is None
