"""What a person decides about a dataset: carried out without losing a picture, kept, undone."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_desktop.core.errors import BadInputError, DatasetError
from cnn_desktop.core.paths import decisions_dir
from cnn_desktop.data.dataset import ArraySplit, Dataset, SplitName, Splits
from cnn_desktop.data.decisions import DecisionBook, Decisions, SplitPlan, decided, split_plan
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.data.sets.folder import open_folder
from tests.unit.data.conftest import Maker

CLASSES = ("cats", "dogs", "birds")


def dataset(train: list[int], validation: list[int] | None = None, test: list[int] | None = None) -> Dataset:
    """Pictures of one pixel, which holds the picture's number in its split."""

    def split(labels: list[int], origin: SplitName) -> ArraySplit:
        return ArraySplit(np.arange(len(labels), dtype=np.uint8).reshape(-1, 1, 1, 1), np.array(labels, int), origin)

    named: dict[SplitName, list[int] | None] = {"train": train, "validation": validation, "test": test}
    splits: Splits = {name: split(labels, name) for name, labels in named.items() if labels is not None}
    return Dataset("pets", "Pets", CLASSES, 1, (1, 1), splits)


def contents(shown: Dataset) -> dict[str, tuple[str, str]]:
    """Split and class of each picture."""
    return {
        key: (name, shown.classes[label])
        for name, split in shown.splits.items()
        for key, label in zip(split.all_keys(), split.labels, strict=True)
    }


def test_what_is_left_out_moved_and_renamed_is_what_is_shown() -> None:
    found = dataset([0, 0, 1, 1, 2], test=[0, 2])
    decisions = Decisions().without(["train 1"], "blurred").with_class(["train 2", "test 1"], "cats")
    decisions = decisions.with_name("birds", "owls").with_class(["train 3"], "fish")
    shown = decided(found, decisions)
    assert shown.classes == ("cats", "owls", "fish")
    assert contents(shown) == {
        "train 0": ("train", "cats"),
        "train 2": ("train", "cats"),
        "train 3": ("train", "fish"),
        "train 4": ("train", "owls"),
        "test 0": ("test", "cats"),
        "test 1": ("test", "cats"),
    }
    assert shown.notices == (
        "1 picture is left out by your decision.",
        "3 pictures were moved to other classes by you.",
    )
    assert decided(found, Decisions()) is found


def test_pixels_stay_with_their_keys() -> None:
    found = dataset([0, 1, 2, 0, 1, 2], [0, 1, 2], [2, 1, 0])
    plan = split_plan(found, Decisions(), 0.25, 0.25)
    decisions = Decisions().without(["train 2"], "").with_class(["test 1"], "birds").with_split(plan)
    shown = decided(found, decisions)
    for split in shown.splits.values():
        assert isinstance(split, ArraySplit)
        assert [key.split()[1] for key in split.all_keys()] == [str(pixel) for pixel in split.images.ravel()]


def test_classes_with_one_name_are_one_class_at_the_place_of_the_first() -> None:
    shown = decided(dataset([0, 1, 2]), Decisions().with_name("birds", "cats"))
    assert shown.classes == ("cats", "dogs")
    assert shown.splits["train"].labels.tolist() == [0, 1, 0]


def test_names_can_be_exchanged_and_renaming_back_leaves_nothing() -> None:
    decisions = Decisions().with_name("cats", "x").with_name("dogs", "cats").with_name("x", "dogs")
    assert decided(dataset([0, 1, 2]), decisions).classes == ("dogs", "cats", "birds")
    assert Decisions().with_name("cats", "felines").with_name("felines", "cats").renamed.get("cats", "cats") == "cats"


def test_a_moved_picture_follows_its_class_when_that_is_renamed() -> None:
    decisions = Decisions().with_class(["train 0"], "dogs").with_name("dogs", "hounds")
    assert contents(decided(dataset([0, 0, 1]), decisions))["train 0"] == ("train", "hounds")


def test_a_class_that_is_left_out_takes_its_pictures_along_but_for_those_that_were_moved() -> None:
    decisions = Decisions().without_class("dogs").with_class(["train 2"], "cats").with_class(["train 0"], "dogs")
    shown = decided(dataset([0, 0, 1, 1, 2]), decisions)
    assert shown.classes == ("cats", "birds")
    assert contents(shown).keys() == {"train 1", "train 2", "train 4"}
    assert decided(dataset([0, 0, 1, 1, 2]), decisions.with_class_back("dogs")).classes == ("cats", "dogs", "birds")
    with pytest.raises(BadInputError, match="A class dogs is left out"):
        decisions.with_name("cats", "dogs")
    with pytest.raises(BadInputError, match="needs a name"):
        decisions.with_name("cats", "  ")


def test_what_is_taken_back_is_where_it_was_before() -> None:
    moved = Decisions().with_class(["train 0"], "dogs")
    assert moved.without(["train 0", "train 1"], "twice").with_back(["train 0", "train 1"]) == moved
    assert moved.with_back(["train 0"]) == Decisions()


