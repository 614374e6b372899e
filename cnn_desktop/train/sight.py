"""What someone may see of a network while it is trained, as plain facts and arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.data.decoding import OpenedPicture


@dataclass(frozen=True, eq=False)
class Look:
    """A wish to see what the network makes of a picture, again and again."""

    picture: OpenedPicture | None = None
    """None: the first of the validation pictures, or of what else there is."""
    layer: str = ""
    """Whose maps are wanted; empty: the first convolution's."""
    per_second: float = 4.0
    """How often at most."""


@dataclass(frozen=True, eq=False)
class Sight:
    """What the network was, and made of the picture, after `step` updates; all as torch computed it in float32."""

    step: int
    epoch: float
    """Passes over the training pictures."""
    filter_layer: str
    """The first convolution; empty where there is none."""
    filters: np.ndarray | None
    """float32 out×in×height×width."""
    layers: tuple[str, ...]
    """Those that can be asked for."""
    layer: str
    maps: np.ndarray
    """float32 C×H×W."""
    classes: tuple[str, ...]
    probabilities: np.ndarray
    """float32, one a class."""
    pixels: np.ndarray
    """What the network is given of the picture: uint8 C×H×W."""
    picture: str
    """What the picture is called where it is the dataset's own, and its class; else empty."""
    problem: str = ""
    """Why the picture that was asked for isn't the one seen, as a sentence."""
