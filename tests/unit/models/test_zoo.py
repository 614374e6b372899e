"""torchvision's classifiers: all of them are listed as their publisher describes them, built, and loaded."""

import re
from pathlib import Path

import pytest
import torch
from torch import nn
from torchvision import models

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.paths import pretrained_dir
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.explain.recording import outline, record
from cnn_desktop.models.architecture import architectures, find_architecture, require_pretrained
from cnn_desktop.models.layers import list_layers
from cnn_desktop.models.model import Model
from cnn_desktop.models.weightless import weightless
from cnn_desktop.models.weights import (
    load_model,
    open_model,
    pretrained_is_present,
    remove_pretrained,
    save_model,
)
from cnn_desktop.models.zoo import ZooEntry, zoo_entries
from cnn_desktop.models.zoo.families import family_of
from cnn_desktop.models.zoo.networks import weights_of, zoo_names

ENTRIES = {entry.ref: entry for entry in zoo_entries()}
SMALLEST = {
    family_of(entry.name): entry.name for entry in sorted(ENTRIES.values(), key=lambda entry: -entry.parameters)
}
"""One network of each family."""


def test_every_classifier_with_classes_is_there_once() -> None:
    published = {
        (name, weights.name)
        for name in models.list_models(module=models)
        for weights in models.get_model_weights(name)
        if weights.meta["categories"]
    }
    assert {(entry.name, entry.weights) for entry in ENTRIES.values()} == published
    assert len(ENTRIES) == len(published) > 100
    assert {name for name in architectures if architectures[name].pretrained() is not None} <= set(ENTRIES)


@pytest.mark.parametrize(
    "ref", ["densenet121", "resnet50", "resnet50:IMAGENET1K_V1", "vit_b_16:IMAGENET1K_SWAG_E2E_V1"]
)
def test_facts_are_the_publishers(ref: str) -> None:
    entry = ENTRIES[ref]
    weights = models.get_model_weights(entry.name)[entry.weights]
    figures = weights.meta["_metrics"]["ImageNet-1K"]
    assert (entry.top1, entry.top5) == (figures["acc@1"] / 100, figures["acc@5"] / 100)
    assert entry.parameters == weights.meta["num_params"]
    assert entry.bytes == pytest.approx(weights.meta["_file_size"] * 2**20, abs=1)
    assert entry.operations == weights.meta["_ops"]
    assert [entry.side] == weights.transforms().crop_size
    assert weights.url.endswith(entry.file_name)
    assert entry.recipe_address == weights.meta["recipe"]


def test_the_licence_is_said_where_the_publisher_says_one() -> None:
    restricted = {entry.ref for entry in ENTRIES.values() if entry.restriction == "not for commercial use"}
    assert restricted == {
        entry.ref
        for entry in ENTRIES.values()
        if models.get_model_weights(entry.name)[entry.weights].meta.get("license")
    }
    assert "vit_h_14" in restricted
    assert all(
        entry.licence.endswith(".") and entry.licence_address.startswith("https://") for entry in ENTRIES.values()
    )


def test_every_file_is_proven_by_the_hash_in_its_name() -> None:
    hashes = {ref: require_pretrained(find_architecture(ref)).sha256_prefix for ref in ENTRIES}
    assert not [ref for ref, digits in hashes.items() if not re.fullmatch(r"[0-9a-f]{8,}", digits)]
    assert len(set(hashes.values())) == len(hashes)


def test_no_title_shows_a_name_of_a_program() -> None:
    titles = {entry.name: entry.title for entry in ENTRIES.values()}
    assert not [title for title in titles.values() if re.search(r"_|\{|^[a-z]", title)]
    assert len(set(titles.values())) == len(titles)
    assert titles["regnet_y_1_6gf"] == "RegNetY 1.6 GF"
    assert titles["vgg19_bn"] == "VGG19 with batch norms"
    assert titles["mnasnet0_75"] == "MNASNet 0.75"


@pytest.mark.parametrize(
    "entry", [entry for entry in ENTRIES.values() if entry.ref == entry.name], ids=lambda e: e.name
)
def test_every_network_is_built_with_its_head(entry: ZooEntry) -> None:
    architecture = find_architecture(entry.ref)
    with torch.device("meta"):
        module = architecture.build(1000, 3, (entry.side, entry.side))
        assert module.get_submodule(architecture.head).get_parameter("weight").shape[0] == 1000
        architecture.replace_head(module, 7)
    parameters = sum(parameter.numel() for parameter in module.parameters())
    head = module.get_submodule(architecture.head)
    lost = 993 * (head.get_parameter("weight")[0].numel() + (getattr(head, "bias", None) is not None))
    extra = 3_326_696 if entry.name == "inception_v3" else 0  # a head for training, counted by torchvision
    assert parameters + lost + extra == entry.parameters
    assert all(tensor.is_meta for tensor in module.parameters()), "nothing was drawn"


@pytest.mark.parametrize("name", SMALLEST.values())
def test_every_family_shows_its_layers(name: str) -> None:
    architecture, side = find_architecture(name), ENTRIES[name].side
    with weightless():
        module = architecture.build(1000, 3, (side, side))
    drawn = outline(module, (3, side, side))
    layers = [operation for operation in drawn.operations.values() if operation.is_layer]
    assert {layer.name for layer in layers} >= {
        info.name for info in list_layers(module, (3, side, side)) if info.kind == "conv"
    }
    counted, all_parameters = sum(layer.parameters for layer in layers), sum(map(torch.numel, module.parameters()))
    # What no layer of the picture's way holds: a transformer's class token, and what it knows of positions.
    assert 0.995 * all_parameters < counted <= all_parameters
    assert drawn.operations[drawn.output].shape == (1000,)