def test_keys_that_are_gone_are_passed_over() -> None:
    plan = SplitPlan(validation=0.5, test=0, seed=0, members={"train 0": "validation", "train 99": "test"})
    decisions = Decisions().without(["train 98"], "").with_class(["train 97"], "newts").with_split(plan)
    shown = decided(dataset([0, 1, 2]), decisions)
    assert shown.classes == CLASSES
    assert {name: len(split) for name, split in shown.splits.items()} == {"train": 2, "validation": 1}
    assert shown.notices == ()


_keys = st.sampled_from([f"{split} {number}" for split in ("train", "validation", "test") for number in range(12)])
_names = st.sampled_from([*CLASSES, "fish", "newts"])
_labels = st.lists(st.integers(0, 2), max_size=10)
_decisions = st.builds(
    Decisions,
    renamed=st.dictionaries(_names, _names, max_size=3),
    left_out_classes=st.lists(_names, max_size=1).map(tuple),
    left_out=st.dictionaries(_keys, st.just("why"), max_size=6),
    moved=st.dictionaries(_keys, _names, max_size=6),
    split=st.none()
    | st.builds(
        SplitPlan,
        validation=st.just(0.2),
        test=st.sampled_from([0, 0.2]),
        seed=st.just(0),
        members=st.dictionaries(_keys, st.sampled_from(["validation", "test"]), max_size=9),
    ),
)


@given(_labels, _labels, _labels, _decisions)
@settings(deadline=None)
def test_no_picture_is_lost_or_doubled(
    train: list[int], validation: list[int], test: list[int], decisions: Decisions
) -> None:
    found = dataset(train, validation, test)
    shown = decided(found, decisions)
    keys = [key for split in shown.splits.values() for key in split.all_keys()]
    assert len(keys) == len(set(keys))
    assert "train" in shown.splits
    expected: dict[str, str] = {}
    for key, (_split, name) in contents(found).items():
        final = decisions.moved.get(key, decisions.renamed.get(name, name))
        if key not in decisions.left_out and final not in decisions.left_out_classes:
            expected[key] = final
    assert {key: name for key, (_split, name) in contents(shown).items()} == expected
    assert set(shown.classes) == set(expected.values()) or decisions == Decisions()


# Splits


def test_a_plan_holds_out_the_share_of_every_class_and_is_frozen() -> None:
    found = dataset([0] * 100 + [1] * 50 + [2] * 10)
    plan = split_plan(found, Decisions(), 0.2, 0.1, seed=3)
    shown = decided(found, Decisions().with_split(plan))
    counts = {name: np.bincount(split.labels).tolist() for name, split in shown.splits.items()}
    assert counts == {"train": [70, 35, 7], "validation": [20, 10, 2], "test": [10, 5, 1]}
    more = dataset([0] * 100 + [1] * 50 + [2] * 10 + [0] * 40)
    again = decided(more, Decisions().with_split(plan))
    assert contents(again).items() >= contents(shown).items()
    assert {contents(again)[f"train {number}"][0] for number in range(160, 200)} == {"train"}


def test_a_test_split_stays_where_none_is_asked_for_and_is_divided_anew_where_one_is() -> None:
    found = dataset([0, 1] * 20, validation=[0, 1] * 5, test=[0, 1] * 10)
    kept = decided(found, Decisions().with_split(split_plan(found, Decisions(), 0.2, 0)))
    assert {name: len(split) for name, split in kept.splits.items()} == {"train": 40, "validation": 10, "test": 20}
    assert all(key.startswith("test ") for key in kept.splits["test"].all_keys())
    anew = decided(found, Decisions().with_split(split_plan(found, Decisions(), 0, 0.1)))
    assert {name: len(split) for name, split in anew.splits.items()} == {"train": 63, "test": 7}


def test_a_plan_divides_what_is_shown() -> None:
    found = dataset([0] * 20 + [1] * 20 + [2] * 20)
    decisions = Decisions().without([f"train {number}" for number in range(10)], "").with_name("birds", "dogs")
    shown = decided(found, decisions.with_split(split_plan(found, decisions, 0.5, 0)))
    assert np.bincount(shown.splits["validation"].labels).tolist() == [5, 20]


@pytest.mark.parametrize("shares", [(-0.1, 0), (0, -0.1), (0.5, 0.5), (float("nan"), 0)])
def test_shares_that_leave_nothing_are_refused(shares: tuple[float, float]) -> None:
    with pytest.raises(BadInputError, match="leave pictures to train on"):
        split_plan(dataset([0, 1]), Decisions(), *shares)


# The book


