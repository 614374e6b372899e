"""Weights of other programs: the network is told by the tensors, or it is said what was found and what is known."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torchvision import models

from cnn_desktop.core.errors import CancelledError, MisfitError, ModelError
from cnn_desktop.models.architecture import find_architecture
from cnn_desktop.models.model import Model
from cnn_desktop.models.recognition import known_architectures, layout, recognise
from cnn_desktop.models.weights import open_model, save_model


def _state(name: str, classes: int = 4, channels: int = 3, side: int = 64) -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    return dict(find_architecture(name).build(classes, channels, (side, side)).state_dict())


@pytest.mark.parametrize("name", known_architectures())
def test_every_network_is_told_by_its_tensors(name: str) -> None:
    architecture = find_architecture(name)
    published = architecture.pretrained()
    side = published.preprocessing.height if published is not None else architecture.preferred_size
    recognised = recognise(layout(find_architecture(name), 6, 3, side))
    assert recognised is not None
    assert recognised.architecture.name == name
    assert (recognised.classes, recognised.channels, recognised.side) == (6, 3, side)


@pytest.mark.parametrize(("name", "side"), [("cifar_vgg6", 96), ("mnist_cnn", 28), ("vit_l_16", 512)])
def test_the_size_of_pictures_follows_from_the_tensors(name: str, side: int) -> None:
    recognised = recognise(layout(find_architecture(name), 6, 3, side))
    assert recognised is not None
    assert recognised.side == side


def test_grey_pictures_follow_from_the_first_convolution(tmp_path: Path) -> None:
    torch.save(_state("shufflenet_v2_x0_5", channels=1), tmp_path / "grey.pth")
    model = open_model(str(tmp_path / "grey.pth"))
    assert model.preprocessing.channels == 1
    assert any("divided by 255" in sentence for sentence in model.assumptions)


@pytest.mark.parametrize("suffix", ["pth", "safetensors"])
def test_a_file_without_a_name_becomes_a_model(tmp_path: Path, suffix: str) -> None:
    path, state = tmp_path / f"mine.{suffix}", _state("resnet18")
    torch.save({"model": state, "epoch": 3}, path) if suffix == "pth" else save_file(state, path)
    model = open_model(str(path))
    assert model.architecture == "resnet18"
    assert model.title == f"ResNet-18 · mine.{suffix}"
    assert all(tensor.equal(state[name]) for name, tensor in model.module.state_dict().items())
    assert model.preprocessing == find_architecture("resnet18").pretrained().preprocessing  # pyright: ignore[reportOptionalMemberAccess]
    said = " ".join(model.assumptions)
    assert "ResNet-18" in said
    assert "doesn’t name its 4 classes" in said
    assert "shorter side 256" in said
    assert model.figures == {}


@pytest.mark.parametrize("prefix", ["module.", "backbone.", "module._orig_mod."])
def test_a_prefix_before_every_name_does_not_hide_it(tmp_path: Path, prefix: str) -> None:
    torch.save({prefix + name: tensor for name, tensor in _state("mnist_cnn", side=28).items()}, tmp_path / "w.pt")
    assert open_model(str(tmp_path / "w.pt")).architecture == "mnist_cnn"


def test_the_published_files_name_tells_which_weights_they_are(tmp_path: Path) -> None:
    place = tmp_path / "mobilenet_v3_large-5c1a4163.pth"
    torch.save(models.mobilenet_v3_large().state_dict(), place)
    assert open_model(str(place)).preprocessing.shorter_side == 232
    place = place.rename(tmp_path / "mobilenet_v3_large-8738ca79.pth")
    assert open_model(str(place)).preprocessing.shorter_side == 256


def test_our_own_file_as_weights_of_a_network(model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path / "m.cnnmodel")
    assert open_model("mnist_cnn", tmp_path / "m.cnnmodel").classes == model.classes
    with pytest.raises(ModelError, match="holds a MNIST CNN, not a ResNet-18"):
        open_model("resnet18", tmp_path / "m.cnnmodel")


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("mobilenet_v2", "mobilenet_v2-imagenet-dequant.pth"),
        ("squeezenet1_0", "squeezenet1_0-deepcompression-imagenet.pth"),
    ],
)
def test_real_weights_are_recognised(test_data: Path, name: str, file: str) -> None:
    model = open_model(str(test_data / "models" / file))
    assert model.architecture == name
    assert model.classes[:2] == ("tench", "goldfish")


class TestClassNames:
    NAMES = ("daisy", "dandelion", "rose", "tulip")

    def _open(self, folder: Path, beside: dict[str, Any] | None = None) -> Model:
        torch.save({"state_dict": _state("mnist_cnn", side=28), **(beside or {})}, folder / "w.pt")
        return open_model(str(folder / "w.pt"))

    @pytest.mark.parametrize(
        "facts",
        [
            {"classes": list(NAMES)},
            {"class_names": NAMES},
            {"class_to_idx": {name: number for number, name in reversed(list(enumerate(NAMES)))}},
            {"idx_to_class": dict(enumerate(NAMES))},
            {"id2label": {str(number): name for number, name in enumerate(NAMES)}},
            {"labels": json.dumps(NAMES)},
        ],
        ids=lambda facts: next(iter(facts)),
    )
    def test_out_of_the_file(self, tmp_path: Path, facts: dict[str, Any]) -> None:
        model = self._open(tmp_path, facts)
        assert model.classes == self.NAMES
        assert "The class names are the file’s own." in model.assumptions

    def test_out_of_the_metadata_of_safetensors(self, tmp_path: Path) -> None:
        save_file(
            _state("mnist_cnn", side=28),
            tmp_path / "w.safetensors",
            metadata={"id2label": json.dumps(dict(enumerate(self.NAMES)))},
        )
        assert open_model(str(tmp_path / "w.safetensors")).classes == self.NAMES

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("classes.txt", "\ufeffdaisy\r\ndandelion\n\n rose \ntulip"),
            ("classes.json", json.dumps(NAMES)),
            ("classes.json", json.dumps({"1": "dandelion", "0": "daisy", "2": "rose", "3": "tulip"})),
        ],
    )
    def test_out_of_a_list_beside_it(self, tmp_path: Path, name: str, text: str) -> None:
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        model = self._open(tmp_path)
        assert model.classes == self.NAMES
        assert any(name in sentence for sentence in model.assumptions)

    @pytest.mark.parametrize(
        "facts", [{"classes": [1, 2, 3, 4]}, {"classes": 4}, {"id2label": {"0": "a", "2": "b"}}, {"labels": "[" * 9999}]
    )
    def test_what_names_no_classes_is_passed_over(self, tmp_path: Path, facts: dict[str, Any]) -> None:
        assert self._open(tmp_path, facts).classes == ("class 0", "class 1", "class 2", "class 3")

    def test_another_number_of_names_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match=r"w\.pt” names 3 classes, but the network answers 4"):
            self._open(tmp_path, {"classes": self.NAMES[:3]})
        (tmp_path / "classes.txt").write_text("\n".join((*self.NAMES, "violet")))
        with pytest.raises(ModelError, match=r"classes\.txt” names 5 classes, but the network answers 4"):
            self._open(tmp_path)

    @pytest.mark.parametrize(
        "content", [b"\xff\xfe\x00", b"", b"[" * 100_000, b"x\n" * 3_000_000], ids=["bytes", "empty", "deep", "long"]
    )
    @pytest.mark.parametrize("name", ["classes.txt", "classes.json"])
    def test_a_list_that_is_none_is_refused_in_a_sentence(self, tmp_path: Path, name: str, content: bytes) -> None:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ModelError, match=name.replace(".", r"\.")) as caught:
            self._open(tmp_path)
        assert "\n" not in str(caught.value)


class TestUnknownNetwork:
    def test_says_what_was_found_and_what_is_known(self, tmp_path: Path) -> None:
        layers = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 5), torch.nn.Flatten(), torch.nn.Linear(100, 12))
        torch.save(layers.state_dict(), tmp_path / "own.pt")
        with pytest.raises(MisfitError) as caught:
            open_model(str(tmp_path / "own.pt"))
        message = str(caught.value)
        assert "4 tensors with 1,820 numbers" in message
        assert "“0.weight” (8×3×5×5)" in message
        assert "“2.weight” answers 12 classes" in message
        assert all(title in message for title in ("ResNet-9", "MNIST CNN", "DenseNet", "EfficientNetV2", "ViT"))
        assert "nearest" not in message

    def test_names_the_nearest_and_where_it_differs(self, tmp_path: Path) -> None:
        state = _state("resnet18")
        del state["layer2.1.conv2.weight"]
        state["layer1.0.conv1.weight"] = torch.zeros(64, 64, 5, 5)
        state["attention.weight"] = torch.zeros(3)
        torch.save(state, tmp_path / "changed.pt")
        with pytest.raises(MisfitError) as caught:
            open_model(str(tmp_path / "changed.pt"))
        assert "The nearest is ResNet-18, but “layer1.0.conv1.weight” is 64×64×5×5 where 64×64×3×3 is needed" in str(
            caught.value
        )
        assert caught.value.differences == (
            "“layer1.0.conv1.weight” is 64×64×5×5 where 64×64×3×3 is needed",
            "“layer2.1.conv2.weight” (128×128×3×3) is missing",
            "“attention.weight” (3) has no place in it",
        )

    def test_a_named_network_says_where_the_file_differs(self, tmp_path: Path) -> None:
        torch.save(_state("resnet18"), tmp_path / "w.pt")
        with pytest.raises(MisfitError, match="doesn't fit ResNet-50") as caught:
            open_model("resnet50", tmp_path / "w.pt")
        assert "“layer1.0.conv3.weight” (256×64×1×1) is missing" in caught.value.differences

    def test_looking_can_be_cancelled(self) -> None:
        def cancel(done: int, total: int) -> None:
            raise CancelledError

        with pytest.raises(CancelledError):
            recognise({"fc.weight": torch.zeros(3, 4)}, cancel)
