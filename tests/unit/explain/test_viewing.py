from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import cnn_desktop.models.archs  # noqa: F401 - registers the architectures
from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.decoding import OpenedPicture
from cnn_desktop.data.pictures import normalize
from cnn_desktop.explain.export import write_layer
from cnn_desktop.explain.viewing import all_maps, layers_to_view
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


@pytest.mark.parametrize("architecture", ["cifar_vgg6", "resnet9", "resnet18", "mobilenet_v3_small", "squeezenet1_0"])
def test_every_layer_listed_can_be_viewed_and_shows_what_torch_computed(
    architecture: str, picture: OpenedPicture
) -> None:
    model = model_of(architecture, side=64)
    layers = layers_to_view(model)
    names = [layer.name for layer in layers]
    assert len(names) == len(set(names)) > 3
    maps = all_maps(model, picture, names)
    plain: dict[str, torch.Tensor] = {}
    modules = dict(model.module.named_modules())
    for name in names:
        modules[name].register_forward_hook(lambda _m, _i, out, name=name: plain.__setitem__(name, out.clone()))
    with torch.no_grad():
        model.module(normalize(torch.from_numpy(picture.pixels(model.preprocessing))[None], model.preprocessing))
    for layer in layers:
        values = maps[layer.name]
        assert values.dtype == np.float32
        assert values.shape == (layer.shape if len(layer.shape) == 3 else (*layer.shape, 1, 1))
        assert np.array_equal(values.ravel(), plain[layer.name].numpy().ravel()), layer.name


def test_dense_layers_follow_the_maps() -> None:
    layers = layers_to_view(model_of("mnist_cnn", channels=1, side=8))
    assert [(layer.name, layer.shape) for layer in layers] == [
        ("conv1", (32, 6, 6)),
        ("relu1", (32, 6, 6)),
        ("pool1", (32, 3, 3)),
        ("dense1", (100,)),
        ("relu2", (100,)),
        ("dense2", (5,)),
    ]
    assert layers[0].kind == "conv 3×3, 32"


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
    assert np.array_equal(maps, all_maps(model, picture, ["conv1"])["conv1"])
    assert np.array_equal(np.load(written[3]), model.module.get_submodule("conv1").weight.detach().numpy())
    with Image.open(written[0]) as sheet:
        assert sheet.mode == "RGB"
        assert sheet.width > 500
        assert len(sheet.getcolors(2**24) or ()) > 50
    assert sorted(path.name for path in written[0].parent.iterdir()) == sorted(path.name for path in written)


def test_a_layer_without_filters_writes_maps_only(tmp_path: Path, picture: OpenedPicture) -> None:
    written = write_layer(model_of("mnist_cnn", channels=1, side=16), picture, "pool1", tmp_path)
    assert [path.name for path in written] == ["pool1-maps.png", "pool1-maps.npy"]


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
