"""Activations, what a number depends on, and pictures as numbers."""

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from PIL import Image

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.decoding import OpenedPicture
from cnn_desktop.data.pictures import to_pixels
from cnn_desktop.explain.lessons.activating import ACTIVATIONS, activated, curve
from cnn_desktop.explain.lessons.examples import CROSS
from cnn_desktop.explain.lessons.pixels import pixel_numbers
from cnn_desktop.explain.lessons.stacking import CONVOLVED, POOLED_AGAIN, RECTIFIED, seen_by, stages


def test_relu_takes_away_what_is_below_zero() -> None:
    assert activated([[-2.0, 0.5], [0.0, -0.1]], "ReLU").tolist() == [[0, 0.5], [0, 0]]
    assert activated([-2.0, 3.0], "none").tolist() == [-2, 3]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_graph_holds_what_the_function_gives(name: str) -> None:
    for x, y in curve(name, -4, 4, 17):
        assert y == pytest.approx(float(activated(x, name)), abs=1e-6)


def test_without_relu_negative_numbers_go_on() -> None:
    assert torch.equal(stages(CROSS, rectifies=False)[RECTIFIED], stages(CROSS)[CONVOLVED])
    assert float(stages(CROSS)[RECTIFIED].min()) == 0
    assert float(stages(CROSS)[CONVOLVED].min()) < 0


@pytest.mark.parametrize(("stage", "side"), [(0, 7), (1, 7), (2, 4), (POOLED_AGAIN, 2)])
def test_what_a_number_depends_on_is_where_its_gradient_is(stage: int, side: int) -> None:
    for row in range(side):
        for column in range(side):
            picture = torch.rand(1, 1, 9, 9, requires_grad=True)
            summed = F.conv2d(picture, torch.ones(1, 1, 3, 3))
            fourth = F.avg_pool2d(summed, 2, ceil_mode=True)
            layers = summed, summed, fourth, F.avg_pool2d(fourth, 2)
            layers[stage][0, 0, row, column].backward()
            assert picture.grad is not None
            rows, columns = picture.grad[0, 0].nonzero().T
            seen = seen_by(stage, row, column)
            assert (seen.top, seen.bottom - 1) == (rows.min(), rows.max())
            assert (seen.left, seen.right - 1) == (columns.min(), columns.max())


def test_the_numbers_of_a_picture_are_those_that_a_network_gets() -> None:
    picture = Image.new("RGB", (90, 60), (10, 200, 30))
    picture.paste((255, 255, 0), (30, 0, 60, 60))
    found = pixel_numbers(OpenedPicture(picture), 12)
    wanted = Preprocessing(
        height=12, width=12, shorter_side=12, resize="crop", mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0)
    )
    assert found.shape == (3, 12, 12)
    assert (found == to_pixels(picture, wanted)).all()
    assert found[:, 6, 6].tolist() == [255, 255, 0]
