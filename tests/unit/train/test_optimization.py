import math
from typing import get_args

import pytest
import torch
from torch import nn

from cnn_desktop.core.config import Optimizer, Recipe
from cnn_desktop.train.optimization import learning_rate, make_optimizer, set_learning_rate


@pytest.mark.parametrize("name", get_args(Optimizer))
def test_every_optimizer_lowers_a_loss_and_leaves_frozen_weights_alone(name: Optimizer) -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 1))
    net[0].weight.requires_grad_(False)
    frozen = net[0].weight.clone()
    optimizer = make_optimizer(Recipe(optimizer=name, learning_rate=1e-2), net.parameters())
    batch, target = torch.randn(16, 4), torch.randn(16, 1)
    losses = []
    for _step in range(20):
        loss = (net(batch) - target).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    assert torch.equal(net[0].weight, frozen)


def test_schedules() -> None:
    def rates(schedule: str, steps: int = 300) -> list[float]:
        recipe = Recipe.checked({"learning_rate": 0.1, "schedule": schedule})
        return [learning_rate(recipe, step, steps) for step in range(steps)]

    assert set(rates("constant")) == {0.1}
    thirds = rates("step")
    assert (
        thirds[99] == pytest.approx(0.1) and thirds[100] == pytest.approx(0.01) and thirds[299] == pytest.approx(0.001)
    )
    cosine = rates("cosine")
    assert cosine[0] == 0.1 and cosine[150] == pytest.approx(0.05) and cosine == sorted(cosine, reverse=True)
    cycle = rates("one_cycle")
    assert max(cycle) == pytest.approx(0.1) and cycle.index(max(cycle)) == 90
    assert 0 < cycle[-1] < 0.001 and all(math.isfinite(rate) and rate > 0 for rate in cycle)


def test_a_new_rate_is_used() -> None:
    optimizer = make_optimizer(Recipe(), nn.Linear(2, 2).parameters())
    set_learning_rate(optimizer, 0.5)
    assert optimizer.param_groups[0]["lr"] == 0.5
