"""Contestant: from a photo's file to the maps of VGG16's 13 convolutions, drawn.

Run as: inspecting_contestant.py WAY WEIGHTS. WAY is `ours` (what the Inspect page does: one pass that is recorded, a
grid a layer), `painter` (a plain script: a forward pass for each layer, every map an image of its own that `QPainter`
draws) or `matplotlib` (the same passes, and an axes for each map, as the tutorials have it). WEIGHTS is a file in the
layout of the published ones.
"""

import io
import math
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from torchvision.models import VGG16_Weights, vgg16

from benchmarks.answering import Answer, Answers
from cnn_desktop.models.weights import open_model
from cnn_desktop.ui.pages.inspect.looking import look
from cnn_desktop.ui.pages.pictures import from_file
from cnn_desktop.ui.widgets.map_grid import MapGrid
from cnn_desktop.ui.widgets.map_tiles import MapTiles

_WIDTH, _HEIGHT = 560, 440
"""Of a grid; what a window of 1440×900 leaves for it, about."""
_INCHES = 100
"""Of those pixels to matplotlib's inch."""

Way = Callable[[Path], int]
"""Draws everything, and says how many maps that were."""


def ours(weights: Path) -> Way:
    """As the window does it, with all 13 grids instead of the one that is shown."""
    model = open_model("vgg16", weights)
    grids = [MapGrid("map {number}") for _layer in range(13)]
    for grid in grids:
        grid.resize(_WIDTH, _HEIGHT)

    def draw(path: Path) -> int:
        recording = look(model, from_file(path)).recording
        layers = [name for name, found in recording.operations.items() if found.function == "conv2d"]
        for grid, layer in zip(grids, layers, strict=True):
            grid.show_tiles(MapTiles(recording.maps(layer)))
            grid.grab()
        return sum(grid.count for grid in grids)

    return draw


def painter(weights: Path) -> Way:
    """Every map is scaled to bytes, becomes an image, and is drawn into its place."""

    def draw(maps: np.ndarray) -> None:
        columns = math.ceil(math.sqrt(len(maps)))
        side = _HEIGHT // columns
        sheet = QImage(_WIDTH, _HEIGHT, QImage.Format.Format_RGB32)
        brush = QPainter(sheet)
        for number, one in enumerate(maps):
            shares = (one - one.min()) / max(1e-9, float(one.max() - one.min()))
            pixels = np.ascontiguousarray((255 * shares).astype(np.uint8))
            height, width = pixels.shape
            image = QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8)
            row, column = divmod(number, columns)
            brush.drawImage(column * side, row * side, image.scaled(side, side))
        brush.end()

    return _layer_by_layer(weights, draw)


def matplotlib(weights: Path) -> Way:
    """An axes for each map, written as a picture."""
    from matplotlib import pyplot, use  # noqa: PLC0415  only this way needs it

    use("Agg")

    def draw(maps: np.ndarray) -> None:
        columns = math.ceil(math.sqrt(len(maps)))
        figure, axes = pyplot.subplots(columns, columns, figsize=(_WIDTH / _INCHES, _HEIGHT / _INCHES), dpi=_INCHES)
        for place, one in zip(axes.flat, maps, strict=False):
            place.imshow(one)
            place.axis("off")
        figure.savefig(io.BytesIO(), format="png")
        pyplot.close(figure)

    return _layer_by_layer(weights, draw)


def _layer_by_layer(weights: Path, draw: Callable[[np.ndarray], None]) -> Way:
    module = vgg16()
    module.load_state_dict(torch.load(weights))
    module.eval()
    transforms = VGG16_Weights.IMAGENET1K_V1.transforms()
    features = list(module.features.children())
    layers = [place for place, part in enumerate(features) if isinstance(part, torch.nn.Conv2d)]

    def run(path: Path) -> int:
        batch = transforms(Image.open(path).convert("RGB"))[None]
        count = 0
        for layer in layers:
            with torch.inference_mode():
                maps = torch.nn.Sequential(*features[: layer + 1])(batch)[0].numpy()
            draw(maps)
            count += len(maps)
        return count

    return run


def main() -> None:
    """Make ready, then draw whatever is asked."""
    answers = Answers()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication([])
    ways = {"ours": ours, "painter": painter, "matplotlib": matplotlib}
    draw = ways[sys.argv[1]](Path(sys.argv[2]))

    def run(picture: str) -> Answer:
        began = time.perf_counter()
        count = draw(Path(picture))
        return {"seconds": time.perf_counter() - began, "maps": count}

    answers.serve({"threads": torch.get_num_threads()}, run)
    del application


if __name__ == "__main__":
    main()