@given(st.lists(_decisions, max_size=6), st.integers(0, 8))
@settings(deadline=None, max_examples=20)
def test_undo_restores_what_was_before(
    tmp_path_factory: pytest.TempPathFactory, changes: list[Decisions], steps: int
) -> None:
    folder = tmp_path_factory.mktemp("books")
    book = DecisionBook.of("digits", folder)
    states = [book.decisions]
    for number, decisions in enumerate(changes):
        if decisions != states[-1]:
            states.append(decisions)
        book.change(f"change {number}", decisions)
    for _step in range(steps):
        title = book.undo_title
        assert book.can_undo == (len(states) > 1)
        assert book.undo() == title
        if len(states) > 1:
            states.pop()
        assert book.decisions == states[-1]
        assert DecisionBook.of("digits", folder).decisions == states[-1]


def test_decisions_are_used_wherever_the_dataset_is_opened(class_folder: Path) -> None:
    before = {path: path.read_bytes() for path in class_folder.rglob("*") if path.is_file()}
    book = DecisionBook.of(str(class_folder))
    book.leave_out(["cats/2.png"], "twice")
    book.move(["cats/10.png"], "dogs")
    book.rename_class("dogs", "hounds")
    shown = open_dataset(f"{class_folder}/../pets")
    assert shown.classes == ("cats", "hounds")
    assert {key: name for key, (_split, name) in contents(shown).items()} == {
        **{"cats/1.png": "cats", "cats/10.png": "hounds"},
        **{"dogs/a.png": "hounds", "dogs/b.jpg": "hounds"},
    }
    assert len(open_dataset(str(class_folder), as_found=True).splits["train"]) == 5
    assert book.undo() == "Rename dogs to hounds"
    assert open_dataset(str(class_folder)).classes == ("cats", "dogs")
    assert {path: path.read_bytes() for path in class_folder.rglob("*") if path.is_file()} == before


def test_registered_datasets_have_a_book_too() -> None:
    DecisionBook.of("digits").leave_out_class("7")
    assert open_dataset("digits").classes == tuple("012345689")


def test_too_little_left_is_said_when_it_is_used(class_folder: Path) -> None:
    DecisionBook.of(str(class_folder)).leave_out_class("dogs")
    with pytest.raises(DatasetError, match="Your decisions leave pets without two classes"):
        open_dataset(str(class_folder))


def test_a_plan_is_kept_and_forgotten(class_folder: Path, make_picture: Maker) -> None:
    for number in range(20, 60):
        make_picture(class_folder / ("cats", "dogs")[number % 2] / f"{number}.png", number)
    book = DecisionBook.of(str(class_folder))
    book.plan_split(open_folder(class_folder), 0.2, 0.1)
    assert {name: len(split) for name, split in open_dataset(str(class_folder)).splits.items()} == {
        **{"train": 32, "validation": 9, "test": 4}
    }
    book.forget_split()
    assert list(open_dataset(str(class_folder)).splits) == ["train"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"format": 2}', b"\xff\xfe", b'{"format": 1, "source": "", "decisions": 3}']
)
def test_a_damaged_file_is_set_aside_and_said(content: bytes, class_folder: Path) -> None:
    book = DecisionBook.of(str(class_folder))
    book.leave_out(["cats/1.png"], "blurred")
    book.file.write_bytes(content)
    shown = open_dataset(str(class_folder))
    assert len(shown.splits["train"]) == 5
    assert "were damaged and don't hold any more" in shown.notices[-1]
    (aside,) = decisions_dir().glob("*.broken-*")
    assert str(aside) in shown.notices[-1]
    assert aside.read_bytes() == content
    assert open_dataset(str(class_folder)).notices == ()


def test_what_cannot_be_kept_does_not_hold(class_folder: Path) -> None:
    book = DecisionBook.of(str(class_folder))
    decisions_dir().parent.mkdir(parents=True)
    decisions_dir().write_bytes(b"a file where the folder should be")
    with pytest.raises(DatasetError, match="can't be kept"):
        book.leave_out(["cats/1.png"], "blurred")
    assert (book.decisions, book.can_undo) == (Decisions(), False)


def test_what_cannot_be_read_is_not_passed_over(unprivileged: tuple[Path, Callable[[], None]]) -> None:
    folder, give_up_rights = unprivileged
    book = DecisionBook.of(str(folder), folder / "books")
    book.leave_out(["cats/a.png"], "blurred")
    assert stat.S_IMODE(folder.stat().st_mode) & 0o005
    book.file.chmod(0)
    give_up_rights()
    with pytest.raises(DatasetError, match="can't be read from"):
        DecisionBook.of(str(folder), folder / "books")


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode on this system")
def test_names_of_any_bytes_have_keys_that_can_be_kept(tmp_path: Path, make_picture: Maker) -> None:
    folder = tmp_path / os.fsdecode(b"pets \xe9")
    for name in (b"cats/caf\xe9.png", b"cats/b.png", "dogs/🐕.png".encode(), b"dogs/d.png"):
        make_picture(folder / os.fsdecode(name))
    book = DecisionBook.of(str(folder))
    book.leave_out(["cats/caf\\xe9.png", "dogs/🐕.png"], "blurred")
    assert open_dataset(str(folder)).splits["train"].all_keys() == ["cats/b.png", "dogs/d.png"]
