import math

import pytest
import torch

from cnn_desktop.core.errors import TrainingError
from cnn_desktop.train.control import Control
from cnn_desktop.train.divergence import DivergenceWatch
from cnn_desktop.train.setup import Task, default_config, prepare


@pytest.fixture(scope="module")
def task() -> Task:
    config = default_config("digits", "mnist_cnn", device="cpu", precision="fp32")
    steps = prepare(config, Control())
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_no_number_stops_at_once(task: Task, loss: float) -> None:
    with pytest.raises(TrainingError, match=r"no longer a number after step 7.*learning rate of 0\.001 or less"):
        DivergenceWatch(task).check([1.0, loss], 2.3, 7)


def test_a_loss_far_above_the_start_stops(task: Task) -> None:
    watch = DivergenceWatch(task)
    watch.check([2.3, 100.0, 100.0, 100.0, 100.0], 2.3, 5)
    with pytest.raises(TrainingError, match="rose to 100"):
        watch.check([100.0], 2.3, 6)


def test_a_spike_and_a_bad_start_are_let_be(task: Task) -> None:
    watch = DivergenceWatch(task)
    for step in range(20):
        watch.check([100.0, 100.0, 2.0], 2.3, step)
    DivergenceWatch(task).check([9.0] * 20, 9.0, 20)


def test_weights_that_are_no_numbers_are_not_saved(task: Task) -> None:
    watch = DivergenceWatch(task)
    watch.check_weights(1)
    with torch.no_grad():
        next(task.module.parameters())[0] = math.nan
    with pytest.raises(TrainingError, match="weights are no longer numbers after step 2"):
        watch.check_weights(2)
