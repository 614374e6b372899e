"""Brightness, contrast, saturation and hue: one linear map of the colours of each picture."""

import math

import torch

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.augment.dice import Dice, between

_LUMA = (0.299, 0.587, 0.114)
"""Parts of red, green and blue in grey (ITU-R BT.601)."""
_YIQ = torch.tensor([_LUMA, (0.595716, -0.274453, -0.321263), (0.211456, -0.522591, 0.311135)])
"""From red, green and blue to the colours of NTSC: grey first, then a plane in which the hue is an angle."""
_QUARTER_TURN = torch.linalg.inv(_YIQ) @ torch.tensor([[0.0, 0, 0], [0, 0, -1], [0, 1, 0]]) @ _YIQ
"""By a quarter of a circle in that plane; grey is lost."""


def recolours(wanted: Augmentation) -> bool:
    """Whether there is anything to do for `recoloured`."""
    return bool(wanted.brightness or wanted.contrast or wanted.saturation or wanted.hue)


def recoloured(batch: torch.Tensor, wanted: Augmentation, preprocessing: Preprocessing, dice: Dice) -> torch.Tensor:
    """Change the colours of a normalised batch N×C×H×W, in 0…1, to which they are cut off once at the end.

    Brightness, contrast and saturation are those of torchvision's functions of these names. Hue turns the colours in
    the plane of YIQ, as NVIDIA DALI's `color_twist` does: linear, and the same grey after as before. Grey pictures have
    neither saturation nor hue.
    """
    mean, std = (torch.tensor(values, device=batch.device) for values in (preprocessing.mean, preprocessing.std))
    count, channels, height, width = batch.shape
    values = batch.reshape(count, channels, height * width)
    brightness, contrast, saturation = (
        between(1 - most, 1 + most, die)
        for most, die in (
            (wanted.brightness, dice.brightness),
            (wanted.contrast, dice.contrast),
            (wanted.saturation, dice.saturation),
        )
    )
    luma = torch.tensor(_LUMA if channels == 3 else (1.0,), device=batch.device)
    level = brightness * ((values.mean(2) * std + mean) @ luma)
    turn = between(-wanted.hue, wanted.hue, dice.hue)
    chroma = _chroma(saturation, turn) if channels == 3 else values.new_ones(1, 1, 1)
    maps = (brightness * contrast)[:, None, None] * chroma
    offsets = maps @ mean + ((1 - contrast) * level)[:, None]
    changed = torch.baddbmm(offsets[:, :, None], maps * std, values).clamp_(0, 1)
    return changed.sub_(mean[:, None]).div_(std[:, None]).view(batch.shape)


def _chroma(saturation: torch.Tensor, turn: torch.Tensor) -> torch.Tensor:
    """What keeps grey, scales the distance of each colour from it, and turns it by `turn` of a circle: (N, 3, 3)."""
    grey = torch.tensor(_LUMA, device=turn.device).expand(3, 3)
    angle = 2 * math.pi * turn
    cos, sin = ((saturation * part)[:, None, None] for part in (torch.cos(angle), torch.sin(angle)))
    return grey + cos * (torch.eye(3, device=turn.device) - grey) + sin * _QUARTER_TURN.to(turn.device)
