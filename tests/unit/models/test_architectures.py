"""Every registered architecture, whatever it is: builds, answers, learns, and says what it can't do."""

import subprocess
import sys

import pytest
import torch
from torch import nn
from torch.nn import functional

from cnn_desktop.core.errors import BadInputError, ModelError
from cnn_desktop.models.architecture import Architecture, architectures, build, choose_preprocessing
from cnn_desktop.models.layers import list_layers
from cnn_desktop.models.viewing import layers_with_maps

NAMES = sorted(architectures)
TUTORIALS = ["mnist_cnn", "mnist_deep", "cifar_vgg6", "cifar_tf", "cats_dogs"]
TORCHVISION = [
    "vgg16",
    "resnet18",
    "resnet50",
    "mobilenet_v2",
    "mobilenet_v3_small",
    "efficientnet_b0",
    "convnext_tiny",
    "squeezenet1_0",
]


def _without_values(name: str, classes: int, channels: int, side: int) -> nn.Module:
    with torch.device("meta"):
        return build(name, classes, channels, (side, side)).eval()


def _answer(module: nn.Module, channels: int, height: int, width: int) -> torch.Size:
    return module(torch.empty(2, channels, height, width, device="meta")).shape


def test_all_are_there() -> None:
    assert set(NAMES) == {*TUTORIALS, *TORCHVISION, "resnet9"}


@pytest.mark.parametrize("name", NAMES)
def test_facts_are_whole(name: str) -> None:
    architecture = architectures[name]
    assert isinstance(architecture, Architecture)
    assert architecture.name == name
    assert architecture.title
    assert architecture.summary.endswith(".")
    assert 1 <= architecture.min_size <= architecture.preferred_size


@pytest.mark.parametrize("classes", [2, 5, 10])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("name", NAMES)
def test_gives_one_logit_a_class_at_its_smallest_and_preferred_sizes(name: str, channels: int, classes: int) -> None:
    architecture = architectures[name]
    for side in {architecture.min_size, architecture.preferred_size}:
        assert _answer(_without_values(name, classes, channels, side), channels, side, side) == (2, classes)


@pytest.mark.parametrize("name", NAMES)
def test_takes_pictures_that_are_not_square(name: str) -> None:
    height, width = architectures[name].min_size, architectures[name].min_size + 13
    with torch.device("meta"):
        module = build(name, 3, 3, (height, width))
    assert _answer(module, 3, height, width) == (2, 3)


@pytest.mark.parametrize("name", NAMES)
def test_says_when_the_picture_is_too_small(name: str) -> None:
    architecture = architectures[name]
    smallest = architecture.min_size
    with pytest.raises(ModelError) as caught:
        build(name, 2, 3, (smallest + 5, smallest - 1))
    assert architecture.title in str(caught.value)
    assert f"{smallest - 1}×{smallest + 5}" in str(caught.value)
    assert f"picture size of {smallest} or more" in str(caught.value)


@pytest.mark.parametrize("name", TUTORIALS)
def test_smallest_size_is_the_smallest(name: str) -> None:
    side = architectures[name].min_size
    layers = list_layers(_without_values(name, 2, 1, side), (1, side, side))
    pools = [layer for layer in layers if layer.kind == "pool"]
    assert pools[-1].output_shape[1:] == (1, 1)


@pytest.mark.parametrize("name", NAMES)
def test_refuses_less_than_two_classes(name: str) -> None:
    with pytest.raises(ModelError, match="two classes"):
        build(name, 1, 3, (64, 64))


def test_unknown_name_lists_near_ones() -> None:
    with pytest.raises(BadInputError, match="resnet18"):
        build("resnet81", 2, 3, (64, 64))


@pytest.mark.parametrize("name", NAMES)
def test_learns_on_one_batch(name: str) -> None:
    torch.manual_seed(0)
    architecture = architectures[name]
    side = max(architecture.min_size, 16)
    module = build(name, 3, 3, (side, side)).train()
    for layer in module.modules():
        if isinstance(layer, nn.Dropout) or type(layer).__name__ == "StochasticDepth":
            layer.p = 0.0  # both passes see the same network
    pictures, labels = torch.rand(4, 3, side, side), torch.tensor([0, 1, 2, 1])
    before = functional.cross_entropy(module(pictures), labels)
    before.backward()
    for parameter_name, parameter in module.named_parameters():
        assert parameter.grad is not None, parameter_name
        assert torch.isfinite(parameter.grad).all(), parameter_name
    with torch.no_grad():
        # A step of fixed length: with four pictures a batch norm's gradients may be huge.
        length = nn.utils.get_total_norm([parameter.grad for parameter in module.parameters()])
        for parameter in module.parameters():
            parameter.sub_(1e-4 / length * parameter.grad)
        assert functional.cross_entropy(module(pictures), labels) < before


@pytest.mark.parametrize("name", NAMES)
def test_layers_with_maps_are_in_the_order_of_the_forward_pass(name: str) -> None:
    architecture = architectures[name]
    side = architecture.preferred_size
    module = _without_values(name, 4, 3, side)
    names = layers_with_maps(module)
    assert len(names) == len(set(names)) >= 3
    seen: dict[str, torch.Size] = {}
    calls: list[str] = []
    for layer_name in names:

        def note(_layer: nn.Module, _inputs: object, output: torch.Tensor, layer_name: str = layer_name) -> None:
            seen[layer_name] = output.shape
            calls.append(layer_name)

        module.get_submodule(layer_name).register_forward_hook(note)
    _answer(module, 3, side, side)
    assert calls == names, "each runs once, in this order"
    assert all(len(shape) == 4 for shape in seen.values())


