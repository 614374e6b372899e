"""The numbers that textbooks and tutorials print for these examples, or the right ones where those are wrong."""

import pytest
import torch

from cnn_desktop.explain.lessons.choosing import chances, loss
from cnn_desktop.explain.lessons.counting import convolution_weights, dense_weights
from cnn_desktop.explain.lessons.examples import (
    CROSS,
    CROSSING,
    FALLING,
    KERNEL_3X3,
    NOUGHT,
    PICTURE_5X5,
    POOLING_4X4,
    PRINTED_NUMBERS,
    RISING,
    Matrix,
)
from cnn_desktop.explain.lessons.sliding import Pooling, Slide, convolved, padded, pooled, products
from cnn_desktop.explain.lessons.stacking import POOLED, POOLED_AGAIN, flattened, stages, voters, votes

# Sums of nine products of −1 and 1, before they are divided by nine.
FALLING_IN_CROSS = [
    [7, -1, 1, 3, 5, -1, 3],
    [-1, 9, -1, 3, -1, 1, -1],
    [1, -1, 9, -3, 1, -1, 5],
    [3, 3, -3, 5, -3, 3, 3],
    [5, -1, 1, -3, 9, -1, 1],
    [-1, 1, -1, 3, -1, 9, -1],
    [3, -1, 5, 3, 1, -1, 7],
]
CROSSING_IN_CROSS = [
    [3, -5, 1, -1, 1, -5, 3],
    [-5, 5, -5, 3, -5, 5, -5],
    [1, -5, 5, -7, 5, -5, 1],
    [-1, 3, -7, 9, -7, 3, -1],
    [1, -5, 5, -7, 5, -5, 1],
    [-5, 5, -5, 3, -5, 5, -5],
    [3, -5, 1, -1, 1, -5, 3],
]
RISING_IN_CROSS = [list(reversed(row)) for row in FALLING_IN_CROSS]


def test_the_five_by_five_matrix_with_the_three_by_three_kernel() -> None:
    assert convolved(PICTURE_5X5, KERNEL_3X3).tolist() == [[3, 5, 3], [3, 2, 5], [4, 4, 2]]


def test_a_number_of_it_is_the_sum_of_its_products() -> None:
    found = products(PICTURE_5X5, KERNEL_3X3, 0, 1)
    assert found.patch.tolist() == [[1, 0, 1], [0, 1, 0], [1, 1, 1]]
    assert found.products.tolist() == [[1, 0, 1], [0, 1, 0], [1, 1, 0]]
    assert found.total == 5


@pytest.mark.parametrize(
    ("feature", "sums"), [(FALLING, FALLING_IN_CROSS), (CROSSING, CROSSING_IN_CROSS), (RISING, RISING_IN_CROSS)]
)
def test_a_feature_of_the_x_slides_over_it(feature: Matrix, sums: list[list[float]]) -> None:
    assert len(CROSS) == len(CROSS[0]) == 9
    found = convolved(CROSS, feature, divisor=9)
    torch.testing.assert_close(found, torch.tensor(sums, dtype=torch.float32) / 9)
    for row in range(7):
        for column in range(7):
            assert products(CROSS, feature, row, column).total == sums[row][column]


def test_what_is_often_printed_as_0_77_is_0_78() -> None:
    found = convolved(CROSS, FALLING, divisor=9)
    assert [f"{found[0, column]:.2f}" for column in range(7)] == [
        "0.78",
        "-0.11",
        "0.11",
        "0.33",
        "0.56",
        "-0.11",
        "0.33",
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("max", [[5, 6], [4, 5]]), ("min", [[2, 1], [1, 2]]), ("average", [[3, 4], [3, 4]])],
)
def test_pooling_of_the_four_by_four_matrix(kind: Pooling, expected: list[list[float]]) -> None:
    assert pooled(POOLING_4X4, kind, Slide(2, 2)).tolist() == expected


