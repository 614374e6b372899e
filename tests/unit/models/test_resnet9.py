"""The default network: shortcuts that are shortcuts, any size of picture, and quick learning."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from torch.nn import functional

from cnn_desktop.models.architecture import architectures, build
from cnn_desktop.models.archs.resnet9 import Residual


def test_residual_adds_to_its_input() -> None:
    block = Residual(4, 2).eval()
    maps = torch.rand(1, 4, 5, 5)
    with torch.no_grad():
        torch.nn.init.zeros_(block.get_submodule("conv2").weight)
    assert block(maps).equal(maps)


@pytest.mark.parametrize("size", [(9, 10), (33, 47), (128, 64)])
def test_one_network_takes_any_size(size: tuple[int, int]) -> None:
    module = build("resnet9", 5, 3, (32, 32)).eval()
    with torch.inference_mode():
        assert module(torch.rand(1, 3, *size)).shape == (1, 5)


def test_learns_handwritten_digits_in_two_epochs() -> None:
    torch.manual_seed(0)
    pictures, labels = load_digits(return_X_y=True)
    data = torch.from_numpy((pictures / 16).astype(np.float32)).reshape(-1, 1, 8, 8)
    targets = torch.from_numpy(labels).long()
    recipe = architectures["resnet9"].recipe
    module = build("resnet9", 10, 1, (8, 8)).train()
    steps = torch.randperm(1500).split(50) + torch.randperm(1500).split(50)
    optimizer = torch.optim.SGD(module.parameters(), lr=recipe.learning_rate, momentum=recipe.momentum)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.learning_rate, len(steps), cycle_momentum=False)
    for chosen in steps:
        optimizer.zero_grad()
        logits = module(data[chosen])
        functional.cross_entropy(logits, targets[chosen], label_smoothing=recipe.label_smoothing).backward()
        optimizer.step()
        schedule.step()
    with torch.inference_mode():
        answers = module.eval()(data[1500:]).argmax(1)
    assert float((answers == targets[1500:]).float().mean()) > 0.9
