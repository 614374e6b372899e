"""The health report finds what was planted."""

import json
import shutil
from pathlib import Path

import pytest

from cnn_desktop.core.errors import CancelledError, DatasetError
from cnn_desktop.data.health import check_folder
from tests.unit.data.conftest import Maker


def test_a_healthy_folder_has_no_warnings(class_folder: Path) -> None:
    report = check_folder(class_folder)
    assert report.warnings == ()
    assert report.classes == ("cats", "dogs")
    assert report.counts == {"train": {"cats": 3, "dogs": 2}}
    assert (report.unreadable, report.duplicates, report.leaks) == ((), (), ())


@pytest.fixture
def sick_folder(tmp_path: Path, make_picture: Maker) -> Path:
    folder = tmp_path / "sick"
    for number in range(30):
        make_picture(folder / "train" / "cats" / f"{number}.png", seed=number)
    for number in range(4):
        make_picture(folder / "train" / "dogs" / f"{number}.png", seed=100 + number)
    make_picture(folder / "train" / "newts" / "only.png", seed=200)
    make_picture(folder / "val" / "dogs" / "new.png", seed=300)
    (folder / "val" / "birds").mkdir()
    shutil.copy(folder / "train" / "cats" / "7.png", folder / "val" / "dogs" / "leak.png")
    shutil.copy(folder / "train" / "cats" / "1.png", folder / "train" / "cats" / "copy of 1.png")
    (folder / "train" / "cats" / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    (folder / "train" / "cats" / "empty.png").touch()
    return folder


def test_everything_planted_is_found(sick_folder: Path) -> None:
    report = check_folder(sick_folder)
    assert report.counts == {"train": {"cats": 31, "dogs": 4, "newts": 1}, "validation": {"dogs": 2}}
    assert [item.file for item in report.unreadable] == ["train/cats/broken.jpg", "train/cats/empty.png"]
    assert report.unreadable[1].reason.endswith("empty.png is empty.")
    assert report.duplicates == (
        ("train/cats/1.png", "train/cats/copy of 1.png"),
        ("train/cats/7.png", "val/dogs/leak.png"),
    )
    assert report.leaks == (("train/cats/7.png", "val/dogs/leak.png"),)
    assert report.warnings == (
        "The class birds has no pictures and is left out.",
        "There are no validation pictures of cats, newts.",
        "2 pictures can't be read and will be left out.",
        "2 pictures are there more than once.",
        "1 picture is in more than one split: the accuracy will look better than it is.",
        "1 picture is in more than one class.",
        "There is only one training picture of: newts.",
        "The classes are uneven: 31 training pictures of cats, 1 of newts.",
    )


def test_the_report_is_json(sick_folder: Path) -> None:
    values = json.loads(json.dumps(check_folder(sick_folder).to_json()))
    assert values["counts"]["train"]["cats"] == 31
    assert values["unreadable"][0]["file"] == "train/cats/broken.jpg"
    assert values["leaks"] == [["train/cats/7.png", "val/dogs/leak.png"]]


def test_one_class_is_a_warning_not_an_error(tmp_path: Path, make_picture: Maker) -> None:
    make_picture(tmp_path / "cats" / "a.png")
    make_picture(tmp_path / "cats" / "b.png", seed=1)
    report = check_folder(tmp_path)
    assert report.counts == {"train": {"cats": 2}}
    assert "one class only" in report.warnings[0]


def test_a_class_of_broken_pictures_only_is_said(class_folder: Path) -> None:
    for path in (class_folder / "dogs").iterdir():
        path.write_bytes(b"broken")
    assert "No training picture can be read of: dogs." in check_folder(class_folder).warnings


def test_checking_reports_and_can_be_cancelled(class_folder: Path) -> None:
    seen: list[tuple[int, int]] = []
    check_folder(class_folder, lambda *now: seen.append(now))
    assert seen[-1] == (5, 5)

    def cancel(done: int, total: int) -> None:
        if total:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        check_folder(class_folder, cancel)


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="can't be read"):
        check_folder(tmp_path / "gone")


def test_real_flowers_lie_in_two_classes_six_times_or_less(test_data: Path) -> None:
    report = check_folder(test_data / "flowers")
    assert sum(report.counts["train"].values()) == 4_317
    assert report.unreadable == ()
    torn = [group for group in report.duplicates if len({name.split("/")[0] for name in group}) > 1]
    assert (len(report.duplicates), len(torn)) == (6, 4)
