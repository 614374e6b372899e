import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from cnn_desktop.core.errors import CancelledError, CnnDesktopError
from cnn_desktop.data.dataset import ArraySplit, Dataset
from cnn_desktop.predict.evaluation import Answers, evaluate
from cnn_desktop.predict.evaluation.comparing import compare
from cnn_desktop.predict.evaluation.saving import report_json, write_csv, write_html, write_json
from tests.unit.predict.evaluation.conftest import answers_of, made

_VOID = {"img", "meta", "line", "rect", "polyline"}


class _Tags(HTMLParser):
    """Checks that tags close as they open; collects text and where anything is fetched from."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.sources += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def dataset_of(answers: Answers) -> Dataset:
    images = np.random.default_rng(0).integers(0, 255, (len(answers), 8, 8, 1), dtype=np.uint8)
    split = ArraySplit(images, answers.labels, "test")
    return Dataset("made", "Made & <b>up</b>", answers.classes, 1, (8, 8), {"train": split, "test": split})


def read(path: Path) -> _Tags:
    tags = _Tags()
    tags.feed(path.read_text())
    assert tags.open == []
    assert all(source.startswith("data:image/") for source in tags.sources), "the page needs something beside itself"
    return tags


def test_the_page_holds_figures_and_pictures(tmp_path: Path) -> None:
    answers, other = made(), made(seed=1, strength=2.5, labels=made().labels, model="the <i>other</i>")
    write_html(tmp_path / "page.html", answers, dataset_of(answers), compare(answers, other))
    tags = read(tmp_path / "page.html")
    found = evaluate(answers)
    for text in (
        "a model on Made & <b>up</b>",
        f"{100 * found.accuracy:.2f} %",
        f"95 % interval {found.accuracy_interval}",
        str(compare(answers, other)),
        "Only “the <i>other</i>” is right",
        "Most confident mistakes",
        "ROC",
        "Calibration",
        "c5",
    ):
        assert text in tags.text
    assert len(tags.sources) >= 24 + 2 * 12
    assert "<i>other" not in (tmp_path / "page.html").read_text()


def test_a_model_without_mistakes_gets_its_page_too(tmp_path: Path) -> None:
    answers = made(strength=50.0)
    assert answers.is_right.all()
    write_html(tmp_path / "page.html", answers, dataset_of(answers))
    tags = read(tmp_path / "page.html")
    assert "No class was taken for another." in tags.text
    assert "mistakes" not in tags.text


def test_a_thousand_classes_are_drawn_as_one_picture(tmp_path: Path) -> None:
    answers = made(count=1000, classes=1000)
    write_html(tmp_path / "page.html", answers, dataset_of(answers))
    tags = read(tmp_path / "page.html")
    assert "1,000 classes" in tags.text
    assert 'alt="Confusion matrix of 1,000 classes"' in (tmp_path / "page.html").read_text()
    assert (tmp_path / "page.html").stat().st_size < 2_000_000


def test_pictures_that_could_not_be_read_are_listed(tmp_path: Path) -> None:
    answers = made(count=30)
    object.__setattr__(answers, "skipped", ("a.png is empty.", "b.png is no picture."))
    write_html(tmp_path / "page.html", answers, dataset_of(answers))
    text = read(tmp_path / "page.html").text
    assert "2 pictures could not be read" in text and "b.png is no picture." in text


def test_json_holds_what_programs_need(tmp_path: Path) -> None:
    answers, other = made(), made(seed=1, labels=made().labels)
    write_json(tmp_path / "report.json", answers, compare(answers, other))
    found = json.loads((tmp_path / "report.json").read_text())
    assert found["accuracy"] == evaluate(answers).accuracy
    counts = np.zeros((6, 6), dtype=int)
    for label, answer, count in found["confusion"]:
        counts[label, answer] = count
    assert counts.sum() == 400 and counts.trace() == answers.is_right.sum()
    assert found["comparison"]["p_value"] == compare(answers, other).p_value
    assert "comparison" not in report_json(answers)


def test_the_table_has_a_row_a_picture(tmp_path: Path) -> None:
    answers = answers_of(np.array([[0, 3], [1, 0]]), np.array([0, 0]))
    write_csv(tmp_path / "table.csv", answers)
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as stream:
        head, first, second = csv.reader(stream)
    assert head == ["picture", "label", "answer", "right", "probability", "probability of the label", "loss"]
    assert first[:4] == ["test 0", "c0", "c1", "0"]
    assert second[:4] == ["test 1", "c0", "c0", "1"]
    assert [float(cell) for cell in first[4:]] == pytest.approx([0.952574, 0.047426, 3.048587], abs=1e-5)


def test_drawing_can_be_cancelled_and_leaves_nothing(tmp_path: Path) -> None:
    def cancel(done: int, total: int) -> None:
        raise CancelledError("cancelled")

    answers = made()
    with pytest.raises(CancelledError):
        write_html(tmp_path / "page.html", answers, dataset_of(answers), progress=cancel)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    for write in (write_csv, write_json):
        with pytest.raises(CnnDesktopError, match=re.escape(str(tmp_path / "a file" / "out"))):
            write(tmp_path / "a file" / "out", made())
