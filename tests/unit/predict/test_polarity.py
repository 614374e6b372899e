from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter
from torch import nn

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.decoding import OpenedPicture
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.models.model import Model
from cnn_desktop.predict.polarity import FIGURE, inverted, light_on_dark, mismatch, usual_polarity

RULES = Preprocessing.unit_range(28, 28, 1)


def model(**figures: float | str) -> Model:
    return Model("mnist_cnn", nn.Identity(), ("no", "yes"), RULES, "Digits", dict(figures))


def photographed(digit: np.ndarray, seed: int) -> Image.Image:
    """The digit in dark ink on grey paper: off centre, blurred, lit from one side, with a camera's noise."""
    random = np.random.default_rng(seed)
    side, large = 320, int(random.integers(120, 200))
    ink = Image.fromarray(digit).resize((large, large), Image.Resampling.BICUBIC)
    sheet = Image.new("L", (side, side))
    sheet.paste(ink, tuple((side - large) // 2 + random.integers(-20, 20, 2)))
    covered = np.asarray(sheet.filter(ImageFilter.GaussianBlur(1.5)), np.float64) / 255
    down, across = np.mgrid[:side, :side] / side - 0.5
    angle = random.uniform(0, 2 * np.pi)
    light = random.uniform(0.55, 0.95) + random.uniform(0.1, 0.3) * (np.cos(angle) * across + np.sin(angle) * down)
    seen = light * (1 - covered * random.uniform(0.6, 0.85)) + random.normal(0, 0.02, (side, side))
    return Image.fromarray((np.clip(seen, 0, 1) * 255).astype(np.uint8))


@pytest.fixture(scope="module")
def digits(test_data: Path) -> np.ndarray:
    split = open_dataset("mnist", test_data).splits["test"]
    return np.stack([split.pixels(index, RULES) for index in range(100)])


@pytest.mark.data
def test_digits_as_they_are_fit_and_their_negatives_do_not(digits: np.ndarray) -> None:
    knows = model(dataset="mnist")
    assert all(mismatch(knows, digit) is None for digit in digits)
    for digit in 255 - digits:
        found = mismatch(knows, digit)
        assert found is not None and found.is_dark_on_light
        assert "dark on light, and the model was trained on light on dark" in found.sentence


@pytest.mark.data
def test_photographed_digits_are_told_from_what_the_model_knows(digits: np.ndarray) -> None:
    knows = model(dataset="mnist")
    for seed, digit in enumerate(digits):
        picture = OpenedPicture(photographed(digit[0], seed))
        assert mismatch(knows, picture.pixels(RULES)) is not None
        assert mismatch(knows, inverted(picture).pixels(RULES)) is None


@pytest.mark.data
def test_a_model_of_photos_has_no_polarity(test_data: Path, digits: np.ndarray) -> None:
    split = open_dataset("cifar10", test_data).splits["train"]
    rules = Preprocessing.unit_range(32, 32, 3)
    pixels = np.stack([split.pixels(index, rules) for index in range(0, 50_000, 500)])
    usual = float(light_on_dark(pixels).mean())
    assert abs(usual) < 0.3
    assert mismatch(model(**{FIGURE: usual}), 255 - digits[0]) is None


def test_what_the_file_says_goes_before_the_name_of_the_dataset() -> None:
    assert usual_polarity(model(dataset="mnist")) == 1
    assert usual_polarity(model(dataset="mnist", **{FIGURE: -0.9})) == -0.9
    assert usual_polarity(model(dataset="/some/folder")) is None
    assert mismatch(model(), np.full((1, 28, 28), 255, np.uint8)) is None


def test_a_model_of_dark_writing_is_told_of_light_writing() -> None:
    writing = np.zeros((1, 28, 28), np.uint8)
    writing[0, 10:18, 10:18] = 220
    found = mismatch(model(**{FIGURE: -0.95}), writing)
    assert found is not None and not found.is_dark_on_light
    assert mismatch(model(**{FIGURE: -0.95}), 255 - writing) is None


def test_a_picture_of_nothing_is_neither() -> None:
    rising = np.tile(np.linspace(0, 255, 28, dtype=np.uint8), (28, 1))
    blank = np.full((28, 28), 200, np.uint8)
    assert np.abs(light_on_dark(np.stack([rising, blank])[:, None])).max() < 0.1


@pytest.mark.parametrize("is_dark", [True, False])
def test_a_negative_has_an_even_ground_and_full_contrast(is_dark: bool) -> None:
    lit_from_the_left = np.tile(np.linspace(180, 120, 100), (80, 1))
    lit_from_the_left[30:50, 40:60] += -90 if is_dark else 70
    negative = inverted(OpenedPicture(Image.fromarray(lit_from_the_left.astype(np.uint8)))).picture
    assert (negative.size, negative.mode) == ((100, 80), "RGB")
    seen = np.asarray(negative).astype(int)
    ground, ink = (0, 255) if is_dark else (255, 0)
    assert np.abs(seen[:20] - ground).max() <= 12
    assert np.abs(seen[35:45, 45:55] - ink).max() <= 40


@pytest.mark.data
def test_the_negative_of_a_negative_digit_is_the_digit(digits: np.ndarray) -> None:
    for digit in digits[:20]:
        back = inverted(OpenedPicture(Image.fromarray(255 - digit[0]))).pixels(RULES)
        assert np.abs(back.astype(int) - digit).max() <= 16
