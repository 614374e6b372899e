"""The list of layers: what a person reads about a network, and that asking changes nothing."""

import torch
from torch import nn

from cnn_desktop.models.architecture import build
from cnn_desktop.models.layers import LayerInfo, freeze_first, list_layers


def _listed(name: str, side: int, channels: int = 3) -> dict[str, LayerInfo]:
    with torch.device("meta"):
        module = build(name, 10, channels, (side, side))
    return {layer.name: layer for layer in list_layers(module, (channels, side, side))}


def test_tells_kind_detail_shape_and_parameters() -> None:
    layers = _listed("mnist_cnn", 28, channels=1)
    assert list(layers) == ["conv1", "relu1", "pool1", "flatten", "dense1", "relu2", "dense2"]
    assert layers["conv1"] == LayerInfo("conv1", "conv", "3×3, 32", (32, 26, 26), 320, trainable=True)
    assert layers["relu1"] == LayerInfo("relu1", "relu", "", (32, 26, 26), 0, trainable=False)
    assert layers["pool1"].kind == "pool"
    assert layers["pool1"].output_shape == (32, 13, 13)
    assert layers["flatten"].output_shape == (5408,)
    assert layers["dense1"] == LayerInfo("dense1", "dense", "100", (100,), 540_900, trainable=True)


def test_details_of_stride_depthwise_padding_dropout_and_norms() -> None:
    mobile = _listed("mobilenet_v2", 224)
    assert mobile["features.0.0"].detail == "3×3, 32, stride 2"
    assert mobile["features.1.conv.0.0"].detail == "3×3, 32, depthwise"
    assert mobile["features.0.1"].kind == "batch norm"
    tutorial = _listed("cifar_tf", 32)
    assert tutorial["pad4"].kind == "padding"
    assert (tutorial["dropout1"].kind, tutorial["dropout1"].detail) == ("dropout", "0.25")
    assert _listed("resnet18", 64)["avgpool"].detail == "mean, to 1×1"


def test_residual_networks_are_listed_in_the_order_of_the_forward_pass() -> None:
    layers = list(_listed("resnet18", 64))
    assert layers[:6] == ["conv1", "bn1", "relu", "maxpool", "layer1.0.conv1", "layer1.0.bn1"]
    assert layers.index("layer2.0.bn2") < layers.index("layer2.0.downsample.0") < layers.index("layer2.1.conv1")
    assert layers[-2:] == ["avgpool", "fc"]


def test_parameters_of_a_block_itself_are_listed_with_it() -> None:
    block = _listed("convnext_tiny", 32)["features.1.0"]
    assert block.parameters == 96
    assert block.output_shape == (96, 8, 8)


def test_a_layer_that_runs_twice_is_listed_once() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.relu, self.second = nn.Conv2d(1, 2, 1), nn.ReLU(), nn.Conv2d(2, 5, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.relu(self.second(self.relu(self.first(x))))

    layers = list_layers(Twice(), (1, 4, 4))
    assert [(layer.name, layer.output_shape[0]) for layer in layers] == [("first", 2), ("relu", 2), ("second", 5)]


def test_module_is_left_as_it_was() -> None:
    module = build("cifar_vgg6", 10, 3, (32, 32)).train()
    module.get_submodule("bn1").eval()
    calls: list[str] = []
    module.register_forward_hook(lambda *_arguments: calls.append("hook"))
    module.get_submodule("conv1").register_forward_pre_hook(lambda *_arguments: calls.append("hook"))
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    modes = [part.training for part in module.modules()]
    list_layers(module, (3, 32, 32))
    assert [part.training for part in module.modules()] == modes
    assert calls == []
    assert all(
        tensor.device.type == "cpu" and tensor.equal(before[name]) for name, tensor in module.state_dict().items()
    )
    assert all(not part._forward_hooks for part in module.children())


def test_frozen_layers_are_not_trainable() -> None:
    module = build("cifar_vgg6", 10, 3, (32, 32))
    freeze_first(module, 1)
    trainable = {layer.name: layer.trainable for layer in list_layers(module, (3, 32, 32)) if layer.parameters}
    assert [name for name, learns in trainable.items() if not learns] == ["conv1", "bn1"]


def test_batch_norm_that_is_frozen_is_still_a_batch_norm() -> None:
    module = build("cifar_vgg6", 10, 3, (32, 32))
    freeze_first(module, 1)
    assert next(layer for layer in list_layers(module, (3, 32, 32)) if layer.name == "bn1").kind == "batch norm"
