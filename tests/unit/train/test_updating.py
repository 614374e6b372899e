"""Single updates on a small network: what a step computes."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.data.augment import Mixer
from cnn_desktop.data.dataset import ArraySplit, Dataset
from cnn_desktop.train.randomness import derived_seed
from cnn_desktop.train.setup import Task
from cnn_desktop.train.updating import Updater


def _task(**recipe: Any) -> Task:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64, 3))
    images = np.zeros((4, 6, 6, 1), np.uint8)
    dataset = Dataset(
        "d", "D", ("a", "b", "c"), 1, (6, 6), {"train": ArraySplit(images, np.zeros(4, np.int64), "train")}
    )
    config = RunConfig(
        dataset="d", architecture="mnist_cnn", recipe=Recipe.checked({"optimizer": "sgd", "momentum": 0.0, **recipe})
    )
    facts = Preprocessing.unit_range(6, 6, 1)
    return Task(config, dataset, facts, module, torch.device("cpu"), "fp32")


def _batch(count: int = 12) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    pixels = torch.randint(0, 256, (count, 1, 6, 6), dtype=torch.uint8, generator=generator)
    return pixels, torch.randint(0, 3, (count,), generator=generator)


def _weights(task: Task) -> torch.Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in task.module.parameters()])


@pytest.mark.parametrize("parts", [2, 5, 12, 40])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("mixup", [0.0, 1.0])
def test_a_batch_in_parts_gives_the_same_update(parts: int, weighted: bool, mixup: float) -> None:
    weights = torch.tensor([0.5, 1.0, 3.0]) if weighted else None
    results = []
    augmentation = {"horizontal_flip": True, "crop_padding": 1, "erasing": 0.5, "brightness": 0.2, "mixup": mixup}
    for accumulation in (1, parts):
        task = _task(accumulation=accumulation, augmentation=augmentation, label_smoothing=0.1)
        update = Updater(task, weights).update(*_batch(), step=3, rate=0.1)
        results.append((_weights(task), update))
    (one, whole), (other, split) = results
    torch.testing.assert_close(one, other)
    torch.testing.assert_close(whole.loss, split.loss)
    assert whole.hits == split.hits and whole.count == split.count == 12


def test_class_weights_and_smoothing_are_those_of_torch() -> None:
    task = _task(label_smoothing=0.1)
    weights = torch.tensor([0.5, 1.0, 3.0])
    pixels, labels = _batch()
    expected = nn.functional.cross_entropy(task.module(pixels / 255), labels, weights, label_smoothing=0.1)
    torch.testing.assert_close(Updater(task, weights).update(pixels, labels, 0, 0.1).loss, expected.detach())


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_mixed_pictures_are_to_be_both_classes(weighted: bool, smoothing: float) -> None:
    task = _task(label_smoothing=smoothing, augmentation={"mixup": 1.0, "cutmix": 1.0})
    weights = torch.tensor([0.5, 1.0, 3.0]) if weighted else None
    pixels, labels = _batch()
    generator = torch.Generator().manual_seed(derived_seed(task.config.seed, "augmentation", 5))
    mixed, targets = Mixer(task.recipe.augmentation, 3)(pixels / 255, labels, generator)
    logits = task.module(mixed).detach()
    # By hand: each picture's loss is that for both classes, by their shares; both weigh by their shares too.
    singly = [
        nn.functional.cross_entropy(logits, torch.full((12,), of), weights, reduction="none", label_smoothing=smoothing)
        for of in range(3)
    ]
    whole = targets.sum() if weights is None else (targets * weights).sum()
    expected = (targets * torch.stack(singly, dim=1)).sum() / whole
    found = Updater(task, weights).update(pixels, labels, 5, 0.1)
    torch.testing.assert_close(found.loss, expected)
    assert found.hits == (logits.argmax(1) == labels).sum()


def test_gradients_are_scaled_down_to_the_largest_norm() -> None:
    free, clipped = _task(), _task(clip_norm=0.01)
    start = _weights(free)
    norm = Updater(free).update(*_batch(), step=0, rate=1.0, with_norm=True).gradient_norm
    told = Updater(clipped).update(*_batch(), step=0, rate=1.0).gradient_norm
    assert norm is not None and told is not None and norm > 0.01
    torch.testing.assert_close(norm, (_weights(free) - start).norm())  # plain SGD at rate 1 moves by the gradient
    torch.testing.assert_close(told, norm)
    torch.testing.assert_close((_weights(clipped) - start).norm(), torch.tensor(0.01), rtol=1e-3, atol=0)
    assert Updater(_task()).update(*_batch(), step=0, rate=1.0).gradient_norm is None


def test_a_state_that_was_kept_goes_on_to_the_same_weights() -> None:
    def updated(cut: bool) -> tuple[torch.Tensor, torch.Tensor]:
        task = _task(optimizer="adam", ema_decay=0.9)
        updater = Updater(task)
        for step in range(6):
            if cut and step == 3:
                weights, facts = task.module.state_dict(), updater.facts()
                tensors = {name: tensor.clone() for name, tensor in updater.tensors().items()}
                task = _task(optimizer="adam", ema_decay=0.9)
                task.module.load_state_dict(weights)
                updater = Updater(task)
                updater.load(facts, tensors)
            updater.update(*_batch(), step=step, rate=0.01)
        with updater.averaged():
            average = _weights(task)
        return _weights(task), average

    for whole, cut in zip(updated(cut=False), updated(cut=True), strict=True):
        assert torch.equal(whole, cut)


def test_the_average_is_taken_and_applied() -> None:
    task = _task(ema_decay=0.9)
    updater = Updater(task)
    for step in range(5):
        updater.update(*_batch(), step=step, rate=0.5)
    newest = _weights(task)
    with updater.averaged():
        assert not torch.equal(_weights(task), newest)
    assert torch.equal(_weights(task), newest)


def test_everything_moves_off_the_device() -> None:
    task = _task(optimizer="adam", ema_decay=0.9)
    updater = Updater(task)
    updater.update(*_batch(), step=0, rate=0.1)
    updater.move_to(torch.device("meta"))
    tensors = [*task.module.parameters(), *task.module.buffers(), *updater.tensors().values()]
    assert len(tensors) > 12 and all(tensor.device.type == "meta" for tensor in tensors)
    assert all(parameter.grad is None for parameter in task.module.parameters())
