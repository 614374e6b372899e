"""Published weights: found, checked, downloaded, fitted; and the error where they can't be."""

import dataclasses
import functools
import hashlib
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from cnn_desktop.core.errors import BadInputError, DownloadError, ModelError
from cnn_desktop.core.paths import cache_dir, pretrained_dir
from cnn_desktop.core.proofs import Proof
from cnn_desktop.models.architecture import PretrainedWeights, architectures
from cnn_desktop.models.pretrained import remove_pretrained
from cnn_desktop.models.weights import load_pretrained, open_model, pretrained_backbone, pretrained_is_present

NAME = "squeezenet1_0"


@functools.cache
def _state() -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    return architectures[NAME].build(1000, 3, (224, 224)).state_dict()


@pytest.fixture
def weights_file(tmp_path: Path) -> Path:
    """Random weights in the layout of the published ones."""
    path = tmp_path / "weights.pth"
    torch.save(_state(), path)
    return path


@pytest.fixture
def published(weights_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PretrainedWeights]:
    """What is published is that file, on a server of the test's own."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            pass

    folder = tmp_path / "server"
    folder.mkdir()
    original = architectures[NAME].pretrained()
    assert original is not None
    (folder / original.file_name).write_bytes(weights_file.read_bytes())
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    facts = dataclasses.replace(
        original,
        urls=(f"http://127.0.0.1:{server.server_port}/{original.file_name}",),
        sha256_prefix=hashlib.sha256(weights_file.read_bytes()).hexdigest()[:8],
    )
    monkeypatch.setattr(type(architectures[NAME]), "pretrained", lambda _self: facts)
    yield facts
    server.shutdown()
    thread.join()
    server.server_close()


def _assert_is_the_published(module: nn.Module) -> None:
    assert not module.training
    assert all(tensor.equal(_state()[name]) for name, tensor in module.state_dict().items())


class TestFileOfOnesOwn:
    def test_becomes_a_model(self, weights_file: Path) -> None:
        model = open_model(NAME, weights_file)
        _assert_is_the_published(model.module)
        assert model.classes[:2] == ("tench", "goldfish")
        assert model.preprocessing.shorter_side == 256
        assert "weights.pth" in model.title
        assert model.figures == {}, "what such a file reaches isn't known"

    def test_as_safetensors_in_half_precision(self, tmp_path: Path) -> None:
        save_file({name: tensor.half() for name, tensor in _state().items()}, tmp_path / "half.safetensors")
        module = open_model(NAME, tmp_path / "half.safetensors").module
        assert {parameter.dtype for parameter in module.parameters()} == {torch.float32}

    def test_of_another_network(self, weights_file: Path) -> None:
        with pytest.raises(ModelError) as caught:
            open_model("resnet18", weights_file)
        message = str(caught.value)
        assert str(weights_file) in message
        assert "ResNet-18" in message
        assert "“conv1.weight” (64×3×7×7) is missing" in message
        assert "more differences" in message

    def test_with_another_number_of_classes(self, tmp_path: Path) -> None:
        torch.save(architectures[NAME].build(5, 3, (224, 224)).state_dict(), tmp_path / "five.pth")
        model = open_model(NAME, tmp_path / "five.pth")
        assert model.classes == ("class 0", "class 1", "class 2", "class 3", "class 4")
        assert any("classes.txt" in sentence for sentence in model.assumptions)

    def test_with_names_too_many(self, tmp_path: Path) -> None:
        torch.save({**_state(), "extra.weight": torch.zeros(2, 3)}, tmp_path / "more.pth")
        with pytest.raises(ModelError, match=r"“extra\.weight” \(2×3\) has no place in it"):
            open_model(NAME, tmp_path / "more.pth")

    def test_with_whole_numbers(self, tmp_path: Path) -> None:
        torch.save({name: tensor.to(torch.int32) for name, tensor in _state().items()}, tmp_path / "int.pth")
        with pytest.raises(ModelError, match="another kind"):
            open_model(NAME, tmp_path / "int.pth")

    def test_with_infinite_numbers(self, tmp_path: Path) -> None:
        torch.save({**_state(), "classifier.1.bias": torch.full((1000,), torch.inf)}, tmp_path / "inf.pth")
        with pytest.raises(ModelError, match=r"classifier\.1\.bias.*finite"):
            open_model(NAME, tmp_path / "inf.pth")

    def test_from_before_batch_norms_counted(self, tmp_path: Path) -> None:
        state = architectures["mobilenet_v3_small"].build(1000, 3, (224, 224)).state_dict()
        old = {name: tensor for name, tensor in state.items() if not name.endswith("num_batches_tracked")}
        assert len(old) < len(state)
        torch.save(old, tmp_path / "old.pth")
        module = open_model("mobilenet_v3_small", tmp_path / "old.pth").module
        assert all(tensor.device.type == "cpu" for tensor in module.state_dict().values())
        with torch.inference_mode():
            assert module(torch.rand(1, 3, 64, 64)).shape == (1, 1000)


class TestPublishedFile:
    def test_is_downloaded_once_and_checked(self, published: PretrainedWeights) -> None:
        assert not pretrained_is_present(NAME)
        told: list[tuple[int, int]] = []
        model = load_pretrained(NAME, progress=lambda done, total: told.append((done, total)))
        _assert_is_the_published(model.module)
        place = pretrained_dir() / published.file_name
        assert place.is_file()
        assert told[-1] == (place.stat().st_size, place.stat().st_size)
        assert pretrained_is_present(NAME)
        told.clear()
        load_pretrained(NAME, progress=lambda done, total: told.append((done, total)))
        assert told == []
        assert model.figures == {"top1": published.top1, "top5": published.top5}
        assert model.title == "SqueezeNet 1.0 · ImageNet"

    def test_that_was_altered_is_refused(self, published: PretrainedWeights) -> None:
        load_pretrained(NAME)
        place = pretrained_dir() / published.file_name
        content = bytearray(place.read_bytes())
        content[len(content) // 2] ^= 1
        place.write_bytes(content)
        with pytest.raises(ModelError) as caught:
            load_pretrained(NAME)
        assert str(place) in str(caught.value)
        assert published.sha256_prefix in str(caught.value)
        assert "remove it" in str(caught.value)

    def test_wrong_bytes_never_get_the_final_name(
        self, published: PretrainedWeights, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wrong = dataclasses.replace(published, sha256_prefix="00000000")
        monkeypatch.setattr(type(architectures[NAME]), "pretrained", lambda _self: wrong)
        with pytest.raises(DownloadError):
            load_pretrained(NAME)
        assert not (pretrained_dir() / published.file_name).exists()

    def test_is_proven_once_and_mapped_from_then_on(
        self, published: PretrainedWeights, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        load_pretrained(NAME)

        def prove(*_arguments: object) -> str:
            raise AssertionError("proven again")

        monkeypatch.setattr(Proof, "objection", prove)
        _assert_is_the_published(load_pretrained(NAME).module)
        (pretrained_dir() / published.file_name).touch()
        with pytest.raises(AssertionError, match="proven again"):
            load_pretrained(NAME)

    def test_is_removed_with_its_copy(self, published: PretrainedWeights) -> None:
        load_pretrained(NAME)
        assert list(cache_dir().rglob("*.safetensors"))
        remove_pretrained(NAME)
        assert not list(cache_dir().rglob("*.safetensors"))
        assert not (pretrained_dir() / published.file_name).exists()

    def test_torch_home_is_honoured(
        self, published: PretrainedWeights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
        load_pretrained(NAME)
        assert (tmp_path / "torch" / "hub" / "checkpoints" / published.file_name).is_file()


@pytest.mark.usefixtures("published")
class TestBackbone:
    def test_keeps_the_body_and_renews_the_head(self) -> None:
        module = pretrained_backbone(NAME, 5)
        fresh = {name for name, tensor in module.state_dict().items() if not _same(tensor, _state()[name])}
        assert fresh == {"classifier.1.weight", "classifier.1.bias"}
        with torch.inference_mode():
            logits = module(torch.rand(2, 3, 64, 64))
        assert logits.shape == (2, 5)

    def test_has_the_layers_of_a_network_built_for_as_many_classes(self) -> None:
        built = architectures[NAME].build(5, 3, (64, 64))
        ours = pretrained_backbone(NAME, 5)
        assert str(ours) == str(built), "so that its model file loads"


def _same(left: torch.Tensor, right: torch.Tensor) -> bool:
    return left.shape == right.shape and left.equal(right)


@pytest.mark.parametrize("name", [name for name in architectures if architectures[name].pretrained() is not None])
def test_a_renewed_head_makes_the_network_that_is_built_for_as_many_classes(name: str) -> None:
    architecture = architectures[name]
    with torch.device("meta"):
        module, built = architecture.build(1000, 3, (64, 64)), architecture.build(7, 3, (64, 64))
        architecture.replace_head(module, 7)
    shapes = {parameter: tensor.shape for parameter, tensor in module.state_dict().items()}
    assert shapes == {parameter: tensor.shape for parameter, tensor in built.state_dict().items()}


def test_nothing_published() -> None:
    with pytest.raises(ModelError, match="ResNet-9"):
        load_pretrained("resnet9")
    assert not pretrained_is_present("resnet9")
    with pytest.raises(BadInputError, match="vgg16"):
        load_pretrained("vgg61")


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "file_name"),
    [
        ("mobilenet_v2", "mobilenet_v2-imagenet-dequant.pth"),
        ("squeezenet1_0", "squeezenet1_0-deepcompression-imagenet.pth"),
    ],
)
def test_real_weights(test_data: Path, name: str, file_name: str) -> None:
    path = test_data / "models" / file_name
    model = open_model(name, path)
    theirs = torch.load(path, weights_only=True)
    ours = model.module.state_dict()
    assert all(ours[key].equal(tensor) for key, tensor in theirs.items())
    assert len(model.classes) == 1000
