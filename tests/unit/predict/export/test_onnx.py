"""ONNX files: what is in them, what they answer, and the way back."""

import sys
import tracemalloc
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from PIL import Image

from cnn_desktop.core.errors import ExportError, ModelError
from cnn_desktop.data.pictures import normalize, to_pixels
from cnn_desktop.models.model import Model
from cnn_desktop.models.model_facts import FACTS
from cnn_desktop.models.weights import open_model
from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.export import onnx_graph, tracing
from cnn_desktop.predict.export.exporting import export_model
from cnn_desktop.predict.export.sample_pictures import sample_pictures
from tests.unit.predict.export.conftest import Written, some_model


def run(path: Path, values: np.ndarray) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return [np.asarray(answer) for answer in session.run(None, {session.get_inputs()[0].name: values})]


def tensors(model: Model, pictures: list[np.ndarray]) -> torch.Tensor:
    return torch.from_numpy(np.stack([to_pixels(Image.fromarray(one), model.preprocessing) for one in pictures]))


def test_the_graph_answers_as_the_program_for_any_number_of_pictures(written: Written) -> None:
    model = written.model
    for count in (1, 2, 5):
        pixels = tensors(model, sample_pictures(count))
        logits, probabilities = run(written.exported.place, normalize(pixels, model.preprocessing).numpy())
        expected = Classifier(model, "cpu").logits(pixels)
        assert logits == pytest.approx(expected.numpy(), abs=1e-5)
        assert probabilities == pytest.approx((expected / 1.7).softmax(dim=1).numpy(), abs=1e-5)


def test_the_proof_is_told(written: Written) -> None:
    (proof,) = written.exported.proofs
    assert (proof.pictures, proof.tolerance) == (16, 1e-4)
    assert proof.difference < 1e-5
    assert "onnxruntime" in proof.runtime
    assert written.exported.bytes == written.exported.place.stat().st_size


def test_a_file_says_what_it_is_and_nothing_of_this_machine(written: Written) -> None:
    loaded = onnx.load(written.exported.place)
    onnx.checker.check_model(loaded, full_check=True)
    assert [(entry.domain, entry.version) for entry in loaded.opset_import] == [("", tracing.OPSET)]
    assert [value.name for value in loaded.graph.output] == ["logits", "probabilities"]
    content = written.exported.place.read_bytes()
    assert "🍒".encode() in content
    assert b"site-packages" not in content
    assert str(Path.home()).encode() not in content
    assert b".py" not in content


def test_it_comes_back_as_the_same_model(written: Written) -> None:
    model, opened = written.model, open_model(str(written.exported.place))
    assert opened.classes == model.classes
    assert opened.preprocessing == model.preprocessing
    assert (opened.architecture, opened.title, opened.figures) == (model.architecture, model.title, model.figures)
    assert opened.temperature == 1.7
    expected = model.module.state_dict()
    assert opened.module.state_dict().keys() == expected.keys()
    assert all(torch.equal(tensor, expected[name]) for name, tensor in opened.module.state_dict().items())


