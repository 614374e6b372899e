"""Folders as people have them: what is understood, what is left out, and what is said about it."""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cnn_desktop.core.errors import CancelledError, DatasetError, ImageError
from cnn_desktop.data.dataset import Dataset, FileSplit
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.data.sets.folder import open_folder
from tests.unit.data.conftest import Maker


def contents(dataset: Dataset, folder: Path) -> dict[str, list[tuple[str, str]]]:
    """File and class of every picture, by split."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, split in dataset.splits.items():
        assert isinstance(split, FileSplit)
        pairs = zip(split.paths, split.labels, strict=True)
        found[name] = [(path.relative_to(folder).as_posix(), dataset.classes[label]) for path, label in pairs]
    return found


def test_class_folders_in_natural_order(class_folder: Path) -> None:
    dataset = open_dataset(str(class_folder))
    assert (dataset.name, dataset.classes, dataset.channels, dataset.image_size) == ("pets", ("cats", "dogs"), 3, None)
    assert contents(dataset, class_folder) == {
        "train": [
            *(("cats/1.png", "cats"), ("cats/2.png", "cats"), ("cats/10.png", "cats")),
            *(("dogs/a.png", "dogs"), ("dogs/b.jpg", "dogs")),
        ]
    }
    assert dataset.notices == ()
    split = dataset.splits["train"]
    assert split.picture(0).size == (12, 9)
    assert split.name(2) == str(class_folder / "cats" / "10.png")
    assert split.subset(np.array([3, 0])).name(0) == str(class_folder / "dogs" / "a.png")


def test_classes_are_sorted_as_people_count(tmp_path: Path, make_picture: Maker) -> None:
    for name in ("10", "9", "1", "Zebra", "ape"):
        make_picture(tmp_path / name / "a.png")
    assert open_folder(tmp_path).classes == ("1", "9", "10", "ape", "Zebra")


def test_nested_folders_belong_to_their_class(tmp_path: Path, make_picture: Maker) -> None:
    make_picture(tmp_path / "cats" / "2024" / "may" / "a.png")
    make_picture(tmp_path / "cats" / "b.png")
    make_picture(tmp_path / "dogs" / "c.png")
    assert contents(open_folder(tmp_path), tmp_path)["train"] == [
        ("cats/b.png", "cats"),
        ("cats/2024/may/a.png", "cats"),
        ("dogs/c.png", "dogs"),
    ]


@pytest.mark.parametrize(
    "names", [("train", "val", "test"), ("Training", "valid", "Testing"), ("train", "validation", "TEST")]
)
def test_split_folders_are_known_by_their_names(names: tuple[str, ...], tmp_path: Path, make_picture: Maker) -> None:
    for count, split in enumerate(names, start=1):
        for label in ("cats", "dogs"):
            for number in range(count):
                make_picture(tmp_path / split / label / f"{number}.png")
    dataset = open_folder(tmp_path)
    assert {name: len(split) for name, split in dataset.splits.items()} == {"train": 2, "validation": 4, "test": 6}
    assert dataset.classes == ("cats", "dogs")
    assert dataset.notices == ()
    listed = f"{names[0]}, {names[1]}, {names[2]}"
    assert dataset.rule == (
        f"The folders {listed} in {tmp_path.name} are the splits, and each folder in them is a class."
    )


def test_splits_without_class_folders_are_no_classes(tmp_path: Path, make_picture: Maker) -> None:
    for name in ("images/train/a.png", "images/test/b.png"):
        make_picture(tmp_path / name)
    with pytest.raises(DatasetError, match="has 2 pictures but no class folders"):
        open_folder(tmp_path)


def test_classes_that_a_split_lacks_are_said(tmp_path: Path, make_picture: Maker) -> None:
    for name in ("train/cats", "train/dogs", "val/cats", "val/birds"):
        make_picture(tmp_path / name / "a.png")
    dataset = open_folder(tmp_path)
    assert dataset.classes == ("birds", "cats", "dogs")
    assert contents(dataset, tmp_path)["validation"] == [("val/birds/a.png", "birds"), ("val/cats/a.png", "cats")]
    assert dataset.notices == ("There are no training pictures of birds.", "There are no validation pictures of dogs.")


def test_a_class_that_is_called_train_is_a_class(tmp_path: Path, make_picture: Maker) -> None:
    for name in ("train", "bus", "tram"):
        make_picture(tmp_path / name / "a.png")
    assert open_folder(tmp_path).classes == ("bus", "train", "tram")


@pytest.mark.parametrize("inner", ["", "train/"])
def test_a_folder_around_everything_is_looked_through(inner: str, tmp_path: Path, make_picture: Maker) -> None:
    for label in ("cats", "dogs"):
        make_picture(tmp_path / "pets" / "pets-v2" / inner / label / "a.png")
    dataset = open_folder(tmp_path)
    assert dataset.classes == ("cats", "dogs")
    assert list(dataset.splits) == ["train"]
    assert " in pets-v2 is a" in dataset.rule


def test_an_empty_class_stray_files_and_loose_pictures_are_said(class_folder: Path, make_picture: Maker) -> None:
    (class_folder / "birds").mkdir()
    (class_folder / "cats" / "notes.txt").touch()
    (class_folder / ".DS_Store").touch()
    make_picture(class_folder / "loose.png")
    dataset = open_folder(class_folder)
    assert dataset.classes == ("cats", "dogs")
    assert dataset.notices == (
        "The class birds has no pictures and is left out.",
        "1 picture outside of the class folders is left out.",
        "1 file that isn't a picture by its name is left out.",
    )


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "has no pictures"),
        (["a.txt", "cats/b.txt"], "has no pictures"),
        (["a.png", "b.png"], "has 2 pictures but no class folders"),
        (["cats/a.png", "cats/b.png"], r"one class only \(cats: 2\)"),
        (["train/cats/a.png", "val/dogs/a.png"], r"one class only \(cats: 1\)"),
        (["val/cats/a.png", "val/dogs/a.png", "test/dogs/a.png"], "pictures in validation, test but none in train"),
    ],
)
def test_less_than_two_classes_says_what_was_found_and_what_is_expected(
    files: list[str], words: str, tmp_path: Path, make_picture: Maker
) -> None:
    for name in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        make_picture(path) if path.suffix == ".png" else path.touch()
    with pytest.raises(DatasetError, match=words) as raised:
        open_folder(tmp_path)
    assert "expected is a folder for each class" in str(raised.value)
    assert str(tmp_path / "cats") in str(raised.value)


def test_no_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="can't be read as a folder"):
        open_folder(tmp_path / "gone")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights here")
def test_links_are_counted_once_and_loops_end(class_folder: Path, tmp_path: Path, make_picture: Maker) -> None:
    outside = make_picture(tmp_path / "elsewhere" / "far.png", seed=9)
    (class_folder / "cats" / "loop").symlink_to(class_folder)
    (class_folder / "aliens").symlink_to(class_folder / "cats")
    (class_folder / "up").symlink_to("/")
    (class_folder / "dogs" / "same.png").symlink_to(class_folder / "dogs" / "a.png")
    (class_folder / "dogs" / "far").symlink_to(outside.parent)
    (class_folder / "dogs" / "far-too.png").symlink_to(outside)
    (class_folder / "dogs" / "gone.png").symlink_to("nowhere.png")
    (class_folder / "dogs" / "circle").symlink_to("circle")
    dataset = open_folder(class_folder)
    assert dataset.classes == ("cats", "dogs")
    names = [name for name, _label in contents(dataset, class_folder)["train"]]
    assert names == ["cats/1.png", "cats/2.png", "cats/10.png", "dogs/a.png", "dogs/b.jpg", "dogs/far/far.png"]
    lead_out, left_out = dataset.notices
    assert lead_out == f"These links lead out of the folder, to pictures that are counted: {class_folder}/dogs/far."
    assert "7 more" not in left_out
    assert left_out.endswith(" and 2 more.")
    assert f"{class_folder}/up is a link to a folder that was counted already" in left_out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_among_the_pictures_blocks_nothing(class_folder: Path) -> None:
    os.mkfifo(class_folder / "cats" / "pipe.png")
    done = threading.Event()
    found: list[Dataset] = []
    thread = threading.Thread(target=lambda: (found.append(open_folder(class_folder)), done.set()), daemon=True)
    thread.start()
    assert done.wait(5)
    assert len(found[0].splits["train"]) == 5
    assert "cats/pipe.png isn't a regular file" in found[0].notices[0]


def test_a_folder_that_may_not_be_read_is_said(unprivileged: tuple[Path, Callable[[], None]]) -> None:
    folder, give_up_rights = unprivileged
    locked = folder / "cats" / "private"
    locked.chmod(0)
    give_up_rights()
    dataset = open_folder(folder)
    assert len(dataset.splits["train"]) == 2
    assert dataset.notices == (f"Left out: {locked} may not be read: its permissions don't allow it.",)


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode on this system")
def test_names_of_any_bytes_are_classes_that_can_be_shown(tmp_path: Path, make_picture: Maker) -> None:
    for name in (b"caf\xe9", "Kätzchen 🐈".encode(), b"n" * 255):
        make_picture(tmp_path / os.fsdecode(name) / "a.png")
    dataset = open_folder(tmp_path)
    assert set(dataset.classes) == {"café", "Kätzchen 🐈", "n" * 255}
    assert all(name.encode() for name in dataset.classes)
    assert [dataset.splits["train"].picture(index).size for index in range(3)] == [(12, 9)] * 3


def test_two_spellings_of_one_name_are_one_class(tmp_path: Path, make_picture: Maker) -> None:
    if sys.platform == "darwin":
        pytest.skip("the file system knows that already")
    make_picture(tmp_path / "train" / "Caf\u00e9" / "a.png")
    make_picture(tmp_path / "train" / "tea" / "a.png")
    make_picture(tmp_path / "val" / "Cafe\u0301" / "a.png")
    assert open_folder(tmp_path).classes == ("Caf\u00e9", "tea")


def test_the_scan_reports_and_can_be_cancelled(class_folder: Path) -> None:
    seen: list[tuple[int, int]] = []
    open_folder(class_folder, lambda *now: seen.append(now))
    assert seen[-1] == (5, 0)

    def cancel(done: int, total: int) -> None:
        raise CancelledError("enough")

    with pytest.raises(CancelledError):
        open_folder(class_folder, cancel)


def test_a_picture_that_vanished_is_an_image_error(class_folder: Path) -> None:
    split = open_folder(class_folder).splits["train"]
    (class_folder / "cats" / "1.png").unlink()
    with pytest.raises(ImageError, match=r"1\.png doesn't exist"):
        split.picture(0)
