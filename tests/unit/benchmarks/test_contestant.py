from collections import Counter
from pathlib import Path

import pytest

from benchmarks import contestant
from benchmarks.contestant import Contestant, clean_environment, interleaved

_MODULE = "tests.unit.benchmarks.counting_contestant"


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contestant, "LOGS", tmp_path / "logs")


def test_each_has_one_turn_a_round(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with (
        Contestant("one", [_MODULE, str(notes)], tmp_path) as one,
        Contestant("other", [_MODULE, str(notes)], tmp_path) as other,
    ):
        assert one.facts == {"name": "counting"}
        answers = interleaved({name: (child, {"name": name}) for name, child in (("a", one), ("b", other))}, 6)
    assert answers == {name: [{"turns": turn} for turn in range(1, 7)] for name in "ab"}
    turns = notes.read_text().split()
    assert all(Counter(turns[start : start + 2]) == {"a": 1, "b": 1} for start in range(0, 12, 2))
    assert {turns[start] for start in range(0, 12, 2)} == {"a", "b"}, "it isn't always the same one that begins"


def test_one_that_ends_says_why(tmp_path: Path) -> None:
    with (
        Contestant("faint", [_MODULE, str(tmp_path / "notes")], tmp_path) as faint,
        pytest.raises(RuntimeError, match=r"(?s)faint ended with 1.*fell over"),
    ):
        faint.run(name="nobody")


def test_nothing_that_tunes_libraries_is_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tuned = ("OMP_NUM_THREADS", "KMP_BLOCKTIME", "TF_NUM_INTRAOP_THREADS", "KERAS_BACKEND", "XDG_DATA_HOME")
    for name in tuned:
        monkeypatch.setenv(name, "1")
    environment = clean_environment(tmp_path)
    assert not set(tuned) & set(environment)
    assert environment["HOME"] == str(tmp_path)
    assert "PATH" in environment