def test_the_x_goes_down_to_four_by_four_and_two_by_two() -> None:
    found = stages(CROSS)
    assert [tuple(maps.shape) for maps in found] == [(3, 7, 7), (3, 7, 7), (3, 4, 4), (3, 2, 2)]
    ninths = torch.tensor([[9, 3, 5, 3], [3, 9, 3, 5], [5, 3, 9, 1], [3, 5, 1, 7]]) / 9
    torch.testing.assert_close(found[POOLED][0], ninths)
    last = torch.tensor([[[9, 5], [5, 9]], [[9, 5], [5, 5]], [[5, 9], [9, 5]]]) / 9
    torch.testing.assert_close(found[POOLED_AGAIN], last)


def test_the_votes_for_x_and_o() -> None:
    assert (voters() > 0).tolist() == [
        [place in {0, 3, 4, 9, 10} for place in range(12)],
        [place in {1, 2, 8, 11} for place in range(12)],
    ]
    torch.testing.assert_close(votes(flattened(CROSS), voters()), torch.tensor([1, 5 / 9]))
    torch.testing.assert_close(votes(flattened(NOUGHT), voters()), torch.tensor([5 / 9, 1]))


def test_the_printed_votes_0_92_and_0_51_are_0_912_and_0_5175() -> None:
    torch.testing.assert_close(votes(torch.tensor(PRINTED_NUMBERS), voters()), torch.tensor([0.912, 0.5175]))


def test_weights_of_a_neuron_that_sees_every_pixel() -> None:
    assert dense_weights(28, 28, 3, 1) == 2_352
    assert dense_weights(200, 200, 3, 1) == 120_000
    assert dense_weights(200, 200, 3, 1000) == 120_000_000
    assert convolution_weights(3, 8, 3) == 216


@pytest.mark.parametrize("size", range(3, 10))
@pytest.mark.parametrize("kernel", range(1, 6))
@pytest.mark.parametrize("padding", range(3))
def test_the_formula_of_the_size_is_torchs(size: int, kernel: int, padding: int) -> None:
    picture, weights = [[1.0] * size] * size, [[1.0] * kernel] * kernel
    for stride in range(1, 5):
        slide = Slide(kernel, stride, padding)
        places = slide.places(size)
        if places:
            assert convolved(picture, weights, slide).shape == (places, places)
            reached = torch.zeros(size + 2 * padding)
            for place in range(places):
                reached[place * stride : place * stride + kernel] = 1
            last = int(reached.nonzero().max())
            assert slide.unused(size) == len(reached) - 1 - last
        else:
            assert kernel > size + 2 * padding


def test_padding_is_zeros_around_the_picture() -> None:
    slide = Slide(3, 1, 1)
    assert padded(PICTURE_5X5, 1).shape == (7, 7)
    assert products(PICTURE_5X5, KERNEL_3X3, 0, 0, slide).patch.tolist() == [[0, 0, 0], [0, 1, 1], [0, 1, 0]]
    found = convolved(PICTURE_5X5, KERNEL_3X3, slide)
    for row in range(5):
        for column in range(5):
            assert products(PICTURE_5X5, KERNEL_3X3, row, column, slide).total == found[row, column]


def test_softmax_by_hand() -> None:
    found = chances([2.0, 1.0, 0.5, -1.0])
    assert found.total == pytest.approx(7.38906 + 2.71828 + 1.64872 + 0.36788, abs=1e-4)
    torch.testing.assert_close(found.probabilities, found.powers / found.total)
    assert float(found.probabilities.sum()) == pytest.approx(1)
    assert loss([2.0, 1.0, 0.5, -1.0], 1) == pytest.approx(-float(found.probabilities[1].log()))
    torch.testing.assert_close(chances([4.0, 3.0, 2.5, 1.0]).probabilities, found.probabilities)
    assert float(chances([2.0, 1.0], 100).probabilities[0]) == pytest.approx(0.5025, abs=1e-4)
