"""How a model is given a picture to look at."""

import torch

from cnn_desktop.data.decoding import OpenedPicture
from cnn_desktop.data.pictures import normalize
from cnn_desktop.explain.recording import Recording, record
from cnn_desktop.models.model import Model


def record_picture(model: Model, picture: OpenedPicture) -> Recording:
    """Everything that `model` computes for `picture`, from one forward pass.

    Raises:
        ImageError: the picture turns out to be damaged.
        ModelError: the network gives something other than logits.
    """
    return record(model.module, picture_batch(model, picture), model.temperature)


def picture_batch(model: Model, picture: OpenedPicture) -> torch.Tensor:
    """The picture as the model sees it: float32 1×C×H×W, on the device of its weights."""
    pixels = torch.from_numpy(picture.pixels(model.preprocessing)).unsqueeze(0)
    device = next(model.module.parameters()).device
    return normalize(pixels.to(device), model.preprocessing)
