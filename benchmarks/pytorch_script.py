"""Contestant: the script that most people write. Run as: pytorch_script.py ARCHITECTURE DATASET BATCH_SIZE WORKERS.

torch is imported before our own package, so its threads wait as they do in anybody's script.
"""

import itertools
import sys
import time

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from benchmarks.answering import Answer, Answers
from benchmarks.pictures import read_pictures
from benchmarks.places import PICTURES
from cnn_desktop.models.architecture import architectures, build

_WARM_BATCHES = 4
"""Left out of each measurement: workers start, and fill their queues."""


class Pictures(Dataset[tuple[torch.Tensor, int]]):
    """As torchvision's MNIST and CIFAR10: a PIL image for each access, and then the transforms."""

    def __init__(self, images: np.ndarray, labels: np.ndarray) -> None:
        self._images = images[..., 0] if images.shape[3] == 1 else images
        self._labels = labels.tolist()
        half = (0.5,) * images.shape[3]
        self._transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize(half, half)])

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        tensor: torch.Tensor = self._transform(Image.fromarray(self._images[index]))  # pyright: ignore[reportAssignmentType]
        return tensor, self._labels[index]


class Script:
    """A plain loop over a `DataLoader`."""

    def __init__(
        self, architecture: str, pictures: tuple[np.ndarray, np.ndarray], batch_size: int, workers: int
    ) -> None:
        images, labels = pictures
        height, width, channels = images.shape[1:]
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = build(architecture, 10, channels, (height, width)).to(self.device)
        self.loader = DataLoader(Pictures(images, labels), batch_size, shuffle=True, num_workers=workers)
        self.criterion = nn.CrossEntropyLoss()
        recipe = architectures[architecture].recipe
        if recipe.optimizer == "sgd":
            self.optimizer = torch.optim.SGD(self.model.parameters(), recipe.learning_rate, recipe.momentum)
        else:
            self.optimizer = torch.optim.Adam(self.model.parameters(), recipe.learning_rate)

    def train_for(self, seconds: float) -> Answer:
        """Train over the pictures in a new order, again and again, until the time is over."""
        self.model.train()
        images, began, running_loss = 0, 0.0, 0.0
        batches = itertools.chain.from_iterable(itertools.repeat(self.loader))
        for number, (inputs, labels) in enumerate(batches):
            if number == _WARM_BATCHES:
                images, began = 0, time.perf_counter()
            running_loss += self._step(inputs.to(self.device), labels.to(self.device))
            images += len(labels)
            if number >= _WARM_BATCHES and time.perf_counter() - began >= seconds:
                break
        return {"images": images, "seconds": time.perf_counter() - began}

    def _step(self, inputs: torch.Tensor, labels: torch.Tensor) -> float:
        self.optimizer.zero_grad()
        loss = self.criterion(self.model(inputs), labels)
        loss.backward()
        self.optimizer.step()
        return loss.item()


def main() -> None:
    """Set the script up, and train whenever told to."""
    answers = Answers()
    architecture, dataset, batch_size, workers = sys.argv[1:]
    script = Script(architecture, read_pictures(PICTURES / f"{dataset}.npz"), int(batch_size), int(workers))
    parameters = sum(parameter.numel() for parameter in script.model.parameters())
    answers.serve({"parameters": parameters, "precision": "fp32", "device": str(script.device)}, script.train_for)


if __name__ == "__main__":
    main()
