"""Every registered architecture and both real models as ONNX: `python -m tests.soak.exports`.

With names behind it, only those, of torchvision's other networks too.

Weights and batch norms are random, pictures are sixteen photographs where CNN_DESKTOP_TEST_DATA names some. Prints the
largest difference as a share of the logits' range, for real models also with the preprocessing inside, and fails above
what is allowed.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import cnn_desktop.models.archs  # noqa: F401 - registers the architectures
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.models.architecture import architectures, build, find_architecture
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import open_model
from cnn_desktop.predict.export.exporting import SAMPLES, export_model
from cnn_desktop.predict.export.sample_pictures import sample_pictures
from tests.unit.predict.export.conftest import randomise

REAL = {
    "mobilenet_v2": "mobilenet_v2-imagenet-dequant.pth",
    "squeezenet1_0": "squeezenet1_0-deepcompression-imagenet.pth",
}

_REAL = ", real"


def main(names: list[str]) -> int:
    """Export what is named, or everything; the exit code."""
    data = Path(os.environ.get("CNN_DESKTOP_TEST_DATA", "/nowhere"))
    photographs = sorted((data / "imagenet_samples").glob("*.JPEG"))[:SAMPLES]
    pictures = [np.array(Image.open(file).convert("RGB")) for file in photographs] or sample_pictures(SAMPLES)
    print(f"{len(pictures)} {'photographs' if photographs else 'drawn pictures'}")
    with tempfile.TemporaryDirectory() as folder:
        for name, model in _models(names or list(architectures), data / "models"):
            # Including it takes as long again, and is the same graph before every network.
            for with_preprocessing in (False, True) if name.endswith(_REAL) else (False,):
                _export(name, model, Path(folder) / "model.onnx", with_preprocessing, pictures)
    return 0


def _models(names: list[str], weights: Path) -> Iterator[tuple[str, Model]]:
    for name in names:
        yield f"{name}, random", _random(name)
        if name in REAL and (weights / REAL[name]).is_file():
            yield f"{name}{_REAL}", open_model(name, weights / REAL[name])


def _random(name: str) -> Model:
    architecture = find_architecture(name)
    torch.manual_seed(0)
    side = architecture.preferred_size
    published = architecture.pretrained()
    facts = published.preprocessing if published else Preprocessing.unit_range(side, side, 3)
    module = build(name, 10, facts.channels, (facts.height, facts.width)).eval()
    randomise(module)
    return Model(name, module, tuple("abcdefghij"), facts, architecture.title)


def _export(name: str, model: Model, path: Path, with_preprocessing: bool, pictures: list[np.ndarray]) -> None:
    began = time.perf_counter()
    exported = export_model(model, path, "onnx", with_preprocessing=with_preprocessing, pictures=pictures)
    opened, expected = open_model(str(path)), model.module.state_dict()
    assert (opened.classes, opened.preprocessing) == (model.classes, model.preprocessing)
    assert all(torch.equal(tensor, expected[key]) for key, tensor in opened.module.state_dict().items())
    differences = " and ".join(f"{proof.difference:.1e} of {proof.tolerance:g}" for proof in exported.proofs)
    what = "with preprocessing" if with_preprocessing else "network"
    print(f"{name:28} {what:20} {differences:36} {time.perf_counter() - began:5.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
