"""The health report finds what was planted."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from cnn_desktop.core.errors import CancelledError
from cnn_desktop.data.dataset import Dataset
from cnn_desktop.data.health import Finding, HealthReport, check_dataset
from cnn_desktop.data.sets import open_dataset
from tests.unit.data.conftest import Maker


def opened(folder: Path) -> Dataset:
    return open_dataset(str(folder), as_found=True)


def findings(report: HealthReport, kind: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.kind == kind]


@pytest.fixture
def healthy_folder(tmp_path: Path, make_picture: Maker) -> Path:
    for number in range(24):
        make_picture(tmp_path / "pets" / ("cats", "dogs")[number % 2] / f"{number}.png", seed=number)
    return tmp_path / "pets"


@pytest.fixture
def sick_folder(tmp_path: Path, make_picture: Maker) -> Path:
    folder = tmp_path / "sick"
    for number in range(30):
        make_picture(folder / "train" / "cats" / f"{number}.png", seed=number)
    for number in range(4):
        make_picture(folder / "train" / "dogs" / f"{number}.png", seed=100 + number)
    make_picture(folder / "train" / "newts" / "only.png", seed=200)
    make_picture(folder / "val" / "dogs" / "new.png", seed=300)
    shutil.copy(folder / "train" / "cats" / "7.png", folder / "val" / "dogs" / "leak.png")
    shutil.copy(folder / "train" / "cats" / "1.png", folder / "train" / "cats" / "copy of 1.png")
    (folder / "train" / "cats" / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    (folder / "train" / "cats" / "empty.png").touch()
    (folder / "train" / "cats" / "list.txt").write_text("cats")
    return folder


def test_a_healthy_folder_has_no_findings(healthy_folder: Path) -> None:
    report = check_dataset(opened(healthy_folder))
    assert report.findings == ()
    assert report.classes == ("cats", "dogs")
    assert report.facts.counts == {"train": {"cats": 12, "dogs": 12}}
    assert report.source == str(healthy_folder) and "class" in report.rule


def test_everything_planted_is_found(sick_folder: Path) -> None:
    report = check_dataset(opened(sick_folder))
    copies = (("train/cats/1.png", "train/cats/copy of 1.png"), ("train/cats/7.png", "val/dogs/leak.png"))
    groups = {finding.kind: finding.groups for finding in report.findings if finding.kind != "small_class"}
    assert groups["exact_duplicates"] == copies
    assert groups["leaks"] == copies[1:] and groups["torn"] == copies[1:]
    assert groups["unreadable"] == (("train/cats/broken.jpg",), ("train/cats/empty.png",))
    assert groups["imbalance"][0] == ("train/newts/only.png",) and len(groups["imbalance"][1]) == 31
    assert groups["skipped_files"] == (("train/cats/list.txt",),)
    assert "near_duplicates" not in groups and "shortcut" not in groups
    assert report.facts.counts["train"] == {"cats": 31, "dogs": 4, "newts": 1}
    assert report.facts.counts["validation"] == {"cats": 0, "dogs": 2, "newts": 0}


def test_each_finding_says_why(sick_folder: Path) -> None:
    report = check_dataset(opened(sick_folder))
    (unreadable,) = findings(report, "unreadable")
    assert unreadable.marks["train/cats/empty.png"].endswith("empty.png is empty.")
    (torn,) = findings(report, "torn")
    assert torn.marks == {"train/cats/7.png": "cats", "val/dogs/leak.png": "dogs"}
    assert findings(report, "imbalance")[0].sentence.startswith("There are 31 training pictures of cats and 1 of newts")
    assert all(finding.title[0].isupper() or finding.title[0].isdigit() for finding in report.findings)
    assert [finding.severity for finding in report.findings] == sorted(
        (finding.severity for finding in report.findings), reverse=True
    )


def test_classes_with_few_pictures_are_said(sick_folder: Path) -> None:
    small = findings(check_dataset(opened(sick_folder)), "small_class")
    assert {finding.title: finding.keys for finding in small} == {
        "2 classes without validation pictures": (),
        "1 class with a single picture": ("train/newts/only.png",),
        "1 class with few pictures": tuple(f"train/dogs/{number}.png" for number in range(4)),
    }


def test_a_class_of_broken_pictures_only_is_said(healthy_folder: Path) -> None:
    dataset = opened(healthy_folder)
    for path in (healthy_folder / "dogs").iterdir():
        path.write_bytes(b"broken")
    small = findings(check_dataset(dataset), "small_class")
    assert "dogs" in small[0].sentence and small[0].severity == "warning"


def test_what_vanished_since_the_folder_was_opened_is_unreadable(healthy_folder: Path) -> None:
    dataset = opened(healthy_folder)
    (healthy_folder / "cats" / "0.png").unlink()
    (unreadable,) = findings(check_dataset(dataset), "unreadable")
    assert unreadable.keys == ("cats/0.png",)


def test_the_report_is_json(sick_folder: Path) -> None:
    values = json.loads(json.dumps(check_dataset(opened(sick_folder)).to_json()))
    assert values["facts"]["counts"]["train"]["cats"] == 31
    leaks = next(finding for finding in values["findings"] if finding["kind"] == "leaks")
    assert leaks["groups"] == [["train/cats/7.png", "val/dogs/leak.png"]]
    assert leaks["marks"] == {"train/cats/7.png": "training", "val/dogs/leak.png": "validation"}


def test_files_are_counted_by_what_they_are(healthy_folder: Path) -> None:
    upright = Image.new("CMYK", (40, 20), (0, 200, 100, 0))
    exif = Image.Exif()
    exif[274] = 6  # lies on its right side
    upright.save(healthy_folder / "cats" / "scan.tif")
    Image.new("RGB", (40, 20), (9, 90, 200)).save(healthy_folder / "dogs" / "phone.jpg", exif=exif)
    facts = check_dataset(opened(healthy_folder)).facts
    assert facts.file_types == {"PNG": 24, "TIFF": 1, "JPEG": 1}
    assert facts.modes == {"RGB": 25, "CMYK": 1}
    assert facts.sizes == {"12×9": 24, "40×20": 1, "20×40": 1}


def test_a_published_set_is_checked_as_well() -> None:
    report = check_dataset(open_dataset("digits"))
    assert report.facts.picture_count == 1797 and report.facts.file_types == {}
    assert report.facts.sizes == {"8×8": 1797}
    assert not {"shortcut", "unreadable", "small_class"} & {finding.kind for finding in report.findings}


def test_checking_reports_and_can_be_cancelled(healthy_folder: Path) -> None:
    seen: list[tuple[int, int]] = []
    check_dataset(opened(healthy_folder), lambda *now: seen.append(now))
    assert seen[-1] == (24, 24)

    def cancel(done: int, total: int) -> None:
        raise CancelledError("enough")

    with pytest.raises(CancelledError):
        check_dataset(opened(healthy_folder), cancel)


def test_a_later_finding_takes_its_place_and_replaces_its_like(sick_folder: Path) -> None:
    report = check_dataset(opened(sick_folder))
    finding = Finding("mislabels", "note", "1 label may be wrong", "Look at it.", (("train/cats/3.png",),))
    with_it = report.with_finding(replace(finding, title="old")).with_finding(finding)
    assert findings(with_it, "mislabels") == [finding]
    assert len(with_it.findings) == len(report.findings) + 1
    assert with_it.findings[0] == report.findings[0]
