"""Dark on light or light on dark: whether a picture is the negative of what a model was trained on.

A digit of MNIST is white on black, one photographed on paper dark on light; a network that knows the former answers
nonsense to the latter.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from cnn_desktop.core.language import _
from cnn_desktop.data.decoding import OpenedPicture
from cnn_desktop.models.model import Model

FIGURE = "light_on_dark"
"""What a model file calls the polarity of its training pictures."""

_LIGHT_ON_DARK = {"digits", "fashion_mnist", "mnist", "xo"}
"""Registered names of datasets of one kind, for models whose files don't say it."""

_DECIDED = 0.45
"""Training pictures of one kind have a mean of 0.58 (8×8 digits), 0.93 (X and O) and 0.998 (MNIST); photos of things
have 0.01 (CIFAR-10) and 0.19 (flowers)."""
_CLEAR = 0.3
"""A digit photographed on paper has -0.8 and below, an 8×8 digit inverted -0.34 and below."""
_LONGEST_INVERTED = 2048
_FAINT = 0.05
"""Of the whole range of brightness; below it there is nothing but noise."""


@dataclass(frozen=True)
class Mismatch:
    """A picture that looks like a negative of what the model knows."""

    is_dark_on_light: bool
    """The picture; the model knows the opposite."""

    @property
    def sentence(self) -> str:
        """What a person is told."""
        if self.is_dark_on_light:
            return _("This picture is dark on light, and the model was trained on light on dark.")
        return _("This picture is light on dark, and the model was trained on dark on light.")


def light_on_dark(pixels: np.ndarray) -> np.ndarray:
    """How much each picture stands out as light on dark, from -1 (black on white) to 1: uint8 N×C×H×W to float32 N.

    The ground is the plane that fits the border best, so that paper may be lit from one side. What counts is how far
    the lightest and the darkest hundredth of the picture lie above and below it, as a share of both together.
    """
    grey = pixels.mean(axis=1, dtype=np.float32) / 255
    residues = (grey - _grounds(grey)).reshape(len(grey), -1)
    darkest, lightest = np.quantile(residues, (0.01, 0.99), axis=1)
    extent = lightest - darkest
    return np.where(extent >= _FAINT, (lightest + darkest) / np.maximum(extent, _FAINT), 0).astype(np.float32)


def _grounds(grey: np.ndarray) -> np.ndarray:
    """The plane through the border of each of N×H×W pictures, least squares."""
    rows, columns = np.indices(grey.shape[1:], dtype=np.float32)
    places = np.stack([np.ones_like(rows), rows, columns], axis=-1)
    is_border = np.ones(grey.shape[1:], dtype=bool)
    is_border[1:-1, 1:-1] = False
    planes = grey[:, is_border] @ np.linalg.pinv(places[is_border]).T
    return np.einsum("hwk,nk->nhw", places, planes)


def usual_polarity(model: Model) -> float | None:
    """The mean `light_on_dark` of the pictures that `model` was trained on; None where nothing says it."""
    figure = model.figures.get(FIGURE)
    if isinstance(figure, int | float):
        return float(figure)
    return 1.0 if model.figures.get("dataset") in _LIGHT_ON_DARK else None


def mismatch(model: Model, pixels: np.ndarray) -> Mismatch | None:
    """Whether a picture, uint8 C×H×W, is the negative of what `model` knows; None where it isn't, or nobody can say."""
    usual = usual_polarity(model)
    if usual is None or abs(usual) < _DECIDED:
        return None
    polarity = float(light_on_dark(pixels[None])[0])
    is_opposite = abs(polarity) >= _CLEAR and (polarity > 0) != (usual > 0)
    return Mismatch(polarity < 0) if is_opposite else None


def inverted(picture: OpenedPicture) -> OpenedPicture:
    """The negative of a picture on an even ground, at most 2,048 pixels long: what stands out most gets full contrast.

    A photographed sheet is grey and lit from one side; as a plain negative, a network that knows digits on black reads
    four of five, on an even ground nearly all.
    """
    planes = np.moveaxis(np.asarray(picture.reduced(_LONGEST_INVERTED), np.float32) / 255, 2, 0)
    outstanding = planes - _grounds(planes)
    is_light = -np.quantile(outstanding, 0.01) < np.quantile(outstanding, 0.99)
    outstanding = outstanding if is_light else -outstanding
    contrast = max(_FAINT, float(np.quantile(outstanding, 0.999)))
    share = np.clip(outstanding / contrast, 0, 1)
    negative = 1 - share if is_light else share
    return OpenedPicture(Image.fromarray(np.moveaxis((negative * 255).round().astype(np.uint8), 0, 2)))
