import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.decoding import open_picture
from cnn_desktop.data.pictures import normalize
from cnn_desktop.explain.attribution import Attribution, Question
from cnn_desktop.explain.attribution import grad_cam as ask_grad_cam
from cnn_desktop.explain.attribution.layer import attribution_layer
from cnn_desktop.explain.independence import independent
from cnn_desktop.explain.rendering import overlay
from cnn_desktop.models.architecture import architectures, build
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import open_model

LAYERS = {
    "cats_dogs": "relu1",
    "cifar_tf": "relu4",
    "cifar_vgg6": "bn6",
    "convnext_tiny": "features.7.2",
    "efficientnet_b0": "features.8.2",
    "mnist_cnn": "relu1",
    "mnist_deep": "relu2",
    "mobilenet_v2": "features.18.2",
    "mobilenet_v3_small": "features.12.2",
    "resnet18": "layer4.1",
    "resnet50": "layer4.2",
    "resnet9": "residual3",
    "squeezenet1_0": "features.12",
    "vgg16": "features.29",
}
"""Looked up by hand: the last activation or block before pooling, flattening or the maps that are classes already."""

OTHERS = {
    "alexnet": "features.11",
    "densenet121": "features.norm5",
    "googlenet": "inception5b",
    "maxvit_t": "blocks.3",
    "mnasnet0_5": "layers.16",
    "regnet_x_400mf": "trunk_output.block4.block4-11",
    "shufflenet_v2_x0_5": "conv5.2",
    "swin_t": "permute",
}
"""One of each other family of torchvision."""


def model(name: str, classes: int = 3, channels: int = 3) -> Model:
    torch.manual_seed(0)  # of some random networks, nothing speaks for a class
    size = 64 if architectures[name].min_size == 32 else 48
    module = build(name, classes, channels, (size, size)).eval()
    return wrapped(name, module, size, classes, channels)


def without_weights(name: str, side: int = 224) -> Model:
    """A network of torchvision, of which shapes can be computed and nothing else."""
    from torchvision.models import get_model

    settings = {"init_weights": False} if name == "googlenet" else {}
    with torch.device("cpu" if name.startswith("regnet") else "meta"):
        return wrapped(name, get_model(name, weights=None, **settings).eval(), side, 1000)


def wrapped(name: str, module: nn.Module, side: int, classes: int, channels: int = 3) -> Model:
    labels = tuple(f"class {index}" for index in range(classes))
    return Model(name, module, labels, Preprocessing.unit_range(side, side, channels), name)


def noise(model: Model, seed: int = 0) -> torch.Tensor:
    rules = model.preprocessing
    generator = torch.Generator().manual_seed(seed)
    shape = (1, rules.channels, rules.height, rules.width)
    return torch.randint(0, 256, shape, dtype=torch.uint8, generator=generator)


def grad_cam(model: Model, pixels: torch.Tensor, class_index: int, layer: str = "") -> Attribution:
    return ask_grad_cam(Question.about(model, pixels, class_index, layer))


def by_hand(model: Model, pixels: torch.Tensor, class_index: int, layer: str) -> np.ndarray:
    """Equations 1 and 2 of the paper, over the largest value."""
    kept: dict[str, torch.Tensor] = {}

    def keep(_layer: nn.Module, _inputs: object, output: torch.Tensor) -> torch.Tensor:
        kept["maps"] = output
        return output.clone()  # for a layer behind it that works in place

    handle = model.module.get_submodule(layer).register_forward_hook(keep)
    batch = normalize(pixels, model.preprocessing).requires_grad_()
    logits = model.module(batch)
    handle.remove()
    (gradient,) = torch.autograd.grad(logits[0, class_index], kept["maps"])
    weights = gradient.mean(dim=(2, 3), keepdim=True)
    found = torch.relu((weights * kept["maps"]).sum(dim=1))[0].detach().numpy()
    return found / found.max() if found.max() > 0 else found


def test_every_architecture_has_its_layer_looked_up() -> None:
    assert set(LAYERS) == set(architectures)


@pytest.mark.parametrize("name", sorted(architectures))
def test_the_last_layer_with_places_is_chosen(name: str) -> None:
    architecture = architectures[name]
    side = architecture.preferred_size
    with torch.device("meta"):
        module = architecture.build(10, 3, (side, side)).eval()
    assert attribution_layer(wrapped(name, module, side, 10)) == LAYERS[name]


def test_maps_of_a_single_place_are_passed_over() -> None:
    with torch.device("meta"):
        small = architectures["resnet18"].build(10, 3, (32, 32)).eval()
    assert attribution_layer(wrapped("resnet18", small, 32, 10)) == "layer3.1"


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_networks_of_other_families_have_a_layer_too(name: str) -> None:
    assert attribution_layer(without_weights(name)) == OTHERS[name]


def test_a_network_that_mixes_all_places_says_so() -> None:
    with pytest.raises(ModelError, match="vit_b_32 has no layer near its end that keeps places apart"):
        attribution_layer(without_weights("vit_b_32"))


