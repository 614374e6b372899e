"""Copies are found: to the last bit, in other sizes and qualities, mirrored, and where they do harm."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn_desktop.data.dataset import ArraySplit, Dataset
from cnn_desktop.data.health import Finding, HealthReport, check_dataset
from cnn_desktop.data.sets import open_dataset
from tests.planting import CHANGES, Planted, pairs_of, plant_copies


def found(report: HealthReport, kind: str) -> Finding:
    (finding,) = [finding for finding in report.findings if finding.kind == kind]
    return finding


@pytest.fixture(scope="module")
def planted(test_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Planted, HealthReport]:
    copies = plant_copies(test_data / "flowers", tmp_path_factory.mktemp("planted"), count=500, each=25)
    return copies, check_dataset(open_dataset(str(copies.folder)))


def test_all_exact_copies_are_found_and_nothing_else(planted: tuple[Planted, HealthReport]) -> None:
    copies, report = planted
    pairs = pairs_of(found(report, "exact_duplicates").groups)
    assert copies.exact <= pairs
    assert all(copies.is_right(pair) for pair in pairs)


@pytest.mark.parametrize("change", CHANGES)
def test_near_copies_are_found(planted: tuple[Planted, HealthReport], change: str) -> None:
    copies, report = planted
    pairs = pairs_of(found(report, "near_duplicates").groups)
    assert len(copies.near[change] & pairs) >= 0.95 * len(copies.near[change])


def test_what_is_called_a_near_copy_is_one(planted: tuple[Planted, HealthReport]) -> None:
    copies, report = planted
    pairs = pairs_of(found(report, "near_duplicates").groups)
    assert sum(map(copies.is_right, pairs)) >= 0.95 * len(pairs)


def test_copies_in_two_splits_are_leaks(planted: tuple[Planted, HealthReport]) -> None:
    copies, report = planted
    leaks = found(report, "leaks")
    pairs = pairs_of(leaks.groups)
    assert copies.exact <= pairs
    assert len(pairs) >= 0.95 * sum(map(len, (copies.exact, *copies.near.values())))
    assert leaks.severity == "warning"
    assert {leaks.marks[key] for key in leaks.groups[0]} == {"training", "validation"}


def test_a_flower_in_two_classes_is_torn(test_data: Path, tmp_path: Path) -> None:
    source = next((test_data / "flowers" / "rose").glob("*.jpg"))
    for label in ("rose", "tulip"):
        (tmp_path / label).mkdir()
        for path in sorted((test_data / "flowers" / label).glob("*.jpg"))[:5]:
            shutil.copyfile(path, tmp_path / label / path.name)
    shutil.copyfile(source, tmp_path / "rose" / "first.jpg")
    with Image.open(source) as picture:
        picture.save(tmp_path / "tulip" / "again.jpg", quality=60)
    torn = found(check_dataset(open_dataset(str(tmp_path))), "torn")
    assert {"rose/first.jpg", "tulip/again.jpg"} <= set(torn.keys)
    assert (torn.marks["rose/first.jpg"], torn.marks["tulip/again.jpg"]) == ("rose", "tulip")


def shapes(colour: tuple[int, int, int], seed: int, count: int) -> np.ndarray:
    """uint8 N×64×64×3: a square of one colour on grey, each in another place."""
    random = np.random.default_rng(seed)
    pictures = np.full((count, 64, 64, 3), 128, np.uint8)
    for picture in pictures:
        top, left = random.integers(0, 40, 2)
        picture[top : top + 20, left : left + 20] = colour
    return pictures


def dataset_of(*classes: np.ndarray) -> Dataset:
    labels = np.repeat(np.arange(len(classes)), [len(pictures) for pictures in classes])
    split = ArraySplit(np.concatenate(classes), labels, "train")
    return Dataset("shapes", "Shapes", tuple("abc"[: len(classes)]), 3, (64, 64), {"train": split})


def test_the_same_shape_in_another_colour_is_another_picture() -> None:
    report = check_dataset(dataset_of(shapes((200, 40, 40), 0, 8), shapes((40, 100, 230), 0, 8)))
    assert not {"near_duplicates", "torn", "leaks"} & {finding.kind for finding in report.findings}


def test_published_digits_are_not_called_copies_of_each_other() -> None:
    report = check_dataset(open_dataset("digits"))
    assert sum(len(finding.groups) for finding in report.findings) <= 2


def test_blank_pictures_are_one_group_and_dark_ones_another() -> None:
    random = np.random.default_rng(0)
    blank = (np.full((40, 64, 64, 3), 240) + random.integers(-2, 3, (40, 64, 64, 3))).astype(np.uint8)
    dark = (np.full((30, 64, 64, 3), 12) + random.integers(-2, 3, (30, 64, 64, 3))).astype(np.uint8)
    near = found(check_dataset(dataset_of(blank, dark)), "near_duplicates")
    assert sorted(map(len, near.groups)) == [30, 40]


@pytest.mark.parametrize("count", [1, 2])
def test_few_pictures_are_no_trouble(count: int) -> None:
    report = check_dataset(dataset_of(shapes((200, 40, 40), 0, count)))
    assert report.facts.picture_count == count
