"""What alone gives the class away is found; what doesn't, isn't."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn_desktop.data.health import Finding, check_dataset
from cnn_desktop.data.health.colour_words import colour_word
from cnn_desktop.data.sets import open_dataset

Painted = Callable[[int, np.random.Generator], tuple[Image.Image, str]]


def shortcuts(folder: Path, paint: Painted, count: int = 40, classes: int = 3) -> list[Finding]:
    """What is found where `paint` makes the pictures (and their names' ends) of each class."""
    random = np.random.default_rng(0)
    for label in range(classes):
        (folder / "abcdef"[label]).mkdir(parents=True)
        for number in range(count):
            picture, suffix = paint(label, random)
            picture.save(folder / "abcdef"[label] / f"{number}{suffix}")
    report = check_dataset(open_dataset(str(folder)))
    return [finding for finding in report.findings if finding.kind == "shortcut"]


def noise(
    random: np.random.Generator, size: tuple[int, int] = (24, 20), light: float = 1.0, tint: tuple[int, ...] = (0, 0, 0)
) -> Image.Image:
    """A blotchy picture of any brightness and colour within a wide range."""
    blotches = random.integers(20, 180, (4, 4, 3)) * random.uniform(0.7, 1.3) * light + np.array(tint)
    return Image.fromarray(blotches.clip(0, 255).astype(np.uint8)).resize(size)


def test_pictures_that_differ_by_nothing_outward_have_no_finding(tmp_path: Path) -> None:
    assert shortcuts(tmp_path / "clean", lambda label, random: (noise(random), ".png")) == []


def test_a_dark_class_is_given_away_by_brightness(tmp_path: Path) -> None:
    found = shortcuts(tmp_path / "x", lambda label, random: (noise(random, light=(0.3, 1, 1)[label]), ".png"))
    finding = found[0]
    assert finding.title == "Brightness gives the class away" and finding.severity == "warning"
    assert "a in " in finding.sentence and "b in " not in finding.sentence
    assert {key.split("/")[0] for key in finding.keys} == {"a"} and len(finding.keys) == 40


def test_a_tinted_class_is_given_away_by_colour(tmp_path: Path) -> None:
    tints = ((0, 0, 0), (0, 0, 0), (60, -30, -30))
    found = shortcuts(tmp_path / "x", lambda label, random: (noise(random, tint=tints[label]), ".png"))
    (finding,) = [finding for finding in found if finding.title == "Colour gives the class away"]
    assert "more red than the others" in finding.sentence and finding.severity == "note"


def test_a_class_from_another_camera_is_given_away_by_size(tmp_path: Path) -> None:
    sizes = ((24, 20), (24, 20), (30, 20))
    (finding,) = shortcuts(tmp_path / "x", lambda label, random: (noise(random, sizes[label]), ".png"))
    assert finding.title == "The size gives the class away"
    assert "100 % are 30×20; of the others 100 % are 24×20" in finding.sentence


def test_a_class_of_another_program_is_given_away_by_file_type(tmp_path: Path) -> None:
    def paint(label: int, random: np.random.Generator) -> tuple[Image.Image, str]:
        is_jpeg = random.random() < (0.95, 0.05)[label]
        return noise(random), ".jpg" if is_jpeg else ".png"

    (finding,) = shortcuts(tmp_path / "x", paint, count=60, classes=2)
    assert finding.title == "The file type gives the class away"
    assert "JPEG RGB" in finding.sentence and len(finding.groups) == 2


def test_few_pictures_are_not_enough_for_a_rule(tmp_path: Path) -> None:
    paint: Painted = lambda label, random: (noise(random, light=(0.2, 1)[label]), ".png")  # noqa: E731
    assert shortcuts(tmp_path / "x", paint, count=8, classes=2) == []


def test_real_flowers_are_not_given_away(test_data: Path, tmp_path: Path) -> None:
    for label in ("daisy", "rose", "tulip"):
        (tmp_path / label).mkdir()
        for path in sorted((test_data / "flowers" / label).glob("*.jpg"))[::10]:
            (tmp_path / label / path.name).symlink_to(path)
    report = check_dataset(open_dataset(str(tmp_path)))
    assert report.facts.picture_count > 200
    assert not [finding for finding in report.findings if finding.kind == "shortcut"]


@pytest.mark.parametrize(
    ("rgb", "word"),
    [((1, 0, 0), "red"), ((1, 1, 0), "yellow"), ((0, 1, 0), "green"), ((0, 0, 1), "blue"), ((1, 0, 1), "purple")],
)
def test_colours_have_names(rgb: tuple[int, int, int], word: str) -> None:
    colour = Image.new("RGB", (1, 1), tuple(100 + 60 * part for part in rgb)).convert("YCbCr").getpixel((0, 0))
    assert isinstance(colour, tuple)
    assert colour_word(colour[1] - 128, colour[2] - 128) == word