@pytest.mark.parametrize("name", ["mnist_deep", "cifar_vgg6", "resnet9", "squeezenet1_0", "mobilenet_v2"])
def test_grad_cam_is_what_the_paper_defines(name: str) -> None:
    subject = model(name)
    pixels = noise(subject)
    found = grad_cam(subject, pixels, 1)
    assert found.layer == attribution_layer(subject)
    expected = by_hand(subject, pixels, 1, found.layer)
    assert found.map.dtype == np.float32
    np.testing.assert_allclose(found.map, expected, atol=1e-5)


def test_a_layer_before_one_that_works_in_place_gives_its_own_output() -> None:
    subject = model("mobilenet_v2")
    pixels = noise(subject)
    found = grad_cam(subject, pixels, 1, "features.18.1")
    np.testing.assert_allclose(found.map, by_hand(subject, pixels, 1, "features.18.1"), atol=1e-5)


def test_of_two_classes_each_has_evidence_though_one_logit_is_held_still() -> None:
    subject = model("cats_dogs", classes=2)
    maps = [grad_cam(subject, noise(subject), index).map for index in (0, 1)]
    assert maps[0].any() and maps[1].any()
    assert not np.array_equal(maps[0], maps[1])


def test_a_layer_can_be_asked_for_by_name() -> None:
    subject = model("mnist_deep")
    assert grad_cam(subject, noise(subject), 0, "conv1").layer == "conv1"
    with pytest.raises(ModelError, match="no layer “conv9”"):
        grad_cam(subject, noise(subject), 0, "conv9")
    with pytest.raises(ModelError, match="“dense1” gives no maps"):
        grad_cam(subject, noise(subject), 0, "dense1")


def test_a_class_for_which_nothing_speaks_has_an_empty_map() -> None:
    subject = model("mnist_cnn")
    with torch.no_grad():
        for tensor in subject.module.parameters():
            tensor.zero_()
    assert grad_cam(subject, noise(subject), 0).is_empty


@pytest.mark.parametrize("make", [torch.inference_mode, torch.no_grad])
def test_weights_made_in_any_mode_and_type_will_do(make: Callable[[], torch.no_grad]) -> None:
    with make():
        subject = model("mnist_deep")
        subject.module.to(torch.bfloat16)
    assert not all(grad_cam(subject, noise(subject), index).is_empty for index in range(3))


def test_the_module_that_others_ask_is_left_as_it_is() -> None:
    subject = model("resnet9")
    subject.module.train()
    before = {name: tensor.clone() for name, tensor in subject.module.state_dict().items()}
    grad_cam(subject, noise(subject), 0)
    assert subject.module.training
    assert all(parameter.grad is None and parameter.requires_grad for parameter in subject.module.parameters())
    assert all(not part._forward_hooks for part in subject.module.modules())
    assert all(torch.equal(tensor, before[name]) for name, tensor in subject.module.state_dict().items())


def test_the_copy_takes_no_memory_of_its_own() -> None:
    module = model("mnist_deep").module
    pairs = zip(module.parameters(), independent(module).parameters(), strict=True)
    assert all(one.data_ptr() == other.data_ptr() for one, other in pairs)


def test_several_threads_get_their_own_answers() -> None:
    subject = model("mnist_deep")
    expected = [grad_cam(subject, noise(subject, seed), seed % 3).map for seed in range(4)]
    found: dict[int, np.ndarray] = {}

    def ask(seed: int) -> None:
        for _turn in range(5):
            found[seed] = grad_cam(subject, noise(subject, seed), seed % 3).map

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(found[seed], expected[seed]) for seed in range(4))


@pytest.mark.data
def test_a_real_network_looks_at_the_animal(test_data: Path) -> None:
    real = open_model("mobilenet_v2", test_data / "models" / "mobilenet_v2-imagenet-dequant.pth")
    picture = open_picture(test_data / "imagenet_samples" / "n02391049_zebra.JPEG")
    pixels = torch.from_numpy(picture.pixels(real.preprocessing).copy()).unsqueeze(0)
    found = grad_cam(real, pixels, real.classes.index("zebra")).map
    neck, rock_at_the_right, rock_below = found[1:5, 1:4], found[:, 6], found[6, 2:4]
    assert neck.mean() > 2 * max(rock_at_the_right.mean(), rock_below.mean())


def test_an_overlay_is_clear_where_nothing_counts_and_dense_where_most_does() -> None:
    shares = np.zeros((4, 4), np.float32)
    shares[1, 1] = 1
    drawn = overlay(shares, 40, 60)
    assert drawn.shape == (40, 60, 4) and drawn.dtype == np.uint8
    assert drawn[35, 55, 3] == 0
    strongest = np.unravel_index(drawn[..., 3].argmax(), (40, 60))
    assert abs(strongest[0] - 15) <= 2 and abs(strongest[1] - 22) <= 2
    assert drawn[..., 3].max() < 255
