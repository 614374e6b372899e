"""What is asked of the thread behind the augmentation panel, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from cnn_desktop.core.augmentation import Augmentation
    from cnn_desktop.data.dataset import Dataset, PictureRef
    from cnn_desktop.ui.pages.data.augmentation.placing import Placing


@dataclass(frozen=True)
class Order:
    """What is to be shown."""

    dataset: Dataset
    ref: PictureRef
    architecture: str
    """The network that would see the pictures: it decides their size."""
    augmentation: Augmentation
    seed: int
    space: tuple[int, int]
    """Width and height of the view."""
    line: int
    """Height of the captions below the variants; 0 where nothing is mixed."""
    ratio: float
    """Pixels of the screen in one of the window; sizes here are in the window's."""


@dataclass(frozen=True)
class Preview:
    """The picture and its variants, drawn."""

    order: Order
    image: QImage
    placing: Placing
    """In pixels of the screen."""
    words: tuple[str, ...]
    """About the original, the most important first."""
    captions: tuple[str, ...]
    """The shares of the classes in each variant, a line each; none where nothing is mixed."""
