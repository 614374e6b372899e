"""A model whose answers are known, and pictures to ask it about."""

import threading
from pathlib import Path

import torch
from PIL import Image

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.models.model import Model
from cnn_desktop.predict.classifier import Classifier
from tests.unit.predict.conftest import NearestGrey

SIDE = 112
"""Of the pictures that the network is given: so large that a batch has several groups."""


class GreyClassifier(Classifier):
    """Finds black, grey and white; waits before each group while `gate` is closed."""

    def __init__(self) -> None:
        module = NearestGrey(3).eval()
        preprocessing = Preprocessing.unit_range(SIDE, SIDE, 3)
        super().__init__(Model("mnist_cnn", module, ("black", "grey", "white"), preprocessing, "Grey finder"), "cpu")
        self.gate = threading.Event()
        self.gate.set()
        self.computed = 0

    def logits(self, pixels: torch.Tensor) -> torch.Tensor:
        if self.computed:
            assert self.gate.wait(20)
        answer = super().logits(pixels)
        self.computed += len(pixels)
        return answer


def grey_pictures(folder: Path, count: int) -> list[Path]:
    """Pictures from black to white, by name in that order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number}.png" for number in range(count)]
    for number, path in enumerate(paths):
        Image.new("RGB", (8, 8), (round(255 * number / max(1, count - 1)),) * 3).save(path)
    return paths
