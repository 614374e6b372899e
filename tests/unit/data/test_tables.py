"""Folders in which a table says the class of each picture."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.data.dataset import Dataset, FileSplit
from cnn_desktop.data.importing import table_file
from cnn_desktop.data.importing.table_file import read_rows
from cnn_desktop.data.sets.folder import open_folder
from tests.unit.data.conftest import Maker

PICTURES = ("1.png", "2.png", "3.png", "4.png")


@pytest.fixture
def flat(tmp_path: Path, make_picture: Maker) -> Path:
    """Four pictures and no folder."""
    folder = tmp_path / "pets"
    for seed, name in enumerate(PICTURES):
        make_picture(folder / name, seed)
    return folder


def contents(dataset: Dataset) -> dict[str, dict[str, str]]:
    """The class of every file, by split."""
    found: dict[str, dict[str, str]] = {}
    for name, split in dataset.splits.items():
        assert isinstance(split, FileSplit)
        found[name] = {key: dataset.classes[label] for key, label in zip(split.all_keys(), split.labels, strict=True)}
    return found


def skipped(dataset: Dataset) -> dict[str, str]:
    return {skip.file: skip.reason for skip in dataset.skipped}


TRUTH = {"1.png": "cat", "2.png": "dog", "3.png": "cat", "4.png": "dog"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("labels.csv", "file,label\n1.png,cat\n2.png,dog\n3.png,cat\n4.png,dog\n"),
        ("labels.csv", "1.png,cat\r\n2.png,dog\r\n3.png,cat\r\n4.png,dog"),
        ("labels.tsv", "file\tlabel\n1.png\tcat\n2.png\tdog\n3.png\tcat\n4.png\tdog\n"),
        ("LABELS.CSV", "label;file\ncat;1.png\ndog;2.png\n\n;\ncat;3.png\ndog;4.png\n"),
        ("labels.csv", 'file,label\n"1.png","cat"\n"2.png","dog"\n" 3.png ", cat \n./4.png,dog\n'),
        ("labels.csv", "\ufefffile,label\n1.png,cat\n2.png,dog\n3.png,cat\n4.png,dog\n"),
        ("labels.csv", "sep=;\r\nfile;label\r\n1.png;cat\r\n2.png;dog\r\n3.png;cat\r\n4.png;dog\r\n"),
        ("labels.csv", "id,label\n1,cat\n2,dog\n3,cat\n4,dog\n"),
        ("labels.csv", "n,file_name,class id,class name,width\n" + "".join(
            f"{number},{file},{label == 'dog':d},{label},{number * 7}\n"
            for number, (file, label) in enumerate(TRUTH.items(), start=1)
        )),
        ("labels.csv", 'file|label|note\n1.png|cat|"a\nb, c"\n2.png|dog|\n3.png|cat|\n4.png|dog|x\n'),
        ("labels.csv", "file,label\n1.png,cat\n2.png,dog\n3.png,cat\n4.png,dog\n1.png,cat\n"),
    ],
)  # fmt: skip
def test_a_table_gives_the_classes(name: str, text: str, flat: Path) -> None:
    (flat / name).write_text(text, newline="")
    dataset = open_folder(flat)
    assert dataset.classes == ("cat", "dog")
    assert contents(dataset) == {"train": TRUTH}
    assert dataset.notices == ()
    assert dataset.skipped == ()
    assert dataset.rule.startswith(f"{name} gives the class of each picture: column ")
    assert dataset.splits["train"].picture(3).size == (12, 9)


def test_numbers_that_are_stems_of_files_by_chance_are_no_files(flat: Path) -> None:
    (flat / "labels.csv").write_text("label,id\n1,1\n2,2\n1,3\n2,4\n")
    assert contents(open_folder(flat)) == {"train": {"1.png": "1", "2.png": "2", "3.png": "1", "4.png": "2"}}


def test_the_rule_names_the_columns(flat: Path) -> None:
    lines = [f"{file},{label},{split}" for (file, label), split in zip(TRUTH.items(), "aaaa", strict=True)]
    (flat / "labels.csv").write_text("\n".join(["image,species,batch", *lines]))
    assert open_folder(flat).rule == (
        "labels.csv gives the class of each picture: column “image” names the file, column “species” the class."
    )
    (flat / "labels.csv").write_text("\n".join(line.rsplit(",", 1)[0] for line in lines))
    assert open_folder(flat).rule == (
        "labels.csv gives the class of each picture: column 1 names the file, column 2 the class."
    )


def test_a_column_gives_the_splits(flat: Path) -> None:
    rows = ["1.png,cat,train", "2.png,dog,", "3.png,cat,Valid", "4.png,dog,TEST"]
    for head in ("file,label,split\n", "file,label,what\n", ""):
        (flat / "labels.csv").write_text(head + "\n".join(rows))
        dataset = open_folder(flat)
        assert contents(dataset) == {
            **{"train": {"1.png": "cat", "2.png": "dog"}, "validation": {"3.png": "cat"}, "test": {"4.png": "dog"}}
        }
        assert "the split." in dataset.rule
    (flat / "labels.csv").write_text("file,label,split\n" + "\n".join([*rows[:3], "4.png,dog,extra"]))
    assert skipped(open_folder(flat)) == {"4.png": "has a split in labels.csv, line 5 that isn't known"}


def test_tables_that_are_called_like_splits_are_splits(flat: Path) -> None:
    (flat / "train_labels.csv").write_text("id,label\n1,cat\n2,dog\n")
    (flat / "test_labels.csv").write_text("id,label\n3,cat\n4,dog\n")
    (flat / "sample_submission.csv").write_text("id,label\n3,cat\n4,cat\n1,cat\n2,cat\n")
    dataset = open_folder(flat)
    assert contents(dataset) == {"train": {"1.png": "cat", "2.png": "dog"}, "test": {"3.png": "cat", "4.png": "dog"}}
    assert skipped(dataset) == {"sample_submission.csv": "isn't a picture by its name"}


def test_pictures_may_lie_in_folders_below(tmp_path: Path, make_picture: Maker) -> None:
    for name in ("images/train/1.png", "images/train/2.png", "images/test/3.png", "images/test/4.png"):
        make_picture(tmp_path / name)
    (tmp_path / "labels.csv").write_text(
        "file,label\n1.png,cat\n2.png,dog\nimages/test/3.png,cat\nimages\\test\\4.png,dog\n"
    )
    assert contents(open_folder(tmp_path)) == {
        "train": {"images/train/1.png": "cat", "images/train/2.png": "dog"},
        "test": {"images/test/3.png": "cat", "images/test/4.png": "dog"},
    }


def test_a_table_in_the_only_folder_is_found(flat: Path) -> None:
    (flat / "labels.csv").write_text("1.png,cat\n2.png,dog\n3.png,cat\n4.png,dog\n")
    dataset = open_folder(flat.parent)
    assert contents(dataset) == {"train": {f"pets/{file}": label for file, label in TRUTH.items()}}
    assert dataset.rule.startswith("pets/labels.csv gives")


def test_class_folders_come_before_tables(class_folder: Path) -> None:
    (class_folder / "labels.csv").write_text("file,label\ncats/1.png,x\ncats/2.png,y\n")
    dataset = open_folder(class_folder)
    assert dataset.classes == ("cats", "dogs")
    assert skipped(dataset) == {"labels.csv": "isn't a picture by its name"}


def test_every_line_that_leads_nowhere_and_every_picture_that_is_not_named_is_said(flat: Path) -> None:
    (flat.parent / "secret.png").write_bytes(b"")
    (flat / "sub").mkdir()
    lines = [
        *("file,label", "1.png,cat", "2.png,dog", "gone.png,cat", "sub/3.png,cat", "../secret.png,dog"),
        *(f"{flat.parent}/secret.png,dog", "C:\\pets\\4.png,cat", "~/4.png,cat", "4.png,", "1.png"),
        *(f"{flat}/2.png,dog",),
    ]
    (flat / "labels.csv").write_text("\n".join(lines))
    dataset = open_folder(flat)
    assert contents(dataset) == {"train": {"1.png": "cat", "2.png": "dog"}}
    assert skipped(dataset) == {
        "gone.png": "is named in labels.csv, line 4, but isn't there",
        "sub/3.png": "is named in labels.csv, line 5, but isn't there",
        "../secret.png": "is named in labels.csv, line 6, but leads out of the folder",
        f"{flat.parent}/secret.png": "is named in labels.csv, line 7, but leads out of the folder",
        "C:\\pets\\4.png": "is named in labels.csv, line 8, but leads out of the folder",
        "~/4.png": "is named in labels.csv, line 9, but leads out of the folder",
        "4.png": "has no class in labels.csv, line 10",
        "labels.csv, line 11": "has fewer columns than it should",
        "3.png": "isn't named in labels.csv",
    }
    assert dataset.notices == (
        "8 lines of labels.csv name no picture that can be used.",
        "1 picture that labels.csv doesn't name is left out.",
    )


def test_a_picture_with_two_classes_has_none(flat: Path) -> None:
    (flat / "labels.csv").write_text("1.png,cat\n2.png,dog\n3.png,cat\n3.png,dog\n3.png,cat\n4.png,dog\n")
    dataset = open_folder(flat)
    assert "3.png" not in contents(dataset)["train"]
    assert skipped(dataset) == {"3.png": "is given two classes or splits, the second in labels.csv, line 4"}


def test_a_name_that_two_files_have_is_no_path(tmp_path: Path, make_picture: Maker) -> None:
    for name in ("a/1.png", "a/2.png", "a/x.png", "b/x.png"):
        make_picture(tmp_path / "images" / name)
    (tmp_path / "labels.csv").write_text("file,label\n1.png,cat\n2.png,dog\nx.png,cat\n")
    (tmp_path / "images" / "b").rename(tmp_path / "images" / "a" / "b")
    dataset = open_folder(tmp_path)
    assert skipped(dataset)["x.png"] == "is named in labels.csv, line 4, but isn't there"


def test_a_table_whose_pictures_are_elsewhere_says_so(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("file,label\n1.png,cat\n2.png,dog\n")
    with pytest.raises(DatasetError, match="has no pictures"):
        open_folder(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("file,weight,height\n1.png,3,4\n2.png,5,6\n3.png,5,7\n", "has the columns file, weight, height, and none"),
        ("1.png,3,4\n2.png,5,6\n3.png,5,7\n", "has 3 columns without names; write a first line"),
    ],
)
def test_a_table_whose_classes_cannot_be_told_says_what_to_do(text: str, words: str, flat: Path) -> None:
    (flat / "labels.csv").write_text(text)
    with pytest.raises(DatasetError, match=f"labels.csv {words}"):
        open_folder(flat)


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"a,b\n7,8\n", b"file\n1.png\n2.png\n", b"\x00" * 500, b"words only"]
)
def test_a_table_that_is_about_something_else_is_passed_over(content: bytes, flat: Path) -> None:
    (flat / "notes.csv").write_bytes(content)
    with pytest.raises(DatasetError, match=r"has 4 pictures but no class folders; .* or a table"):
        open_folder(flat)


def test_a_table_that_is_too_large_or_no_text_is_said(flat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (flat / "labels.csv").write_bytes(b'file,label\n1.png,"' + b"x" * 200_000)
    with pytest.raises(DatasetError, match="isn't a table that can be read; save it as CSV"):
        open_folder(flat)
    (flat / "labels.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DatasetError, match="isn't a table that can be read"):
        open_folder(flat)
    monkeypatch.setattr(table_file, "MAX_TABLE_BYTES", 2)
    with pytest.raises(DatasetError, match="is larger than 2 B"):
        open_folder(flat)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_of_other_languages_arrive_whole(encoding: str, flat: Path, make_picture: Maker) -> None:
    make_picture(flat / "Rüde.png")
    (flat / "labels.csv").write_text("Datei;label\n1.png;Kätzchen\nRüde.png;Hündin\n", encoding=encoding)
    assert contents(open_folder(flat)) == {"train": {"1.png": "Kätzchen", "Rüde.png": "Hündin"}}


@pytest.mark.skipif(os.name == "nt", reason="links need rights here")
def test_a_table_leads_nowhere_by_links_either(flat: Path, make_picture: Maker) -> None:
    outside = make_picture(flat.parent / "elsewhere" / "far.png")
    (flat / "loop").symlink_to(flat)
    (flat / "gone.png").symlink_to("nowhere.png")
    (flat / "labels.csv").write_text(
        f"file,label\n1.png,cat\n2.png,dog\nloop/3.png,cat\ngone.png,cat\n{outside},dog\nloop/../../elsewhere/far.png,cat\n"
    )
    assert contents(open_folder(flat)) == {"train": {"1.png": "cat", "2.png": "dog"}}


_cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(st.lists(st.lists(_cells, min_size=1, max_size=4), max_size=8), st.sampled_from(",;\t|"))
@settings(deadline=None, max_examples=30)
def test_any_text_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "labels.csv").write_bytes("\n".join(delimiter.join(row) for row in rows).encode())
    try:
        assert all(any(row.cells) for row in read_rows(folder / "labels.csv"))
        open_folder(folder)
    except DatasetError as error:
        assert "\n" not in str(error)
