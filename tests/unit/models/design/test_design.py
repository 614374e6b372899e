"""What a design comes to is what torch makes of it, and what can't stand is named."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from cnn_desktop.core.design import (
    Activation,
    BatchNorm,
    Convolution,
    Dense,
    Design,
    Dropout,
    Flatten,
    GlobalPool,
    Layer,
    Padding,
    Pool,
    Residual,
)
from cnn_desktop.core.errors import ModelError
from cnn_desktop.models.archs import architectures
from cnn_desktop.models.design.architecture import DesignedArchitecture
from cnn_desktop.models.design.reading import design_of, plain_architectures
from cnn_desktop.models.design.report import report
from cnn_desktop.models.design.words import KINDS, detail_of, layers_text
from cnn_desktop.models.layers import list_layers
from cnn_desktop.models.weightless import weightless

_LAYERS = st.one_of(
    st.builds(
        Convolution,
        filters=st.sampled_from([1, 4, 6]),
        kernel=st.integers(1, 5),
        stride=st.integers(1, 3),
        padding=st.integers(0, 3),
        dilation=st.integers(1, 2),
        groups=st.sampled_from([1, 1, 2]),
        bias=st.booleans(),
    ),
    st.just(BatchNorm()),
    st.builds(Activation, function=st.sampled_from(["relu", "leaky_relu", "gelu", "silu", "tanh", "sigmoid"])),
    st.builds(
        Pool,
        function=st.sampled_from(["max", "mean"]),
        size=st.integers(1, 4),
        stride=st.integers(0, 4),
        padding=st.integers(0, 2),
    ),
    st.builds(GlobalPool, function=st.sampled_from(["max", "mean"])),
    st.builds(Padding, left=st.integers(0, 2), bottom=st.integers(0, 3)),
    st.just(Dropout()),
    st.just(Flatten()),
    st.builds(Dense, outputs=st.integers(1, 9), bias=st.booleans()),
    st.just(Residual()),
)


def _design(*layers: Layer, side: int = 32) -> Design:
    return Design(name="mine", title="Mine", layers=layers, side=side)


@given(st.lists(_LAYERS, max_size=7), st.integers(1, 20), st.integers(1, 20))
@settings(max_examples=120, deadline=None)
def test_every_design_is_as_torch_has_it_or_names_the_layer_that_torch_refuses(
    layers: list[Layer], height: int, width: int
) -> None:
    design = _design(*layers)
    known = report(design, (3, height, width), 5)
    if known.wrong is None:
        with weightless():
            network = DesignedArchitecture(design).build(5, 3, (height, width))
        found = {info.name: info for info in list_layers(network, (3, height, width))}
        for row in known.rows:
            assert row.step is not None
            parameters = sum(p.numel() for p in network.get_submodule(row.name).parameters())
            assert row.step.parameters == parameters
            if row.name in found:
                assert row.step.shape == found[row.name].output_shape
        return
    with pytest.raises(ModelError, match=known.wrong.name):
        DesignedArchitecture(design).build(5, 3, (height, width))
    # What stands before it works, and with it torch gives up.
    before = [row for row in known.rows if row.step is not None]
    maps = torch.zeros(2, 3, height, width)
    shape = before[-1].step.shape if before and before[-1].step else tuple(maps.shape[1:])
    from torch import nn

    wrong = known.wrong.layer
    if isinstance(wrong, Convolution) and len(shape) == 3:
        with pytest.raises((RuntimeError, ValueError)):
            nn.Conv2d(
                shape[0],
                wrong.filters,
                wrong.kernel,
                stride=wrong.stride,
                padding=wrong.padding,
                dilation=wrong.dilation,
                groups=wrong.groups,
            )(torch.zeros(2, *shape))
    if isinstance(wrong, Pool) and len(shape) == 3:
        kind = nn.MaxPool2d if wrong.function == "max" else nn.AvgPool2d
        with pytest.raises((RuntimeError, ValueError)):
            kind(wrong.size, stride=wrong.stride or None, padding=wrong.padding)(torch.zeros(2, *shape))


def test_rebuilt_tutorials_have_the_same_layers_and_parameters() -> None:
    names = {architecture.name for architecture in plain_architectures()}
    assert names == {"cats_dogs", "cifar_tf", "cifar_vgg6", "mnist_cnn", "mnist_deep"}
    for name in names:
        original, design = architectures[name], design_of(architectures[name])
        assert design is not None
        ours, size = DesignedArchitecture(design), (original.preferred_size, original.preferred_size)
        with weightless():
            there, here = original.build(10, 3, size), ours.build(10, 3, size)
        shapes = {key: value.shape for key, value in there.state_dict().items()}
        assert {key: value.shape for key, value in here.state_dict().items()} == shapes
        assert (ours.min_size, ours.head) == (original.min_size, original.head)


def test_multiply_adds_are_those_that_torch_counts(vgg6: Design) -> None:
    counter = FlopCounterMode(display=False)
    network = DesignedArchitecture(vgg6).build(10, 3, (32, 32)).eval()
    with counter, torch.no_grad():
        network(torch.zeros(1, 3, 32, 32))
    found = report(vgg6, (3, 32, 32), 10)
    assert found.operations == counter.get_total_flops() // 2 == 38_896_896
    assert found.parameters == 551_466
    assert found.activation_bytes == 4 * sum(_outputs(network))


def _outputs(network: torch.nn.Module) -> list[int]:
    maps, sizes = torch.zeros(1, 3, 32, 32), []
    for layer in network.children():
        maps = layer(maps)
        sizes.append(maps.numel())
    return sizes


def test_three_pools_of_eight_on_pictures_of_32_name_the_second() -> None:
    design = _design(Convolution(), Pool(size=8), Convolution(), Pool(size=8), Pool(size=8), Flatten())
    wrong = report(design, (3, 32, 32), 10).wrong
    assert wrong is not None and wrong.name == "pool2"
    assert "8×8 doesn't fit into maps of 4×4" in wrong.problem
    with pytest.raises(ModelError, match="pool2: A window of 8×8"):
        DesignedArchitecture(design).build(10, 3, (32, 32))
    assert DesignedArchitecture(design).min_size == 512


@pytest.mark.parametrize(
    ("layers", "name", "words"),
    [
        ((Flatten(), Convolution()), "conv1", "takes maps"),
        ((Convolution(), Dense()), "dense1", "put a flatten before it"),
        ((Convolution(),), "dense1", "put a flatten before it"),
        ((Convolution(groups=2),), "conv1", "3 maps can't be divided into 2 groups"),
        ((Convolution(filters=4, groups=3),), "conv1", "4 filters can't be divided into 3 groups"),
        ((Convolution(kernel=9, padding=0, dilation=4),), "conv1", "reaches over 33×33"),
        ((Pool(size=2, padding=2),), "pool1", "at most half"),
        ((Convolution(filters=4096), Flatten(), Dense(outputs=65_536)), "dense1", "would take"),
    ],
)
def test_what_cannot_stand_says_why(layers: tuple[Layer, ...], name: str, words: str) -> None:
    wrong = report(_design(*layers), (3, 32, 32), 10).wrong
    assert wrong is not None and wrong.name == name and words in wrong.problem


def test_a_residual_block_adds_its_input() -> None:
    network = DesignedArchitecture(_design(Residual(), Flatten(), side=8)).build(4, 3, (8, 8)).eval()
    block = network.get_submodule("residual1")
    pictures = torch.randn(2, 3, 8, 8)
    change = block.get_submodule("bn2")(
        block.get_submodule("conv2")(
            block.get_submodule("relu1")(block.get_submodule("bn1")(block.get_submodule("conv1")(pictures)))
        )
    )
    assert torch.equal(block(pictures), torch.relu(pictures + change))


def test_first_weights_are_what_the_design_says(vgg6: Design) -> None:
    spreads = {}
    for first in ("glorot", "he", "torch"):
        torch.manual_seed(0)
        network = DesignedArchitecture(vgg6.changed(first_weights=first)).build(10, 3, (32, 32))
        spreads[first] = float(network.get_submodule("conv4").get_parameter("weight").detach().abs().max())
        assert bool(network.get_submodule("conv4").get_parameter("bias").any()) == (first == "torch")
    assert spreads["glorot"] == pytest.approx((6 / (9 * 128)) ** 0.5, rel=1e-2)
    assert spreads["he"] == pytest.approx((6 / (9 * 64)) ** 0.5, rel=1e-2)
    assert spreads["torch"] == pytest.approx((1 / (9 * 64)) ** 0.5, rel=1e-2)


def test_every_kind_has_words() -> None:
    layers = (Convolution(), BatchNorm(), Activation(), Pool(), GlobalPool(), Padding(), Dropout(), Residual())
    assert set(KINDS) == {layer.kind for layer in (*layers, Flatten(), Dense())}
    assert detail_of(Convolution(stride=2, bias=False)) == "3×3, 32 filters, stride 2, padding 1, no bias"
    assert layers_text(_design(Residual(), Residual(), Flatten(), Dense())) == "2 × residual block, flatten, dense 128"


def test_two_of_the_same_design_are_one_architecture(vgg6: Design) -> None:
    assert DesignedArchitecture(vgg6) == DesignedArchitecture(vgg6.changed())
    assert DesignedArchitecture(vgg6) != DesignedArchitecture(vgg6.changed(side=64))
