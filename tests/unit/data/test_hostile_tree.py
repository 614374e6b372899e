"""Everything at once that can lie between a person's pictures: scanned without a hang, every file accounted for."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnn_desktop.core.errors import CancelledError, DatasetError
from cnn_desktop.data import walking
from cnn_desktop.data.dataset import Dataset
from cnn_desktop.data.sets.folder import open_folder
from tests.unit.data.conftest import Maker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems can't have such names and pipes")

LONG = "n" * 251 + ".png"
NOBODY = 65_534


@pytest.fixture
def tree(make_picture: Maker) -> Iterator[Path]:
    """The tree, below a folder that anybody may reach; root's rights are given up while the test runs."""
    before = os.geteuid()
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        folder = Path(place) / "pets"
        for name in ("cats/1.png", "cats/2.png", "dogs/1.png", "dogs/wörk 🐕.png", f"dogs/{LONG}", "one/only.png"):
            make_picture(folder / name)
        make_picture(folder / os.fsdecode(b"caf\xe9") / os.fsdecode(b"na\xefve.png"))
        make_picture(Path(place) / "elsewhere" / "far.png")
        make_picture(folder / "cats" / "locked" / "b.png")
        make_picture(folder / "loose.png")
        (folder / "empty").mkdir()
        for name in (".DS_Store", "cats/.DS_Store", "cats/notes.txt", "dogs/zero.png", "Thumbs.db"):
            (folder / name).touch()
        (folder / ".git").mkdir()
        make_picture(folder / ".git" / "hidden.png")
        make_picture(folder / "__MACOSX" / "cats" / "1.png")
        (folder / "cats" / "loop").symlink_to(folder)
        (folder / "circle").symlink_to("circle")
        (folder / "dogs" / "twice.png").symlink_to("1.png")
        (folder / "dogs" / "gone.png").symlink_to("nowhere.png")
        (folder / "dogs" / "outside").symlink_to(Path(place) / "elsewhere")
        (folder / "dogs" / "null.png").symlink_to("/dev/null")
        os.mkfifo(folder / "cats" / "pipe.png")
        (folder / "cats" / "locked").chmod(0)
        os.seteuid(before or NOBODY)
        try:
            yield folder
        finally:
            os.seteuid(before)
            (folder / "cats" / "locked").chmod(0o755)


def pictures(dataset: Dataset) -> dict[str, str]:
    split = dataset.splits["train"]
    return {key: dataset.classes[label] for key, label in zip(split.all_keys(), split.labels, strict=True)}


def test_every_file_is_a_picture_of_a_class_or_is_passed_over_for_a_reason(tree: Path) -> None:
    dataset = open_folder(tree)
    assert pictures(dataset) == {
        **{"cats/1.png": "cats", "cats/2.png": "cats", "one/only.png": "one", "caf\\xe9/na\\xefve.png": "café"},
        **dict.fromkeys(("dogs/1.png", "dogs/wörk 🐕.png", f"dogs/{LONG}", "dogs/zero.png"), "dogs"),
        "dogs/outside/far.png": "dogs",
    }
    assert {skip.file: skip.reason for skip in dataset.skipped} == {
        "loose.png": "lies outside of the class folders",
        "cats/notes.txt": "isn't a picture by its name",
        "Thumbs.db": "isn't a picture by its name",
        "cats/pipe.png": "isn't a regular file",
        "cats/locked": "may not be read: its permissions don't allow it",
        "cats/loop": "is a link to a folder that was counted already",
        "circle": "can't be read: it leads in a circle",
        "dogs/twice.png": "is a link to a file that was counted already",
        "dogs/gone.png": "is a link that leads nowhere",
        "dogs/null.png": "leads to what isn't a regular file",
        **dict.fromkeys([".DS_Store", "cats/.DS_Store", ".git", "__MACOSX"], "is hidden"),
    }
    assert dataset.rule == "Each folder in pets is a class, with all that lies in it."
    assert "The class empty has no pictures and is left out." in dataset.notices
    assert any("lead out of the folder" in notice and "dogs/outside" in notice for notice in dataset.notices)
    everything = [dataset.rule, *dataset.notices, *(skip.file + skip.reason for skip in dataset.skipped)]
    assert all(text.isprintable() and text.encode() for text in everything)


def test_a_folder_that_may_not_be_read_at_all_is_a_sentence(tree: Path) -> None:
    with pytest.raises(DatasetError, match=r"locked can't be read as a folder of pictures: Permission denied\."):
        open_folder(tree / "cats" / "locked")


def test_one_class_is_said(tree: Path) -> None:
    with pytest.raises(DatasetError, match=r"dogs has training pictures of one class only \(outside: 1\)"):
        open_folder(tree / "dogs")


def test_a_scan_stops_within_one_large_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "REPORT_EVERY", 50)
    folder = tmp_path / "cats"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number}.png").touch()
    seen: list[int] = []

    def cancel(done: int, total: int) -> None:
        seen.append(done)
        if done:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        open_folder(tmp_path, cancel)
    assert seen[-1] == 50
