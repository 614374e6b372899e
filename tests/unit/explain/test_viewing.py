from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import cnn_desktop.models.archs  # noqa: F401 - registers the architectures
from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.decoding import OpenedPicture
from cnn_desktop.explain.export import write_layer
from cnn_desktop.explain.filters import dense_rows
from cnn_desktop.explain.recording import layers_of
from cnn_desktop.explain.viewing import record_picture
from cnn_desktop.models.architecture import build
from cnn_desktop.models.model import Model


def model_of(architecture: str, channels: int = 3, side: int = 32) -> Model:
    torch.manual_seed(0)
    module = build(architecture, 5, channels, (side, side)).eval()
    preprocessing = Preprocessing.unit_range(side, side, channels)  # pyright: ignore[reportArgumentType]
    return Model(architecture, module, tuple("abcde"), preprocessing, architecture)


@pytest.fixture
def picture() -> OpenedPicture:
    noise = np.random.default_rng(0).integers(0, 255, (40, 50, 3), dtype=np.uint8)
    return OpenedPicture(Image.fromarray(noise))


def test_the_layer_list_of_a_small_network() -> None:
    layers = layers_of(model_of("mnist_cnn", channels=1, side=8))
    assert [(layer.name, layer.shape) for layer in layers] == [
        ("conv1", (32, 6, 6)),
        ("relu1", (32, 6, 6)),
        ("pool1", (32, 3, 3)),
        ("flatten", (288,)),
        ("dense1", (100,)),
        ("relu2", (100,)),
        ("dense2", (5,)),
        ("softmax", (5,)),
    ]
    assert (layers[0].kind, layers[0].detail, layers[0].parameters) == ("conv", "3×3, 32", 320)
    assert (layers[-1].module_name, layers[-2].module_name) == ("", "dense2")


def test_layers_are_listed_by_block() -> None:
    layers = layers_of(model_of("resnet18", side=64))
    assert [block for block, _group in groupby(layer.block for layer in layers)] == [
        "",
        *(f"layer{stage}.{block}" for stage in (1, 2, 3, 4) for block in (0, 1)),
        "",
    ]
    labels = [layer.label for layer in layers if layer.block == "layer2.0"]
    assert labels == ["conv1", "bn1", "relu", "conv2", "bn2", "downsample.0", "downsample.1", "sum", "relu (2)"]
    stages = [block for block, _group in groupby(layer.block for layer in layers_of(model_of("mobilenet_v2", side=64)))]
    assert stages[1:4] == ["features.1", "features.2", "features.3"], "whole blocks, not their parts"


def test_a_layer_is_written_as_pictures_and_arrays(tmp_path: Path, picture: OpenedPicture) -> None:
    model = model_of("mnist_cnn", side=16)
    written = write_layer(model, picture, "conv1", tmp_path / "new" / "folder")
    assert [path.name for path in written] == [
        "conv1-maps.png",
        "conv1-maps.npy",
        "conv1-filters.png",
        "conv1-filters.npy",
    ]
    maps = np.load(written[1])
    assert np.array_equal(maps, record_picture(model, picture).maps("conv1"))
    assert np.array_equal(np.load(written[3]), model.module.get_submodule("conv1").weight.detach().numpy())
    with Image.open(written[0]) as sheet:
        assert sheet.mode == "RGB"
        assert sheet.width > 500
        assert len(sheet.getcolors(2**24) or ()) > 50
    assert sorted(path.name for path in written[0].parent.iterdir()) == sorted(path.name for path in written)


def test_a_layer_without_filters_writes_maps_only(tmp_path: Path, picture: OpenedPicture) -> None:
    written = write_layer(model_of("mnist_cnn", channels=1, side=16), picture, "pool1", tmp_path)
    assert [path.name for path in written] == ["pool1-maps.png", "pool1-maps.npy"]


def test_a_sum_a_second_use_and_a_block_are_written_too(tmp_path: Path, picture: OpenedPicture) -> None:
    model = model_of("resnet18", side=64)
    recording = record_picture(model, picture)
    for name, same in {"layer1.0.sum": "layer1.0.sum", "layer1.0": "layer1.0.relu (2)", "softmax": "softmax"}.items():
        maps = write_layer(model, picture, name, tmp_path)[1]
        assert maps.name == f"{name}-maps.npy"
        assert np.array_equal(np.load(maps), recording.maps(same))


def test_a_dense_layers_rows_lie_where_its_maps_lay(picture: OpenedPicture) -> None:
    model = model_of("mnist_cnn", channels=1, side=16)
    recording = record_picture(model, picture)
    rows = dense_rows(recording, "dense1")
    assert rows is not None
    assert rows.shape == (100, 32, 7, 7)
    answers = (rows * recording.maps("pool1")).sum((1, 2, 3)) + recording.operations["dense1"].arguments["bias"].numpy()
    assert np.allclose(answers, recording.maps("dense1").ravel(), atol=1e-5)
    last = dense_rows(recording, "dense2")
    assert last is not None
    assert last.shape == (5, 1, 10, 10)
    assert np.shares_memory(last, model.module.get_submodule("dense2").weight.detach().numpy())
    assert dense_rows(recording, "conv1") is None


def test_kernels_over_many_channels_are_written_as_a_table(tmp_path: Path, picture: OpenedPicture) -> None:
    model = model_of("cifar_vgg6")
    written = write_layer(model, picture, "conv3", tmp_path)
    weights = np.load(written[3])
    with Image.open(written[2]) as sheet:
        assert sheet.height / sheet.width == pytest.approx(weights.shape[0] / weights.shape[1], rel=0.05)


def test_an_unknown_layer_is_named(tmp_path: Path, picture: OpenedPicture) -> None:
    with pytest.raises(ModelError, match="did you mean conv1"):
        write_layer(model_of("mnist_cnn", side=16), picture, "cnv1", tmp_path)
    assert not list(tmp_path.iterdir())