@pytest.mark.parametrize("name", NAMES)
def test_layer_list_sums_to_the_parameters(name: str) -> None:
    side = architectures[name].preferred_size
    module = _without_values(name, 4, 3, side)
    layers = list_layers(module, (3, side, side))
    assert sum(layer.parameters for layer in layers) == sum(parameter.numel() for parameter in module.parameters())
    assert layers[0].output_shape[0] > 3 or layers[0].kind == "padding"
    assert any(layer.name == architectures[name].head for layer in layers)


@pytest.mark.parametrize("name", NAMES)
def test_head_is_the_last_layer_with_weights(name: str) -> None:
    module = _without_values(name, 7, 3, architectures[name].preferred_size)
    head = module.get_submodule(architectures[name].head)
    last = [layer for layer in module.modules() if isinstance(layer, nn.Linear | nn.Conv2d)][-1]
    assert head is last
    assert head.weight.shape[0] == 7


@pytest.mark.parametrize("name", TORCHVISION)
def test_pretrained_facts(name: str) -> None:
    published = architectures[name].pretrained()
    assert published is not None
    assert published.urls[0].startswith("https://download.pytorch.org/")
    assert len(set(published.urls)) == 2
    assert all(url.startswith("https://") and url.endswith(f"/{published.file_name}") for url in published.urls)
    assert len(published.sha256_prefix) == 8
    assert int(published.sha256_prefix, 16) >= 0
    assert published.sha256_prefix in published.file_name
    assert 4e6 < published.bytes < 6e8
    assert len(published.classes) == 1000
    assert published.classes[0] == "tench"
    assert 0.5 < published.top1 < published.top5 < 1
    assert (published.preprocessing.height, published.preprocessing.width) == (224, 224)
    assert published.preprocessing.resize == "crop"
    assert published.preprocessing.mean == (0.485, 0.456, 0.406)


def test_vgg16_is_the_published_one() -> None:
    published = architectures["vgg16"].pretrained()
    assert published is not None
    assert published.top5 == pytest.approx(0.904, abs=5e-4)
    assert published.file_name == "vgg16-397923af.pth"
    module = _without_values("vgg16", 1000, 3, 224)
    assert sum(parameter.numel() for parameter in module.parameters()) == 138_357_544


def test_bicubic_where_the_weights_were_trained_so() -> None:
    published = architectures["efficientnet_b0"].pretrained()
    assert published is not None
    assert published.preprocessing.interpolation == "bicubic"


@pytest.mark.parametrize("name", [*TUTORIALS, "resnet9"])
def test_nothing_is_published_for_our_own(name: str) -> None:
    assert architectures[name].pretrained() is None


def test_grey_first_layer_keeps_the_spread_of_what_it_gives() -> None:
    torch.manual_seed(0)
    grey = build("resnet18", 2, 1, (64, 64)).get_submodule("conv1")
    torch.manual_seed(0)
    colour = build("resnet18", 2, 3, (64, 64)).get_submodule("conv1")
    picture = torch.rand(8, 1, 64, 64) - 0.5
    colourful = torch.rand(8, 3, 64, 64) - 0.5
    with torch.no_grad():
        assert float(grey(picture).std()) == pytest.approx(float(colour(colourful).std()), rel=0.15)


class TestChoosePreprocessing:
    def test_takes_the_datasets_own_size(self) -> None:
        facts = choose_preprocessing(architectures["mnist_cnn"], (28, 20), 1, None, pretrained=False)
        assert (facts.height, facts.width, facts.channels, facts.resize) == (28, 20, 1, "stretch")
        assert (facts.mean, facts.std) == ((0.0,), (1.0,))

    def test_takes_the_preferred_size_for_folders(self) -> None:
        facts = choose_preprocessing(architectures["resnet9"], None, 3, None, pretrained=False)
        assert (facts.height, facts.width, facts.channels) == (64, 64, 3)

    def test_takes_the_side_that_was_asked_for(self) -> None:
        facts = choose_preprocessing(architectures["resnet9"], (28, 20), 3, 48, pretrained=False)
        assert (facts.height, facts.width) == (48, 48)

    def test_takes_the_weights_own_when_pretrained_but_reads_faster(self) -> None:
        architecture = architectures["mobilenet_v2"]
        published = architecture.pretrained()
        assert published is not None
        facts = choose_preprocessing(architecture, (28, 28), 1, None, pretrained=True)
        assert (facts.decoder, facts.resizer) == ("scaled", "torch")
        exact = facts.model_copy(update={"decoder": "full"})
        assert exact == published.preprocessing

    def test_keeps_the_weights_margin_at_another_side(self) -> None:
        facts = choose_preprocessing(architectures["mobilenet_v2"], None, 3, 112, pretrained=True)
        assert (facts.height, facts.width, facts.shorter_side) == (112, 112, 128)
        assert facts.mean == (0.485, 0.456, 0.406)

    def test_refuses_pretrained_where_nothing_is_published(self) -> None:
        with pytest.raises(ModelError, match="ResNet-9"):
            choose_preprocessing(architectures["resnet9"], None, 3, None, pretrained=True)


def test_importing_the_architectures_does_not_import_torchvision() -> None:
    script = "import sys, cnn_desktop.models.archs, cnn_desktop.models.weights; print('torchvision' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