def test_it_comes_back_where_no_package_for_onnx_is_installed(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("onnx", "onnx_ir", "onnxruntime", "onnxscript"):
        monkeypatch.setitem(sys.modules, package, None)
    assert open_model(str(written.exported.place)).classes == written.model.classes


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.usefixtures("traced_here")
def test_with_preprocessing_it_takes_pictures_as_they_are(channels: int, tmp_path: Path) -> None:
    model = some_model("mnist_cnn", channels)
    exported = export_model(model, tmp_path / "whole.onnx", "onnx", with_preprocessing=True)
    exact, resized = exported.proofs
    assert exact.difference < 1e-5
    assert resized.difference < resized.tolerance
    wide = np.random.default_rng(0).integers(0, 256, (2, 40, 61, 3), dtype=np.uint8)
    logits, _probabilities = run(exported.place, wide)
    expected = Classifier(model, "cpu").logits(tensors(model, list(wide))).numpy()
    assert np.abs(logits - expected).max() < 0.02 * np.ptp(expected)
    assert open_model(str(exported.place)).preprocessing == model.preprocessing


@pytest.mark.usefixtures("traced_here")
def test_a_graph_that_answers_something_else_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = some_model("mnist_cnn")
    target = tmp_path / "model.onnx"
    target.write_bytes(b"what was there before")
    wrong = model.preprocessing.model_copy(update={"mean": (0.5, 0.5, 0.6)})
    original = onnx_graph.preprocessing_graph
    monkeypatch.setattr(onnx_graph, "preprocessing_graph", lambda _facts, opset: original(wrong, opset))
    with pytest.raises(ExportError, match=r"answers something else.*0\.0001 is allowed"):
        export_model(model, target, "onnx", with_preprocessing=True)
    assert target.read_bytes() == b"what was there before"
    assert [path.name for path in tmp_path.iterdir()] == ["model.onnx"]


@pytest.mark.usefixtures("traced_here")
def test_a_graph_that_doesn_t_run_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = onnx_graph.preprocessing_graph
    monkeypatch.setattr(
        onnx_graph,
        "preprocessing_graph",
        lambda *facts: original(*facts).replace("perm = [0, 3, 1, 2]", "perm = [0, 1, 2, 3]"),
    )
    with pytest.raises(ExportError, match=r"onnxruntime .* can't run what was written"):
        export_model(some_model("mnist_cnn"), tmp_path / "model.onnx", "onnx", with_preprocessing=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("traced_here")
def test_more_weights_than_one_file_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_graph, "_LARGEST", 1000)
    with pytest.raises(ExportError, match="2 GB at most: export it as safetensors"):
        export_model(some_model("mnist_cnn"), tmp_path / "model.onnx", "onnx")
    assert list(tmp_path.iterdir()) == []


def test_cutting_short_or_changing_a_byte_is_refused_or_harmless(written: Written, tmp_path: Path) -> None:
    content = written.exported.place.read_bytes()
    path = tmp_path / "changed.onnx"
    for length in (1, 7, 100, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:length])
        with pytest.raises(ModelError, match=r"changed\.onnx"):
            open_model(str(path))
    random = np.random.default_rng(1)
    expected = written.model.module.state_dict()
    for at in random.integers(0, len(content), 60):
        changed = bytearray(content)
        changed[at] ^= 1 << int(random.integers(8))
        path.write_bytes(changed)
        try:
            opened = open_model(str(path))
        except ModelError as error:
            assert "changed.onnx" in str(error)
            assert "\n" not in str(error)
        else:
            assert opened.classes == written.model.classes
            assert all(torch.equal(tensor, expected[name]) for name, tensor in opened.module.state_dict().items())


def test_a_change_of_what_matters_is_refused(written: Written, tmp_path: Path) -> None:
    content = written.exported.place.read_bytes()
    path = tmp_path / "changed.onnx"
    weight = written.model.module.get_parameter("dense.weight").detach().numpy().tobytes()
    for old, new in ((b"pears", b"peers"), (weight, weight[4:] + weight[:4])):
        assert old in content
        path.write_bytes(content.replace(old, new))
        with pytest.raises(ModelError, match="SHA-256"):
            open_model(str(path))


def test_a_foreign_network_is_refused_with_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "foreign.onnx"
    text = '<ir_version: 8, opset_import: ["": 17], producer_name: "keras2onnx"> g (float[N, 3] x) => (float[N, 3] y)'
    onnx.save(onnx.parser.parse_model(f"{text} {{ y = Relu (x) }}"), path)
    with pytest.raises(ModelError, match=r"keras2onnx \(opset 17, 1 nodes, 0 tensors, input x\)"):
        open_model(str(path))


@pytest.mark.parametrize(
    "content",
    [b"hello, I am text", b"\0" * 100, b"PK\x03\x04" + bytes(50), b"\x3a\xff\xff\xff\xff\x0f", b"\x3a\x00" * 300_000],
    ids=["text", "zeros", "zip", "a length beyond the end", "endless fields"],
)
def test_what_is_no_onnx_is_refused_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "odd.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"odd\.onnx") as refused:
        open_model(str(path))
    assert "\n" not in str(refused.value)


def length_prefixed(number: int, content: bytes) -> bytes:
    size, length = len(content), bytearray()
    while size > 0x7F:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes([number << 3 | 2, *length, size]) + content


def forged(tensor: bytes) -> bytes:
    """A file that says it is ours, with one tensor."""
    facts = length_prefixed(1, FACTS.encode()) + length_prefixed(2, b"{}")
    return length_prefixed(7, length_prefixed(5, tensor)) + length_prefixed(14, facts)


@pytest.mark.parametrize(
    "tensor",
    [
        length_prefixed(1, b"\x01" * 4_000_000),
        length_prefixed(8, b"n") + bytes([1 << 3, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]) + bytes([2 << 3, 1]),
        bytes([1 << 3, 1]) * 30 + bytes([2 << 3, 1]) + length_prefixed(9, b"1234"),
        length_prefixed(8, b"n") * 100,
        length_prefixed(8, b"\xff\xfe"),
    ],
    ids=["millions of sides", "terabytes", "thirty sides", "a hundred names", "a name that is no text"],
)
def test_what_claims_too_much_is_refused_and_takes_no_memory(tensor: bytes, tmp_path: Path) -> None:
    path = tmp_path / "hostile.onnx"
    path.write_bytes(forged(tensor))
    tracemalloc.start()
    try:
        with pytest.raises(ModelError, match=r"hostile\.onnx.*damaged"):
            open_model(str(path))
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
