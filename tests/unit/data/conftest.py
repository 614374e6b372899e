"""What tests of pictures share."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

Maker = Callable[..., Path]


@pytest.fixture
def make_picture() -> Maker:
    """Write a small picture of random pixels, the same for the same seed."""

    def make(path: Path, seed: int = 0, size: tuple[int, int] = (12, 9)) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
        Image.fromarray(pixels).save(path)
        return path

    return make


@pytest.fixture
def class_folder(tmp_path: Path, make_picture: Maker) -> Path:
    """Two classes, cats with three pictures and dogs with two."""
    folder = tmp_path / "pets"
    for seed, name in enumerate(("cats/1.png", "cats/2.png", "cats/10.png", "dogs/a.png", "dogs/b.jpg")):
        make_picture(folder / name, seed)
    return folder
