"""Small random changes of place, size and angle: what excites a unit shall do so after them too."""

import math

import torch
from torch.nn import functional

_JITTER = 0.07
"""Of the picture's side, to either side."""
_SCALE = 0.1
_DEGREES = 10.0


def moved(picture: torch.Tensor, strength: float, generator: torch.Generator) -> torch.Tensor:
    """The float 1×C×H×W picture, shifted, scaled and turned by up to `strength` of the usual; 0 leaves it as it is.

    All three are one resampling, so that the picture is blurred once; what comes in at the edges is mirrored.
    """
    if strength <= 0:
        return picture
    shift_x, shift_y, size, turn = (2 * torch.rand(4, generator=generator) - 1).mul(strength).tolist()
    scale, angle = 1 + _SCALE * size, math.radians(_DEGREES * turn)
    cosine, sine = math.cos(angle) / scale, math.sin(angle) / scale
    # Places run from −1 to 1 over the picture.
    matrix = [[cosine, -sine, 2 * _JITTER * shift_x], [sine, cosine, 2 * _JITTER * shift_y]]
    grid = functional.affine_grid(torch.tensor([matrix], device=picture.device), list(picture.shape), False)
    return functional.grid_sample(picture, grid, padding_mode="reflection", align_corners=False)
