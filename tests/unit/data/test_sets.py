"""Every registered dataset, and what happens when one is asked for that isn't there."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import cnn_desktop
from cnn_desktop.core.errors import BadInputError, CancelledError, DatasetError
from cnn_desktop.data.dataset import ArraySplit, datasets
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.data.sets.xo import CrossesAndNoughts

NAMES = ["cifar10", "cifar100", "digits", "fashion_mnist", "folder", "mnist", "xo"]
PUBLISHED = ["cifar10", "cifar100", "fashion_mnist", "mnist"]


def test_all_datasets_are_found() -> None:
    assert sorted(datasets) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_dataset_says_what_it_is(name: str) -> None:
    source = datasets[name]
    assert source.name == name
    assert source.title
    assert source.summary
    assert (source.download_bytes > 0) == (name in PUBLISHED)


@pytest.mark.parametrize("name", ["digits", "xo"])
def test_built_in_datasets_are_whole(name: str, tmp_path: Path) -> None:
    source = datasets[name]
    assert source.is_present(tmp_path)
    dataset = open_dataset(name, tmp_path)
    assert len(dataset.classes) == source.class_count
    assert sum(len(split) for split in dataset.splits.values()) == source.picture_count
    for split_name, split in dataset.splits.items():
        assert split.labels.dtype == np.int64
        assert sorted(set(split.labels)) == list(range(len(dataset.classes)))
        picture = split.picture(len(split) - 1)
        assert (picture.height, picture.width) == dataset.image_size
        assert picture.mode == "L"
        assert split.name(0).startswith(split_name)
    with pytest.raises(DatasetError, match="needs no download"):
        source.download(tmp_path)


def test_digits_are_scikit_learns_in_256_steps(tmp_path: Path) -> None:
    from sklearn.datasets import load_digits

    brightness, labels = load_digits(return_X_y=True)
    dataset = open_dataset("digits", tmp_path)
    assert len(dataset.splits["test"]) == 359
    found: set[tuple[int, bytes]] = set()
    for split in dataset.splits.values():
        assert isinstance(split, ArraySplit)
        assert split.images.max() == 255
        assert np.bincount(split.labels).min() > 0.09 * len(split)
        pictures = zip(split.labels.tolist(), split.images, strict=True)
        found |= {(label, np.rint(image / (255 / 16)).astype(np.uint8).tobytes()) for label, image in pictures}
    assert found == {
        (int(label), row.astype(np.uint8).tobytes()) for row, label in zip(brightness, labels, strict=True)
    }


def test_the_test_digits_are_the_same_every_time(tmp_path: Path) -> None:
    first, again = (open_dataset("digits", tmp_path).splits["test"] for _time in range(2))
    assert isinstance(first, ArraySplit)
    assert isinstance(again, ArraySplit)
    assert (first.images == again.images).all()


@pytest.mark.parametrize("size", [8, 28, 65])
def test_crosses_and_noughts_have_the_size_that_is_asked_for(size: int, tmp_path: Path) -> None:
    dataset = CrossesAndNoughts(size=size, train=30, test=10, seed=1).load(tmp_path)
    train = dataset.splits["train"]
    assert isinstance(train, ArraySplit)
    assert train.images.shape == (30, size, size, 1)
    assert dataset.image_size == (size, size)
    assert np.bincount(train.labels).tolist() == [15, 15]


def test_crosses_and_noughts_are_what_their_labels_say(tmp_path: Path) -> None:
    split = CrossesAndNoughts(train=400, test=2).load(tmp_path).splits["train"]
    assert isinstance(split, ArraySplit)
    ink = split.images[..., 0] > 100
    assert ink.any(axis=(1, 2)).all()
    middles = []
    for picture in ink:
        rows, columns = np.nonzero(picture)
        middles.append(picture[round(rows.mean()), round(columns.mean())])
    crosses = split.labels == dataset_class("X")
    assert np.mean(np.array(middles)[crosses]) > 0.98
    assert np.mean(np.array(middles)[~crosses]) < 0.02


def dataset_class(name: str) -> int:
    return ("X", "O").index(name)


def test_crosses_and_noughts_have_smooth_edges_and_follow_their_seed(tmp_path: Path) -> None:
    def images(seed: int) -> np.ndarray:
        split = CrossesAndNoughts(train=50, test=2, seed=seed).load(tmp_path).splits["train"]
        assert isinstance(split, ArraySplit)
        return split.images

    assert (images(3) == images(3)).all()
    assert (images(3) != images(4)).any()
    between = (images(3) > 60) & (images(3) < 160)
    assert between.mean() > 0.02
    corners = images(3)[:, :2, :2]
    assert 3 < corners.std() < 15  # noise on the ground


def test_drawing_can_be_cancelled(tmp_path: Path) -> None:
    def cancel(done: int, total: int) -> None:
        raise CancelledError("enough")

    with pytest.raises(CancelledError):
        open_dataset("xo", tmp_path, cancel)


@pytest.mark.parametrize("name", PUBLISHED)
def test_an_absent_dataset_names_both_ways_out(name: str, tmp_path: Path) -> None:
    source = datasets[name]
    assert not source.is_present(tmp_path)
    with pytest.raises(DatasetError) as raised:
        open_dataset(name, tmp_path)
    message = str(raised.value)
    assert source.title in message
    assert "choose Download in the window" in message
    assert str(tmp_path) in message
    assert message.endswith(".")


def test_the_data_root_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNN_DESKTOP_DATA", str(tmp_path / "elsewhere"))
    with pytest.raises(DatasetError, match="elsewhere"):
        open_dataset("mnist")


def test_unknown_names_list_near_ones(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"did you mean.*mnist"):
        open_dataset("mnits", tmp_path)


def test_a_path_that_is_not_there_or_a_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="There is no folder"):
        open_dataset(str(tmp_path / "gone"))
    (tmp_path / "pets.zip").touch()
    with pytest.raises(BadInputError, match="is a file"):
        open_dataset(str(tmp_path / "pets.zip"))


def test_the_word_folder_asks_for_a_path(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="path of your folder"):
        open_dataset("folder", tmp_path)
    assert not datasets["folder"].is_present(tmp_path)


def test_listing_datasets_needs_neither_torch_nor_scikit_learn() -> None:
    code = "import sys, cnn_desktop.data.sets; print([name for name in ('torch', 'sklearn') if name in sys.modules])"
    checkout = Path(cnn_desktop.__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", code], cwd=checkout, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_real_mnist(test_data: Path) -> None:
    dataset = open_dataset("mnist", test_data)
    train, test = dataset.splits["train"], dataset.splits["test"]
    assert isinstance(train, ArraySplit)
    assert train.images.shape == (60_000, 28, 28, 1)
    assert len(test) == 10_000
    assert np.bincount(train.labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert round(float(train.images.mean()) / 255, 4) == 0.1307  # the mean that every MNIST script uses


def test_real_cifar10_is_torchvisions(test_data: Path) -> None:
    from torchvision.datasets import CIFAR10

    dataset = open_dataset("cifar10", test_data)
    reference = CIFAR10(str(test_data), train=False)
    test = dataset.splits["test"]
    assert isinstance(test, ArraySplit)
    assert (test.images == reference.data).all()
    assert test.labels.tolist() == reference.targets
    assert list(dataset.classes) == reference.classes
    assert len(dataset.splits["train"]) == 50_000


def test_real_flowers(test_data: Path) -> None:
    dataset = open_dataset(str(test_data / "flowers"))
    assert dataset.classes == ("daisy", "dandelion", "rose", "sunflower", "tulip")
    assert len(dataset.splits["train"]) == 4_317
    assert dataset.image_size is None
    assert dataset.notices == ()
