"""A network that knows the built-in digits, trained in a second."""

import functools

import torch
from torch.nn import functional

from cnn_desktop.data.pictures import normalize
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.models.architecture import architectures
from cnn_desktop.models.model import Model
from tests.ui.example_runs import example_model


@functools.cache
def _trained_state() -> dict[str, torch.Tensor]:
    model = example_model()
    split = open_dataset("digits").splits["train"]
    pixels = torch.stack([torch.from_numpy(split.pixels(at, model.preprocessing)) for at in range(len(split))])
    inputs, labels = normalize(pixels, model.preprocessing), torch.from_numpy(split.labels)
    optimizer = torch.optim.Adam(model.module.parameters(), 3e-3)
    torch.manual_seed(0)
    model.module.train()
    for _epoch in range(2):
        for part in torch.randperm(len(inputs)).split(64):
            optimizer.zero_grad()
            functional.cross_entropy(model.module(inputs[part]), labels[part]).backward()
            optimizer.step()
    return {name: tensor.clone() for name, tensor in model.module.state_dict().items()}


def trained_digits(swapped: tuple[int, int] | None = None) -> Model:
    """A model of digits that is right nine times of ten; `swapped` are two classes that it takes for each other."""
    model = example_model()
    model.module.load_state_dict(_trained_state())
    if swapped is not None:
        head = model.module.get_submodule(architectures[model.architecture].head)
        order = list(range(len(model.classes)))
        order[swapped[0]], order[swapped[1]] = swapped[1], swapped[0]
        with torch.no_grad():
            for tensor in head.parameters():
                tensor.copy_(tensor[order].clone())
    model.module.eval()
    return model
