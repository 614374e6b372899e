"""Arrays of a network in training as tiles and pictures; imported once there is one."""

import numpy as np
from PySide6.QtGui import QImage

from cnn_desktop.ui.widgets.map_tiles import MapTiles

_SHOWN = 256
"""Tiles beyond that would be too small to be seen in a card."""


def filter_tiles(weights: np.ndarray) -> MapTiles:
    """Kernels, float32 out×in×height×width: in colour for three inputs, else each kernel's size over all inputs."""
    weights = weights[:_SHOWN]
    if weights.shape[1] == 3:
        return MapTiles(weights.transpose(0, 2, 3, 1))
    if weights.shape[1] == 1:
        return MapTiles(weights[:, 0], "signed")
    return MapTiles(np.sqrt(np.square(weights).sum(1)))


def map_tiles(maps: np.ndarray) -> MapTiles:
    """Feature maps, float32 C×H×W, each on its own scale: early ones differ in size by far."""
    return MapTiles(maps[:_SHOWN], per_tile=True)


def picture_of(pixels: np.ndarray) -> QImage:
    """uint8 C×H×W with one or three channels as a picture of the window."""
    coloured = np.ascontiguousarray(np.repeat(pixels, 3 // len(pixels), axis=0).transpose(1, 2, 0))
    height, width, _channels = coloured.shape
    return QImage(coloured.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
