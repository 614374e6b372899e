"""What is found before the start; where it says that a run would fail, it does."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.dataset import ArraySplit, Dataset, Splits
from cnn_desktop.models.architecture import architectures
from cnn_desktop.models.freezing import set_frozen
from cnn_desktop.train.control import Control
from cnn_desktop.train.planning.checks import problems, require_trainable
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.task import Task
from cnn_desktop.train.trainer import train
from cnn_desktop.train.updating import Updater


def _split(counts: list[int], side: int) -> ArraySplit:
    labels = np.repeat(np.arange(len(counts)), counts)
    return ArraySplit(np.zeros((len(labels), side, side, 1), dtype=np.uint8), labels, "train")


def _task(
    counts: list[int],
    *,
    architecture: str = "mnist_cnn",
    side: int = 8,
    validation: bool = True,
    dataset: str = "digits",
    config: dict[str, Any] | None = None,
    **recipe: Any,
) -> Task:
    classes = tuple("abcdefghij"[: len(counts)])
    splits: Splits = {"train": _split(counts, side)}
    if validation:
        splits = {**splits, "validation": _split([1] * len(counts), side)}
    module = architectures[architecture].build(len(classes), 1, (side, side))
    wanted = default_config(dataset, architecture, **(config or {}))
    wanted = wanted.changed(recipe=wanted.recipe.changed(**{"augmentation": Augmentation(), **recipe}))
    found = Dataset("d", "D", classes, 1, (side, side), splits)
    return Task(wanted, found, Preprocessing.unit_range(side, side, 1), module, torch.device("cpu"), "fp32")


def _stopping(task: Task) -> list[str]:
    found = problems(task)
    if any(problem.stops for problem in found):
        with pytest.raises(BadInputError):
            require_trainable(task)
    else:
        require_trainable(task)
    return [problem.sentence for problem in found if problem.stops]


def _warnings(task: Task) -> list[str]:
    found = problems(task)
    assert not any(problem.stops for problem in found)
    return [problem.sentence for problem in found]


@pytest.mark.parametrize("name", list(architectures))
def test_what_an_architecture_recommends_is_in_order(name: str) -> None:
    for dataset in ("digits", "cifar10"):
        recipe = default_config(dataset, name).recipe
        task = _task([200, 200], side=32, dataset=dataset, **recipe.model_dump())
        assert not problems(task)


def _fails(task: Task, count: int) -> bool:
    """Whether a batch of `count` can't be trained on."""
    task.module.train()
    pixels = torch.zeros(count, 1, task.preprocessing.height, task.preprocessing.width, dtype=torch.uint8)
    try:
        Updater(task).update(pixels, torch.zeros(count, dtype=torch.int64), 0, 0.01)
    except ValueError as error:
        assert "more than 1 value" in str(error)
        return True
    return False


