"""What tells two models apart that may carry the same name."""

import hashlib

import torch

from cnn_desktop.models.described import identity
from cnn_desktop.models.model import Model


def fingerprint(model: Model) -> str:
    """SHA-256, in hex, of all that decides a model's answers: architecture, classes, preprocessing and every weight.

    VGG16 takes half a second.
    """
    digest = hashlib.sha256()
    facts = [identity(model), *model.classes, model.preprocessing.model_dump_json(), repr(model.temperature)]
    for fact in facts:
        digest.update(f"{fact}\0".encode())
    for name, tensor in sorted(model.module.state_dict().items()):
        digest.update(f"{name}\0{tensor.dtype}\0{tuple(tensor.shape)}\0".encode())
        digest.update(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()
