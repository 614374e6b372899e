"""Which measurements `python -m benchmarks` takes."""

import pytest

from benchmarks import __main__ as command


def _titles(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> list[str]:
    monkeypatch.setattr("sys.argv", ["benchmarks", *arguments])
    return [title for title, _measure in command._jobs(command._options())]


def test_none_named_means_all_that_take_minutes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    titles = _titles(monkeypatch)
    assert {title.split()[0] for title in titles} >= {"Throughput", "Profile", "Decoding", "Latency", "Preview"}
    assert not [title for title in titles if "ccuracy" in title or "Fine" in title]


def test_only_what_is_named_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _titles(monkeypatch, "throughput", "augmentation", "--only", "mnist_cnn") == [
        "Throughput of mnist_cnn, batch 128",
        "Augmentation",
    ]


def test_an_unknown_part_is_named_with_the_known_ones(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        _titles(monkeypatch, "through-put")
    message = capsys.readouterr().err
    assert "no part is called 'through-put'" in message and "throughput" in message