@pytest.mark.parametrize(
    ("pictures", "batch_size", "parts", "stops"),
    [
        (40, 8, 1, False),
        (41, 8, 1, False),  # the last picture, alone, is left out
        (40, 1, 1, True),
        (40, 8, 4, False),
        (40, 8, 8, True),
        (40, 7, 2, False),  # 4 + 3, and at last 3 + 2
        (40, 37, 2, True),  # the last 3 pictures as 2 + 1
        (40, 9, 4, True),  # 3 + 3 + 3, but the last 4 pictures one by one
        (40, 5, 2, False),
    ],
)
def test_batch_norm_never_gets_a_picture_alone(pictures: int, batch_size: int, parts: int, stops: bool) -> None:
    task = _task(
        [pictures // 2, pictures - pictures // 2], architecture="resnet9", batch_size=batch_size, accumulation=parts
    )
    assert bool(_stopping(task)) == stops
    assert not _stopping(_task([20, 20], batch_size=batch_size, accumulation=parts))  # has no batch norm


def test_a_picture_alone_does_fail() -> None:
    task = _task([20, 20], architecture="resnet9", batch_size=1)
    assert "batch size of 2" in _stopping(task)[0]
    assert _fails(task, 1) and not _fails(task, 2)
    parted = _task([20, 20], architecture="resnet9", batch_size=8, accumulation=8)
    assert "fewer parts" in _stopping(parted)[0]
    assert _fails(parted, 8)


def test_frozen_batch_norms_take_pictures_alone_until_they_learn() -> None:
    task = _task([20, 20], architecture="resnet9", batch_size=1, config={"freeze": 7})
    set_frozen(task.module, 7)
    assert not _stopping(task) and not _fails(task, 1)
    learning_later = _task([20, 20], architecture="resnet9", batch_size=1, unfreeze_every=1.0, config={"freeze": 7})
    set_frozen(learning_later.module, 7)
    assert _stopping(learning_later)


def test_pictures_that_are_too_small() -> None:
    task = _task([9, 9], architecture="mnist_cnn", side=8)
    small = Task(task.config, task.dataset, Preprocessing.unit_range(2, 2, 1), task.module, task.device, "fp32")
    assert "4×4 pixels or more" in _stopping(small)[0]


def test_too_few_classes() -> None:
    task = _task([9, 9])
    one = Dataset("d", "D", ("a",), 1, (8, 8), {"train": _split([9], 8)})
    replaced = Task(task.config, one, task.preprocessing, task.module, task.device, "fp32")
    assert "two classes or more" in _stopping(replaced)[0]
    assert "one class (b)" in _stopping(_task([0, 9]))[0]
    assert "no training pictures" in _stopping(_task([0, 0]))[0]


def test_all_layers_frozen() -> None:
    task = _task([9, 9])
    task.module.requires_grad_(False)
    assert "All layers are frozen" in _stopping(task)[0]


def test_classes_with_too_few_pictures_are_named() -> None:
    quiet: dict[str, Any] = {"batch_size": 4}
    assert not _warnings(_task([9, 9, 9], **quiet))
    assert _warnings(_task([9, 0, 9], **quiet)) == [
        "Without training pictures, the network can't learn b: add some, or leave that out."
    ]
    weighted = _warnings(_task([9, 0, 9], class_weights="balanced", **quiet))
    assert len(weighted) == 2 and "Class weights" in weighted[1]
    assert "2 classes have one training picture only" in _warnings(_task([1, 9, 1], **quiet))[0]
    assert "(a, b, c, d, e, …)" in _warnings(_task([1] * 6 + [9], **quiet))[0]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"early_stopping": 3, "validation": False}, "needs validation pictures"),
        ({"early_stopping": 9}, "can't happen"),
        ({"unfreeze_every": 1.0}, "none to unfreeze"),
        ({"nesterov": True, "momentum": 0.0}, "Nesterov changes nothing"),
        ({"nesterov": True, "optimizer": "adam", "learning_rate": 1e-3}, "Nesterov changes nothing"),
        ({"learning_rate": 1e6}, "so high for SGD that training will fail; try 0.01"),
        ({"learning_rate": 0.5, "optimizer": "adam"}, "so high for Adam that training will fail; try 0.001"),
        ({"learning_rate": 1e-8}, "so low"),
        ({"label_smoothing": 0.9}, "Label smoothing"),
        ({"warmup_epochs": 10}, "warm-up"),
        ({"batch_size": 512}, "more than the 40 training pictures"),
        ({"augmentation": Augmentation(crop_padding=4)}, "Random crops"),
        ({"augmentation": Augmentation(horizontal_flip=True)}, "Mirrored, a picture of D"),
        ({"augmentation": Augmentation(vertical_flip=True)}, "Mirrored, a picture of D"),
        ({"augmentation": Augmentation(translation=0.7)}, "up to 70 % of their side"),
    ],
)
def test_settings_that_mislead(settings: dict[str, Any], words: str) -> None:
    task = _task([20, 20], **{"batch_size": 8, "momentum": 0.9, "epochs": 10, **settings})
    assert [sentence for sentence in _warnings(task) if words in sentence] == _warnings(task)
    assert len(_warnings(task)) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"early_stopping": 8},
        {"early_stopping": 3},
        {"unfreeze_every": 1.0, "config": {"freeze": 1}},
        {"nesterov": True},
        {"learning_rate": 0.3},
        {"learning_rate": 1e-5, "optimizer": "adam"},
        {"label_smoothing": 0.1},
        {"warmup_epochs": 2},
        {"augmentation": Augmentation(crop_padding=2)},
        {"augmentation": Augmentation(translation=0.3, mixup=0.2)},
        {"augmentation": Augmentation(horizontal_flip=True), "dataset": "xo"},
        {"augmentation": Augmentation(horizontal_flip=True), "dataset": "a folder"},
    ],
)
def test_settings_that_are_meant(settings: dict[str, Any]) -> None:
    assert not _warnings(_task([20, 20], **{"batch_size": 8, "epochs": 10, **settings}))


def _folder(place: Path, counts: dict[str, int]) -> Path:
    for name, count in counts.items():
        (place / name).mkdir(parents=True)
        for number in range(count):
            Image.new("RGB", (32, 32), (number, 0, 0)).save(place / name / f"{number}.png")
    return place


def test_training_is_refused_before_its_folder_exists(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "pictures", {"cats": 3, "dogs": 3})
    config = RunConfig(
        dataset=str(folder),
        architecture="resnet9",
        recipe=architectures["resnet9"].recipe.changed(batch_size=1, epochs=1),
        device="cpu",
        precision="fp32",
        run_dir=tmp_path / "run",
    )
    with pytest.raises(BadInputError, match="batch size of 2"):
        list(train(config, Control()))
    assert not (tmp_path / "run").exists()


def test_what_is_recommended_for_digits_mirrors_none() -> None:
    for dataset in ("digits", "mnist", "cifar10", "fashion_mnist", "a folder"):
        augmentation = default_config(dataset, "resnet9").recipe.augmentation
        assert augmentation.horizontal_flip == (dataset not in {"digits", "mnist"}), dataset
        assert augmentation.crop_padding == 3


def test_what_is_proven_on_a_dataset_is_recommended_there() -> None:
    usual, proven = default_config("cifar100", "resnet9").recipe, default_config("cifar10", "resnet9").recipe
    assert (usual.norm_bias_rate, proven.norm_bias_rate) == (4, 64)
    assert proven.changed(norm_bias_rate=4) == usual == architectures["resnet9"].recipe
