"""A picture as the numbers that a network would be given."""

import numpy as np

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.decoding import OpenedPicture


def pixel_numbers(picture: OpenedPicture, side: int) -> np.ndarray:
    """The middle of a picture as `side`×`side` pixels: uint8 3×side×side, by the path that every picture takes.

    Raises:
        ImageError: it can't be read.
    """
    black, unscaled = (0.0,) * 3, (1.0,) * 3
    wanted = Preprocessing(height=side, width=side, shorter_side=side, resize="crop", mean=black, std=unscaled)
    return picture.pixels(wanted)
