"""One picture through training, evaluation, prediction, explanation and the preview: the network is given the same."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from torch.nn.modules.module import register_module_forward_pre_hook

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.data.augment.variants import variants
from cnn_desktop.data.decoding import open_picture
from cnn_desktop.data.pictures import normalize
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.explain.export import write_layer
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import open_model
from cnn_desktop.predict.batch import classify
from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.evaluation import answer_split
from cnn_desktop.train.control import Control
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train
from cnn_desktop.ui.pages.inspect.looking import look
from cnn_desktop.ui.pages.pictures import gather
from cnn_desktop.ui.pages.predict.answering import AskedPicture, answer

SIDE = 24
LONG_AGO = 1_000_000_000


def photo() -> Image.Image:
    """Large enough that JPEGs are decoded at a reduced scale."""
    down, across = np.mgrid[0:150, 0:200]
    waves = [128 + 100 * np.sin(across / 9), 128 + 100 * np.cos(down / 7), 128 + 100 * np.sin((across + down) / 11)]
    return Image.fromarray(np.stack(waves, axis=-1).astype(np.uint8))


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def sixteen_bits() -> Image.Image:
    return Image.fromarray(np.asarray(photo().convert("L")).astype(np.uint16) * 257)


FILES: dict[str, Callable[[Path], None]] = {
    "plain.jpg": lambda path: photo().save(path, quality=90),
    "plain.png": lambda path: photo().save(path),
    "sixteen.png": lambda path: sixteen_bits().save(path),
    "inks.jpg": lambda path: photo().convert("CMYK").save(path, quality=90),
    "turned.jpg": lambda path: photo().save(path, quality=90, exif=turned().tobytes()),
}


@contextmanager
def given_to_networks(training: bool) -> Iterator[list[torch.Tensor]]:
    """Each picture, float32 C×H×W, that a network in that mode is called with."""
    seen: list[torch.Tensor] = []

    def note(module: nn.Module, inputs: tuple[object, ...]) -> None:
        first = inputs[0] if inputs else None
        if isinstance(first, torch.Tensor) and first.shape[1:] == (3, SIDE, SIDE) and module.training == training:
            seen.extend(first.detach().clone().contiguous())

    handle = register_module_forward_pre_hook(note)
    try:
        yield seen
    finally:
        handle.remove()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classes in three splits, with the same five pictures in each."""
    place = tmp_path_factory.mktemp("pictures")
    for name, write in FILES.items():
        write(place / name)
        os.utime(place / name, (LONG_AGO, LONG_AGO))  # what was changed a moment ago isn't cached
    for split in ("train", "val", "test"):
        for label in ("a", "b"):
            (place / "set" / split / label).mkdir(parents=True)
            for name in FILES:
                shutil.copy2(place / name, place / "set" / split / label)
    return place


@pytest.fixture(params=["held", "streamed", "cached"])
def memory(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param != "held":
        monkeypatch.setenv("CNN_DESKTOP_PIXEL_MEMORY", "0")
    return request.param


def run(folder: Path, run_dir: Path) -> None:
    config = default_config(str(folder / "set"), "mnist_cnn", run_dir=run_dir, device="cpu", precision="fp32")
    recipe = config.recipe.changed(epochs=2, batch_size=10, augmentation=Augmentation())
    list(train(config.changed(recipe=recipe, image_size=SIDE), Control()))


def test_every_way_gives_the_network_the_same_tensor(folder: Path, tmp_path: Path, memory: str) -> None:
    if memory == "cached":
        run(folder, tmp_path / "before")
    ways: dict[str, list[torch.Tensor]] = {}
    with given_to_networks(training=True) as ways["training"], given_to_networks(training=False) as ways["measuring"]:
        run(folder, tmp_path / "run")
    model = open_model(str(tmp_path / "run"))
    if memory == "cached":
        before = open_model(str(tmp_path / "before")).module.state_dict()
        assert all(torch.equal(tensor, before[name]) for name, tensor in model.module.state_dict().items())
    classifier = Classifier(model, "cpu")
    dataset = open_dataset(str(folder / "set"))
    with given_to_networks(training=False) as ways["evaluation"]:
        answer_split(classifier, dataset, "test")
    paths = [folder / name for name in FILES]
    with given_to_networks(training=False) as ways["prediction"]:
        list(classify(classifier, paths))
    with given_to_networks(training=False) as ways["the Predict page"]:
        for given in gather(paths):
            answer(AskedPicture(given), classifier)
    with given_to_networks(training=False) as ways["the Inspect page"]:
        for given in gather(paths):
            look(model, given)
    with given_to_networks(training=False) as ways["the inspect command"]:
        for path in paths:
            write_layer(model, open_picture(path), "conv1", tmp_path / "layer")
    ways["the preview"] = [
        preview(model, dataset.splits["train"].pixels(index, model.preprocessing)) for index in range(5)
    ]
    wanted = {tensor.numpy().tobytes() for tensor in ways["the preview"]}
    assert len(wanted) == len(FILES)
    for way, tensors in ways.items():
        assert {tensor.numpy().tobytes() for tensor in tensors} == wanted, way


def preview(model: Model, pixels: np.ndarray) -> torch.Tensor:
    """What the network is given where the augmentation page shows a picture, of which nothing is changed."""
    (shown,) = variants(pixels, Augmentation(), model.preprocessing, count=1, seed=0)
    assert np.array_equal(shown, pixels.transpose(1, 2, 0))
    batch = torch.from_numpy(np.ascontiguousarray(shown))[None].permute(0, 3, 1, 2)
    return normalize(batch, model.preprocessing)[0].contiguous()
