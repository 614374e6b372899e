"""A network that has learned the built-in digits, and a picture that it knows."""

import functools

import torch
from torch.nn import functional

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.pictures import normalize
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.explain.attribution import Question
from cnn_desktop.models.architecture import build
from cnn_desktop.models.model import Model


@functools.cache
def known_digits() -> Model:
    """Right about nine times of ten, after a second of training."""
    torch.manual_seed(0)
    module = build("mnist_cnn", 10, 1, (8, 8)).train()
    rules = Preprocessing.unit_range(8, 8, 1)
    split = open_dataset("digits").splits["train"]
    inputs = normalize(torch.stack([torch.from_numpy(split.pixels(at, rules)) for at in range(len(split))]), rules)
    labels = torch.from_numpy(split.labels)
    optimizer = torch.optim.Adam(module.parameters(), 3e-3)
    for _epoch in range(2):
        for part in torch.randperm(len(inputs)).split(64):
            optimizer.zero_grad()
            functional.cross_entropy(module(inputs[part]), labels[part]).backward()
            optimizer.step()
    return Model("mnist_cnn", module.eval(), tuple("0123456789"), rules, "Digits", {"dataset": "digits"})


def digit(number: int) -> Question:
    """Why is the test picture of that number what it is?"""
    model = known_digits()
    split = open_dataset("digits").splits["test"]
    pixels = torch.from_numpy(split.pixels(number, model.preprocessing))[None]
    return Question.about(model, pixels, int(split.labels[number]))
