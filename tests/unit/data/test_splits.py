"""Validation parts: stratified, seeded, never emptying a class."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.data.dataset import ArraySplit, Dataset, Splits
from cnn_desktop.data.splits import stratified, with_validation


def dataset(counts: list[int], *, validation: bool = False) -> Dataset:
    labels = np.repeat(np.arange(len(counts)), counts)
    images = np.arange(len(labels), dtype=np.uint8).reshape(-1, 1, 1, 1)
    train = ArraySplit(images, labels, "train")
    splits: Splits = {"train": train, "validation": train.subset(np.array([0]))} if validation else {"train": train}
    return Dataset("d", "D", tuple(map(str, range(len(counts)))), 1, (1, 1), splits)


def test_every_class_gives_its_share() -> None:
    parts = with_validation(dataset([100, 50, 10]), 0.2, seed=0)
    assert np.bincount(parts.splits["validation"].labels).tolist() == [20, 10, 2]
    assert np.bincount(parts.splits["train"].labels).tolist() == [80, 40, 8]


def test_no_picture_is_lost_or_in_both_parts_and_labels_stay_with_their_pictures() -> None:
    whole = dataset([30, 20, 5])
    parts = with_validation(whole, 0.25, seed=3)
    seen = {}
    for name in ("train", "validation"):
        split = parts.splits[name]
        assert isinstance(split, ArraySplit)
        seen[name] = dict(zip(split.images.ravel().tolist(), split.labels.tolist(), strict=True))
    assert seen["train"].keys().isdisjoint(seen["validation"])
    assert seen["train"] | seen["validation"] == dict(enumerate(whole.splits["train"].labels.tolist()))


def test_the_same_seed_gives_the_same_parts_and_another_seed_others() -> None:
    first, again, other = (with_validation(dataset([50, 50]), 0.1, seed).splits["validation"] for seed in (0, 0, 1))
    assert first.name(0) == again.name(0)
    names = [[split.name(index) for index in range(len(split))] for split in (first, again, other)]
    assert names[0] == names[1] != names[2]


def test_pictures_keep_their_keys() -> None:
    split = with_validation(dataset([10, 10]), 0.5, seed=0).splits["validation"]
    assert isinstance(split, ArraySplit)
    assert split.all_keys() == [f"train {number}" for number in split.images.ravel()]
    assert split.name(0) == split.key(0).replace("train", "training")


def test_a_dataset_with_validation_keeps_its_own_and_nothing_changes_at_0() -> None:
    whole = dataset([10, 10], validation=True)
    assert with_validation(whole, 0.5, seed=0) is whole
    whole = dataset([10, 10])
    assert with_validation(whole, 0, seed=0) is whole


def test_pictures_that_come_or_go_move_hardly_any_other() -> None:
    def validation(counts: list[int]) -> set[str]:
        return set(with_validation(dataset(counts), 0.2).splits["validation"].all_keys())

    assert len(validation([100, 100]) ^ validation([100, 100, 20])) <= 6
    whole = dataset([100, 100])
    fewer = replace(whole, splits={"train": whole.splits["train"].subset(np.arange(3, 200))})
    without = set(with_validation(fewer, 0.2).splits["validation"].all_keys())
    assert len(validation([100, 100]) ^ without) <= 3


def test_too_few_pictures_are_said() -> None:
    parts = with_validation(dataset([1, 1]), 0.1, seed=0)
    assert "validation" not in parts.splits
    assert "too few pictures" in parts.notices[-1]


@pytest.mark.parametrize("fraction", [-0.1, 1, 1.5, float("nan")])
def test_a_share_that_is_none_is_refused(fraction: float) -> None:
    with pytest.raises(BadInputError, match="at least 0 and below 1"):
        with_validation(dataset([10, 10]), fraction, seed=0)


@given(
    labels=st.lists(st.integers(0, 6), min_size=1, max_size=200),
    fraction=st.floats(0.01, 0.99),
    seed=st.integers(0, 2**32),
)
def test_parts_are_whole_disjoint_and_never_empty_a_class(labels: list[int], fraction: float, seed: int) -> None:
    array = np.array(labels)
    kept, held_out = stratified(array, fraction, seed)
    assert sorted([*kept, *held_out]) == list(range(len(labels)))
    assert set(array[kept]) == set(labels)
    classes, counts = np.unique(array, return_counts=True)
    for label, count in zip(classes, counts, strict=True):
        taken = int((array[held_out] == label).sum())
        assert abs(taken - count * fraction) < 1 + 1e-9
    assert len(held_out) <= round(len(labels) * fraction)
