import csv
import json
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from cnn_desktop.data.sets import open_dataset
from cnn_desktop.models.weights import load_model
from tests.unit.cli.conftest import Answer

Command = Callable[..., Answer]

DIGITS = ("--dataset", "digits", "--device", "cpu")


@pytest.fixture
def runs(command: Command, tmp_path: Path) -> tuple[Path, Path]:
    """Two runs on the digits, the second of which goes on for longer."""
    folders = tmp_path / "short", tmp_path / "long"
    for folder, steps in zip(folders, (6, 30), strict=True):
        done = command(
            "train", *DIGITS, "--arch", "mnist_cnn", "--precision", "fp32", "--steps", steps, "--run-dir", folder
        )
        assert done.code == 0
    return folders


def test_two_models_are_compared_and_everything_is_written(
    command: Command, runs: tuple[Path, Path], tmp_path: Path
) -> None:
    short, long = runs
    files = ("--html", tmp_path / "report.html", "--csv", tmp_path / "table.csv")
    answer = command("evaluate", "--model", short, "--compare", long, *DIGITS, *files, "--json")
    (line,) = answer.lines
    assert answer.code == 0
    first, second = line["comparison"]["models"]
    assert first["accuracy"] == line["accuracy"] < second["accuracy"]
    assert line["accuracy_interval"][0] < line["accuracy"] < line["accuracy_interval"][1]
    assert line["comparison"]["sentence"] in unescape((tmp_path / "report.html").read_text())
    assert str(tmp_path / "report.html") in answer.err and str(tmp_path / "table.csv") in answer.err
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert sum(int(row["right"]) for row in rows) == round(line["accuracy"] * len(rows))
    assert sum(count for _label, _answer, count in line["confusion"]) == line["count"] == len(rows)
    (mirrored,) = command("evaluate", "--model", short, *DIGITS, "--mirrored", "--json").lines
    assert mirrored["model"] != line["model"] and mirrored["accuracy"] != line["accuracy"]
    for_people = command("evaluate", "--model", short, "--compare", long, *DIGITS)
    assert line["comparison"]["sentence"] in for_people.out and "precision" in for_people.out
    most = max(count for label, answer, count in line["confusion"] if label != answer)
    assert f"\n{most} of “" in for_people.out


def test_labels_swapped_by_hand_show_in_the_report(command: Command, runs: tuple[Path, Path], tmp_path: Path) -> None:
    """The pictures of the digits as class folders, with those of 3 and 5 exchanged."""
    test = open_dataset("digits").splits["test"]
    swapped = {3: 5, 5: 3}
    for index, label in enumerate(test.labels.tolist()):
        folder = tmp_path / "digits" / "test" / str(swapped.get(label, label))
        folder.mkdir(parents=True, exist_ok=True)
        test.picture(index).save(folder / f"{index}.png")
    shutil.copytree(tmp_path / "digits" / "test", tmp_path / "digits" / "train")
    (honest,) = command("evaluate", "--model", runs[1], *DIGITS, "--json").lines
    (line,) = command(
        "evaluate", "--model", runs[1], "--dataset", tmp_path / "digits", "--device", "cpu", "--json"
    ).lines
    cells = {(label, answer): count for label, answer, count in honest["confusion"]}
    found = {(label, answer): count for label, answer, count in line["confusion"]}
    assert found[3, 5] == cells[5, 5] and found[5, 3] == cells[3, 3]
    wrong = {pair: count for pair, count in found.items() if pair[0] != pair[1]}
    assert set(sorted(wrong, key=wrong.__getitem__)[-2:]) == {(3, 5), (5, 3)}
    moved = cells[3, 3] + cells[5, 5] - cells.get((3, 5), 0) - cells.get((5, 3), 0)
    assert line["accuracy"] == pytest.approx(honest["accuracy"] - moved / line["count"])


def test_the_temperature_is_stored_and_used_from_then_on(
    command: Command, runs: tuple[Path, Path], tmp_path: Path
) -> None:
    run = runs[0]
    (before,) = command("evaluate", "--model", run, *DIGITS, "--split", "validation", "--json").lines
    answer = command("evaluate", "--model", run, *DIGITS, "--split", "validation", "--calibrate", "--json")
    (line,) = answer.lines
    fitted = line["calibration"]
    assert fitted["split"] == "validation" and fitted["temperature"] != 1
    assert fitted["loss_before"] == pytest.approx(before["loss"])
    assert line["loss"] == pytest.approx(fitted["loss_after"], rel=1e-5) and line["loss"] < before["loss"]
    assert line["accuracy"] == before["accuracy"]
    assert load_model(run / "model.cnnmodel").temperature == line["temperature"] == fitted["temperature"]
    assert str(run / "model.cnnmodel") in answer.err
    (again,) = command("evaluate", "--model", run / "model.cnnmodel", *DIGITS, "--split", "validation", "--json").lines
    assert again["loss"] == pytest.approx(line["loss"])


def test_the_validation_split_is_the_one_of_the_models_own_run(command: Command, tmp_path: Path) -> None:
    options = ("--arch", "mnist_cnn", "--precision", "fp32", "--steps", 3, "--val-fraction", 0.3)
    command("train", *DIGITS, *options, "--run-dir", tmp_path / "run")
    events = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    (validated,) = (event["validation_loss"] for event in events if event["event"] == "epoch_done")
    (line,) = command("evaluate", "--model", tmp_path / "run", *DIGITS, "--split", "validation", "--json").lines
    (train,) = command("evaluate", "--model", tmp_path / "run", *DIGITS, "--split", "train", "--json").lines
    assert line["count"] / (line["count"] + train["count"]) == pytest.approx(0.3, abs=0.01)
    assert line["loss"] == pytest.approx(validated, rel=1e-4)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--model", "mobilenet_v2", "--calibrate"), "“mobilenet_v2” has none"),
        (("--model", "mobilenet_v2", "--calibrate", "--mirrored"), "leave out --mirrored"),
        (("--model", "nothing", "--split", "tests"), "no split “tests”"),
        (("--model", "nothing", "--html", "/nowhere/report.html"), "/nowhere/report.html"),
        (("--model", "nothing", "--csv", "/nowhere/table.csv"), "/nowhere/table.csv"),
    ],
)
def test_what_cannot_work_is_said_before_any_work(command: Command, arguments: tuple[str, ...], words: str) -> None:
    answer = command("evaluate", *DIGITS, *arguments)
    assert answer.code == 2
    assert words in answer.err and answer.err.count("\n") == 1
    assert answer.out == ""
