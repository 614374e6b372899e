import math
from itertools import pairwise
from typing import get_args

import pytest
import torch
from torch import nn

from cnn_desktop.core.recipe import Optimizer, Recipe
from cnn_desktop.train.optimization import (
    current_learning_rate,
    learning_rate,
    make_optimizer,
    rate_curve,
    set_learning_rate,
)


@pytest.mark.parametrize("name", get_args(Optimizer))
def test_every_optimizer_lowers_a_loss_and_leaves_frozen_weights_alone(name: Optimizer) -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 1))
    net[0].weight.requires_grad_(False)
    frozen = net[0].weight.clone()
    optimizer = make_optimizer(Recipe(optimizer=name, learning_rate=1e-2), net)
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
        return [learning_rate(recipe, step, steps, 10) for step in range(steps)]

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
    optimizer = make_optimizer(Recipe(), nn.Linear(2, 2))
    set_learning_rate(optimizer, 0.5)
    assert optimizer.param_groups[0]["lr"] == 0.5


def test_a_warm_up_rises_in_a_line_to_where_the_schedule_starts() -> None:
    recipe = Recipe(learning_rate=0.1, schedule="cosine", warmup_epochs=2)
    rates = [learning_rate(recipe, step, 100, 10) for step in range(100)]
    rises = [after - before for before, after in pairwise(rates[:21])]
    assert rises == pytest.approx([0.1 / 21] * 20)
    assert rates[20] == pytest.approx(0.1) == max(rates)
    assert rates[60] == pytest.approx(0.05) and rates[20:] == sorted(rates[20:], reverse=True)


def test_the_drawn_schedule_is_the_one_that_is_used() -> None:
    recipe = Recipe(epochs=3, learning_rate=0.2, schedule="one_cycle", warmup_epochs=0.5)
    curve = rate_curve(recipe, 100, points=50)
    assert len(curve) == 50 and curve[0][0] == 0 and curve[-1][0] == pytest.approx(2.99)
    for epoch, rate in curve:
        assert rate == learning_rate(recipe, round(epoch * 100), 300, 100)
    assert len(rate_curve(Recipe(steps=1), 100)) == 1


def test_layers_near_the_input_learn_more_slowly() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Conv2d(2, 2, 3), nn.Flatten(), nn.Linear(2, 2))
    optimizer = make_optimizer(Recipe(layer_decay=0.5), net)
    set_learning_rate(optimizer, 0.8)
    rates = {id(parameter): group["lr"] for group in optimizer.param_groups for parameter in group["params"]}
    assert [rates[id(net[index].weight)] for index in (0, 1, 2, 4)] == [0.2, 0.2, 0.4, 0.8]


def test_biases_of_norms_learn_faster_and_are_decayed_as_the_weights_are() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(2, 2))
    optimizer = make_optimizer(Recipe(optimizer="sgd", weight_decay=0.1, norm_bias_rate=64), net)
    set_learning_rate(optimizer, 0.5)
    groups = {id(parameter): group for group in optimizer.param_groups for parameter in group["params"]}
    bias = groups[id(net[1].bias)]
    assert bias["lr"] == 32
    assert bias["lr"] * bias["weight_decay"] == pytest.approx(0.05)
    for slow in (net[0].weight, net[0].bias, net[1].weight, net[3].bias):
        assert groups[id(slow)]["lr"] == 0.5
    assert current_learning_rate(optimizer) == 0.5


def test_biases_and_norms_are_not_decayed() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
    optimizer = make_optimizer(Recipe(optimizer="sgd", weight_decay=0.1), net)
    decays = {id(parameter): group["weight_decay"] for group in optimizer.param_groups for parameter in group["params"]}
    assert decays[id(net[0].weight)] == 0.1
    assert decays[id(net[0].bias)] == decays[id(net[1].weight)] == 0


def test_nesterov_looks_ahead() -> None:
    def after(nesterov: bool) -> float:
        net = nn.Linear(1, 1, bias=False)
        nn.init.ones_(net.weight)
        optimizer = make_optimizer(Recipe(optimizer="sgd", learning_rate=0.1, nesterov=nesterov), net)
        net(torch.ones(1, 1)).sum().backward()
        optimizer.step()
        return net.weight.item()

    assert after(nesterov=False) == pytest.approx(0.9)
    assert after(nesterov=True) == pytest.approx(0.81)
