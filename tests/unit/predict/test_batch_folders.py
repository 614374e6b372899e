"""Copies of pictures in folders of their classes."""

import json
import os
import sys
import tempfile
from pathlib import Path

import pytest

from cnn_desktop.core.errors import CancelledError, CnnDesktopError
from cnn_desktop.predict.batch import Answer, copy_into_folders, write_csv, write_json
from cnn_desktop.predict.batch import folders as folders_module
from cnn_desktop.predict.classifier import Guess


def answer(path: Path, label: str | None, share: float = 0.9, content: str = "") -> Answer:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content or path.name)
    if label is None:
        return Answer(path, None, f"{path} is damaged.")
    return Answer(path, (Guess(label, share), Guess("other", (1 - share) / 2)), None)


def files(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "target"


def test_pictures_lie_in_the_folder_of_their_class(tmp_path: Path, target: Path) -> None:
    given = tmp_path / "given"
    answers = [
        answer(given / "a.jpg", "cat"),
        answer(given / "b.jpg", "dog", 0.4),
        answer(given / "c.jpg", None),
        Answer(given / "missing.jpg", None, "missing"),
    ]
    copied = copy_into_folders(answers, target, threshold=0.5)
    assert files(target) == {"cat/a.jpg": "a.jpg", "unsure/b.jpg": "b.jpg", "unreadable/c.jpg": "c.jpg"}
    assert copied.counts == {"cat": 1, "unsure": 1, "unreadable": 1} and copied.problems == []


def test_nothing_is_overwritten_and_a_second_try_adds_nothing(tmp_path: Path, target: Path) -> None:
    one, two, same = tmp_path / "1", tmp_path / "2", tmp_path / "3"
    answers = [
        answer(one / "a.jpg", "cat", content="first"),
        answer(two / "a.jpg", "cat", content="second"),
        answer(same / "a.jpg", "cat", content="first"),
    ]
    (target / "cat").mkdir(parents=True)
    (target / "cat" / "a.jpg").write_text("the person's own")
    expected = {
        "cat/a.jpg": "the person's own",
        "cat/a (2).jpg": "first",
        "cat/a (3).jpg": "second",
        "cat/a (4).jpg": "first",
    }
    for _try in range(2):
        assert copy_into_folders(answers, target).counts == {"cat": 3}
        assert files(target) == expected


def test_a_copy_that_was_interrupted_goes_on(tmp_path: Path, target: Path) -> None:
    answers = [answer(tmp_path / f"{number}.jpg", "cat") for number in range(6)]

    def stop(done: int, total: int) -> None:
        if done == 4:
            raise CancelledError

    with pytest.raises(CancelledError):
        copy_into_folders(answers, target, progress=stop)
    assert len(files(target)) == 4
    copy_into_folders(answers, target)
    assert sorted(files(target)) == [f"cat/{number}.jpg" for number in range(6)]


def test_classes_become_names_that_every_system_takes(tmp_path: Path, target: Path) -> None:
    labels = ["a/b", "a:b", "..", "CON", "unsure", "Cat", "cat", "x" * 300, "../../out"]
    answers = [answer(tmp_path / "given" / f"{number}.jpg", label) for number, label in enumerate(labels)]
    copy_into_folders(answers, target, threshold=0.5)
    names = sorted(path.parent.name for path in target.rglob("*.jpg"))
    expected = ["_", "CON_", "Cat", "_.._out", "a_b", "a_b (2)", "cat (2)", "unsure (2)", "x" * 60]
    assert names == sorted(expected)
    assert {path.name for path in tmp_path.iterdir()} == {"given", "target"}, "nothing is written beside the target"


def test_a_long_name_leaves_room_for_its_number(tmp_path: Path, target: Path) -> None:
    name = "ü" * 125 + ".jpg"
    answers = [answer(tmp_path / folder / name, "cat", content=folder) for folder in ("1", "2")]
    copy_into_folders(answers, target)
    assert sorted(files(target).values()) == ["1", "2"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_a_file_that_may_not_be_read_is_a_problem_and_no_end() -> None:
    before = os.geteuid()
    with tempfile.TemporaryDirectory() as place:
        given, target = Path(place) / "given", Path(place) / "target"
        given.mkdir()
        target.mkdir()
        answers = [answer(given / f"{number}.jpg", "cat") for number in range(3)]
        (given / "1.jpg").chmod(0)
        for folder in (Path(place), given, target):
            folder.chmod(0o777)
        os.seteuid(before or 65_534)  # root may read everything
        try:
            copied = copy_into_folders(answers, target)
        finally:
            os.seteuid(before)
    assert copied.counts == {"cat": 2} and "1.jpg" in copied.problems[0]


def test_a_file_that_is_gone_when_it_is_copied_is_a_problem_and_no_end(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [answer(tmp_path / f"{number}.jpg", "cat") for number in range(3)]
    (tmp_path / "1.jpg").unlink()
    copied = copy_into_folders(answers, target)
    assert copied.counts == {"cat": 2}
    assert len(copied.problems) == 1 and "1.jpg" in copied.problems[0]


def test_a_disk_that_is_full_is_one_sentence(tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: Path, copy: Path) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(folders_module, "copy_new", fail)
    with pytest.raises(CnnDesktopError, match="make room there") as raised:
        copy_into_folders([answer(tmp_path / "a.jpg", "cat")], target)
    assert str(target) in str(raised.value)


def test_copies_keep_their_dates(tmp_path: Path, target: Path) -> None:
    given = answer(tmp_path / "a.jpg", "cat")
    os.utime(given.image, ns=(10**18, 10**18))
    given.image.chmod(0o444)
    copy_into_folders([given], target)
    assert (target / "cat" / "a.jpg").stat().st_mtime_ns == 10**18


def test_a_disk_without_links_gets_its_copies_too(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, other: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    answers = [answer(tmp_path / str(number) / "a.jpg", "cat", content=str(number)) for number in range(2)]
    copy_into_folders(answers, target)
    assert files(target) == {"cat/a.jpg": "0", "cat/a (2).jpg": "1"}


def test_unsure_answers_are_told_in_the_tables(tmp_path: Path) -> None:
    answers = [answer(tmp_path / "a.jpg", "cat"), answer(tmp_path / "b.jpg", "dog", 0.4), answer(tmp_path / "c", None)]
    write_csv(tmp_path / "t.csv", answers, 0.5)
    rows = [line.split(",") for line in (tmp_path / "t.csv").read_text("utf-8-sig").splitlines()]
    assert rows[0][:4] == ["image", "error", "unsure", "class 1"]
    assert [row[2] for row in rows[1:]] == ["", "yes", ""]
    write_json(tmp_path / "t.json", answers, 0.5)
    read = json.loads((tmp_path / "t.json").read_text())
    assert [entry.get("unsure") for entry in read] == [False, True, None]
    assert read[0]["top"][0] == {"class": "cat", "probability": 0.9}
    assert read[2] == {"image": str(tmp_path / "c"), "error": answers[2].error}
    write_json(tmp_path / "empty.json", [])
    assert json.loads((tmp_path / "empty.json").read_text()) == []