@pytest.mark.parametrize(
    ("name", "side"), [("maxvit_t", 224), ("swin_v2_t", 64), ("vit_b_32", 64), ("shufflenet_v2_x0_5", 64)]
)
def test_what_is_recorded_of_unusual_networks_is_what_they_compute(name: str, side: int) -> None:
    torch.manual_seed(0)
    module = find_architecture(name).build(5, 3, (side, side)).eval()
    batch = torch.rand(1, 3, side, side)
    recording = record(module, batch)
    with torch.no_grad():
        assert torch.equal(recording.logits, module(batch)[0])
    for layer in recording.operations.values():
        assert recording.maps(layer.name).size == layer.output[0].numel() or layer.output.shape[0] > 1


def test_weights_by_their_own_name() -> None:
    first = find_architecture("resnet50:IMAGENET1K_V1")
    assert first.name == "resnet50"
    assert type(first) is type(architectures["resnet50"])
    assert require_pretrained(first).file_name == "resnet50-0676ba61.pth"
    assert require_pretrained(find_architecture("resnet50")).file_name == "resnet50-11ad3fa6.pth"
    assert architectures["resnet50"].pretrained() == find_architecture("resnet50").pretrained()
    assert weights_of("mobilenet_v2") == ("IMAGENET1K_V2", "IMAGENET1K_V1")


@pytest.mark.parametrize(
    ("ref", "near"),
    [("densenet12", "densenet121"), ("resnet50:V9", "IMAGENET1K_V2"), ("resnet9:V1", "none"), ("Swin_T", "swin_t")],
)
def test_unknown_names_list_near_ones(ref: str, near: str) -> None:
    with pytest.raises(BadInputError, match=near):
        find_architecture(ref)


def test_training_pickers_do_not_grow() -> None:
    assert "densenet121" in zoo_names()
    assert "densenet121" not in architectures


def _randomised(module: nn.Module) -> nn.Module:
    torch.manual_seed(0)
    for name, tensor in module.state_dict().items():
        if tensor.is_floating_point():
            tensor.copy_(torch.rand_like(tensor) * 0.2 + (0.5 if name.endswith("running_var") else -0.1))
    return module.eval()


def _published_layout(name: str, module: nn.Module) -> dict[str, torch.Tensor]:
    """The module's weights as the file on torchvision's server names them."""
    weights = dict(module.state_dict())
    if name.startswith("densenet"):
        return {re.sub(r"(denselayer\d+\.(?:norm|relu|conv))([12]\.)", r"\1.\2", key): weights[key] for key in weights}
    return weights


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("densenet121", {}),
        ("googlenet", {"aux_logits": True, "transform_input": True, "init_weights": False}),
        ("mnasnet0_5", {}),
        ("shufflenet_v2_x0_5", {}),
        ("regnet_y_400mf", {}),
        ("squeezenet1_1", {}),
    ],
)
def test_weights_in_the_published_layout_answer_as_in_torchvision(
    name: str, options: dict[str, bool], tmp_path: Path
) -> None:
    theirs = _randomised(models.get_model(name, weights=None, **options))
    torch.save(_published_layout(name, theirs), tmp_path / "weights.pth")
    model = open_model(name, tmp_path / "weights.pth")
    assert model.architecture == name
    assert model.classes[:2] == ("tench", "goldfish")
    picture = torch.rand(1, 3, 96, 96)
    with torch.inference_mode():
        assert model.module(picture).equal(theirs(picture))


@pytest.mark.parametrize(("name", "side"), [("shufflenet_v2_x0_5", 64), ("mnasnet0_5", 32)])
def test_model_files_hold_them(name: str, side: int, tmp_path: Path) -> None:
    module = _randomised(find_architecture(name).build(3, 1, (side, side)))
    model = Model(name, module, ("a", "b", "c"), Preprocessing.unit_range(side, side, 1), "Mine")
    save_model(model, tmp_path / "m.cnnmodel")
    loaded = load_model(tmp_path / "m.cnnmodel")
    picture = torch.rand(1, 1, side, side)
    with torch.inference_mode():
        assert loaded.module(picture).equal(module(picture))


def test_transformers_take_the_size_that_they_were_made_for() -> None:
    architecture = find_architecture("vit_b_32")
    with torch.device("meta"):
        assert architecture.build(5, 3, (64, 64)).get_parameter("encoder.pos_embedding").shape == (1, 5, 768)
        for size in ((64, 32), (65, 65)):
            with pytest.raises(BadInputError, match=r"ViT Base/32.*224×224"):
                architecture.build(5, 3, size)


def test_weights_are_removed_from_disk() -> None:
    entry = ENTRIES["shufflenet_v2_x0_5"]
    place = pretrained_dir() / entry.file_name
    place.parent.mkdir(parents=True)
    place.touch()
    part = place.with_name(f"{place.name}.part")
    part.touch()
    assert entry.is_present()
    assert pretrained_is_present(entry.ref)
    remove_pretrained(entry.ref)
    assert not entry.is_present()
    assert not part.exists()
    remove_pretrained(entry.ref)
