"""Contestant: from a picture's file to its ten best classes. Run as: latency_contestant.py WAY NETWORK WEIGHTS.

WAY is `plain` (torchvision's model, filled by `torch.load`, on what `Image.open` and its own transforms give) or
`ours`. WEIGHTS is a file in the layout of the published ones, which takes their place for this process.
"""

import dataclasses
import functools
import hashlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from PIL import Image
from torchvision.models import get_model, get_model_weights

from benchmarks.answering import Answer, Answers
from cnn_desktop.core.paths import pretrained_dir
from cnn_desktop.data.decoding import open_picture, read_pixels
from cnn_desktop.models.archs import architectures
from cnn_desktop.models.weights import open_model
from cnn_desktop.predict.classifier import Classifier

_TOP = 10

Found = list[tuple[str, float]]
"""The ten best classes and their probabilities, best first."""


class Way(Protocol):
    """One way to an answer, its model made and loaded."""

    @property
    def facts(self) -> dict[str, str]:
        """What is said of it."""
        ...

    def answer(self, path: Path) -> Found:
        """The ten best classes of a picture."""
        ...

    def read(self, path: Path) -> torch.Tensor:
        """What a picture is before the network is asked, without a batch around it."""
        ...

    def answer_batch(self, batch: torch.Tensor) -> torch.Tensor:
        """Probabilities: N×C×H×W, as `read` gives them, to N×classes."""
        ...


class Plain:
    """As the tutorials have it."""

    def __init__(self, network: str, weights: Path) -> None:
        self._module = get_model(network)
        self._module.load_state_dict(torch.load(weights))
        self._module.eval()
        published = get_model_weights(network)["IMAGENET1K_V1"]
        self._transforms = published.transforms()
        self._classes = published.meta["categories"]

    @property
    def facts(self) -> dict[str, str]:
        """The precision."""
        return {"precision": "fp32"}

    def read(self, path: Path) -> torch.Tensor:
        """float32 C×H×W, normalised."""
        return self._transforms(Image.open(path).convert("RGB"))

    def answer_batch(self, batch: torch.Tensor) -> torch.Tensor:
        """Ask the network."""
        with torch.inference_mode():
            return self._module(batch).softmax(1)

    def answer(self, path: Path) -> Found:
        """Read, ask, sort."""
        values, indices = self.answer_batch(self.read(path).unsqueeze(0))[0].topk(_TOP)
        return [(self._classes[index], value) for index, value in zip(indices.tolist(), values.tolist(), strict=True)]


class Ours:
    """As the window does it, which draws the picture afterwards."""

    def __init__(self, network: str, precision: str) -> None:
        self._model = open_model(network)
        self._precision = precision

    @functools.cached_property
    def _classifier(self) -> Classifier:
        return Classifier(self._model, precision=self._precision)

    @property
    def facts(self) -> dict[str, str]:
        """The precision, and why that one."""
        return {"precision": self._classifier.precision, "reason": self._classifier.precision_reason}

    def read(self, path: Path) -> torch.Tensor:
        """uint8 C×H×W."""
        return torch.from_numpy(np.ascontiguousarray(read_pixels(path, self._classifier.model.preprocessing)))

    def answer_batch(self, batch: torch.Tensor) -> torch.Tensor:
        """Ask the network."""
        return self._classifier.probabilities(batch)

    def answer(self, path: Path) -> Found:
        """Open, ask, sort."""
        return [(guess.label, guess.probability) for guess in self._classifier.predict(open_picture(path), _TOP)]


def main() -> None:
    """Make ready, then answer whatever is asked."""
    answers = Answers()
    way, network, weights = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    if way == "ours":
        _publish(network, weights)
    makes: dict[str, Callable[[str], Way]] = {
        "plain": lambda _precision: Plain(network, weights),
        "ours": lambda precision: Ours(network, precision),
    }
    make = makes[way]
    questions = {"time": _timed, "answers": _answered}
    answers.serve({"threads": torch.get_num_threads()}, lambda what, **order: questions[what](make, **order))


def _publish(network: str, weights: Path) -> None:
    """Let `weights` be what is published for `network`, downloaded already."""
    os.environ["TORCH_HOME"] = str(Path.home() / "torch")
    architecture = architectures[network]
    published = architecture.pretrained()
    assert published is not None
    place = pretrained_dir() / published.file_name
    place.parent.mkdir(parents=True)
    place.symlink_to(weights)
    facts = dataclasses.replace(published, sha256_prefix=hashlib.sha256(weights.read_bytes()).hexdigest())
    setattr(type(architecture), "pretrained", lambda _self: facts)  # noqa: B010 - to the type checker it is no variable


def _timed(make: Callable[[str], Way], precision: str, folder: str, later: float, batch_size: float) -> Answer:
    """Seconds: until the model is loaded, until the first answer, for each later one, for a batch that was read."""
    paths = sorted(Path(folder).iterdir())
    began = time.perf_counter()
    way = make(precision)
    ready = time.perf_counter() - began
    way.answer(paths[0])
    first = time.perf_counter() - began
    taken = [_seconds(way, paths[number % len(paths)]) for number in range(1, int(later) + 1)]
    batch = torch.stack([way.read(paths[0])] * int(batch_size))
    began = time.perf_counter()
    way.answer_batch(batch)
    of_batch = time.perf_counter() - began
    return {"ready": ready, "first": first, "later": taken, "batch": of_batch, **way.facts}


def _seconds(way: Way, path: Path) -> float:
    began = time.perf_counter()
    way.answer(path)
    return time.perf_counter() - began


def _answered(make: Callable[[str], Way], precision: str, folder: str) -> Answer:
    """What it says to each picture in a folder, by name."""
    way = make(precision)
    return {"found": {path.name: way.answer(path) for path in sorted(Path(folder).iterdir())}}


if __name__ == "__main__":
    main()
