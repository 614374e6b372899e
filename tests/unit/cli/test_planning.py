"""What can be asked about a run before it starts."""

from collections.abc import Callable, Iterator

import pytest

from cnn_desktop.core.paths import runs_dir
from tests.unit.cli.conftest import Answer

Command = Callable[..., Answer]

RUN = ("train", "--dataset", "digits", "--arch", "mnist_cnn", "--device", "cpu", "--precision", "fp32")


@pytest.fixture(autouse=True)
def trains_nothing() -> Iterator[None]:
    yield
    assert not runs_dir().exists()


def test_an_estimate_is_one_json_object(command: Command) -> None:
    answer = command(*RUN, "--estimate", "--json")
    assert answer.code == 0 and not answer.err
    (found,) = answer.lines
    assert found["seconds"] > found["seconds_per_epoch"] > 0
    assert found["parameters"] == found["trainable_parameters"] == 30_230
    assert found["problems"] == []


def test_an_estimate_is_sentences_with_problems_beside_them(command: Command) -> None:
    answer = command(*RUN, "--estimate", "--lr", "1e6")
    assert answer.code == 0
    assert "30,230 of 30,230 parameters learn" in answer.out and "An epoch takes about" in answer.out
    assert "so high for SGD" in answer.err


def test_a_run_that_could_not_start_is_bad_input(command: Command) -> None:
    answer = command(*RUN, "--estimate", "--image-size", "2")
    assert answer.code == 2 and "4×4 pixels or more" in answer.err
    found = command(*RUN, "--estimate", "--image-size", "2", "--json").lines[0]
    assert found["problems"][0]["stops"] and found["seconds"] is None


def test_a_search_ends_with_its_suggestion(command: Command) -> None:
    answer = command(*RUN, "--find-rate", "--json")
    assert answer.code == 0
    events = [line["event"] for line in answer.lines]
    assert events[-1] == "rate_found" and events.count("rate_tried") > 80
    rate = answer.lines[-1]["rate"]
    assert answer.lines[-1]["reason"] == f"The loss fell fastest at a learning rate of {rate:g}."
    text = command(*RUN, "--find-rate").out.splitlines()
    assert text[0].split() == ["rate", "loss", "smoothed"] and text[-1] == answer.lines[-1]["reason"]
    assert len(text) == events.count("rate_tried") + 2
