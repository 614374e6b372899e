"""Model files: what was saved comes back whole, or is refused in one sentence."""

import json
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from cnn_desktop import __version__
from cnn_desktop.core.errors import CnnDesktopError, ModelError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.models.architecture import architectures, build
from cnn_desktop.models.model import Model
from cnn_desktop.models.model_facts import text_hash
from cnn_desktop.models.model_file import is_model_file, load_model, save_model, save_temperature
from cnn_desktop.models.weights import model_file_of
from tests.unit.models import bad_files


def _refused(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load_model(path)
    message = str(caught.value)
    assert str(path) in message
    assert message.endswith(".")
    assert "\n" not in message
    return message.replace(str(path), "")


def _rewrite(path: Path, **changes: object) -> None:
    """Change facts in a model file and seal it again, as a program that means to would."""
    with safe_open(path, framework="pt") as opened:
        facts = json.loads(opened.metadata()["cnn_desktop"])
    text = json.dumps({**facts, **changes})
    save_file(load_file(path), path, metadata={"cnn_desktop": text, "cnn_desktop_sha256": text_hash(text)})


def test_comes_back_whole(model: Model, model_file: Path) -> None:
    loaded = load_model(model_file)
    picture = torch.rand(2, 1, 6, 8)
    with torch.inference_mode():
        assert loaded.module(picture).equal(model.module(picture))
    assert not any(part.training for part in loaded.module.modules())
    assert all(parameter.requires_grad and parameter.device.type == "cpu" for parameter in loaded.module.parameters())
    assert loaded.architecture == model.architecture
    assert loaded.classes == model.classes
    assert loaded.preprocessing == model.preprocessing
    assert loaded.title == model.title
    assert loaded.figures == model.figures


@pytest.mark.parametrize("name", sorted(set(architectures) - {"vgg16", "convnext_tiny", "resnet50"}))
def test_every_architecture_comes_back(name: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    side = architectures[name].min_size
    # As after training: weights in channels-last order, moving statistics that moved.
    module = build(name, 2, 3, (side, side)).to(memory_format=torch.channels_last)
    module(torch.rand(4, 3, side, side))
    module.eval()
    saved = Model(name, module, ("a", "b"), Preprocessing.unit_range(side, side, 3), name)
    save_model(saved, tmp_path / "m.cnnmodel")
    loaded = load_model(tmp_path / "m.cnnmodel").module
    picture = torch.rand(2, 3, side, side)
    with torch.inference_mode():
        torch.testing.assert_close(loaded(picture), module(picture))
    assert all(tensor.device.type == "cpu" for tensor in [*loaded.parameters(), *loaded.buffers()])


def test_holds_no_pickle_and_says_what_it_is(model_file: Path) -> None:
    with safe_open(model_file, framework="pt") as opened:
        facts = json.loads(opened.metadata()["cnn_desktop"])
    assert facts["format_version"] == 1
    assert facts["app_version"] == __version__
    assert facts["architecture"] == "mnist_cnn"
    assert facts["classes"] == ["Äpfel", "pears", "🍒"]
    assert len(facts["tensor_sha256"]) == 64
    assert load_file(model_file)["conv1.weight"].shape == (32, 1, 3, 3)


def test_may_be_read_by_those_who_may_read_a_new_file(model_file: Path) -> None:
    other = model_file.with_name("other")
    other.touch()
    assert model_file.stat().st_mode == other.stat().st_mode


def test_figures_that_are_not_finite_come_back(model: Model, tmp_path: Path) -> None:
    model.figures["test_loss"] = float("inf")
    save_model(model, tmp_path / "m.cnnmodel")
    assert load_model(tmp_path / "m.cnnmodel").figures["test_loss"] == float("inf")


def test_is_replaced_whole_or_not_at_all(model: Model, model_file: Path) -> None:
    resource = pytest.importorskip("resource", reason="limits on file sizes are Unix's")
    before = model_file.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, limits[1]))
    try:
        with pytest.raises(CnnDesktopError) as caught:
            save_model(model, model_file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(model_file) in str(caught.value)
    assert "kB" in str(caught.value)
    assert not isinstance(caught.value, ModelError), "the disk failed, not what was asked for"
    assert model_file.read_bytes() == before
    assert list(model_file.parent.glob(".*part")) == []


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), in_header=st.booleans())
def test_one_flipped_bit_anywhere_is_refused(model_file: Path, where: float, bit: int, in_header: bool) -> None:
    whole = model_file.read_bytes()
    header = 8 + int.from_bytes(whole[:8], "little")
    position = int(where * header) if in_header else header + int(where * (len(whole) - header))
    broken = bytearray(whole)
    broken[position] ^= 1 << bit
    path = model_file.with_name("broken.cnnmodel")
    path.write_bytes(broken)
    _refused(path)


@pytest.mark.parametrize("share", [0.0, 0.0001, 0.001, 0.01, 0.1, 0.5, 0.9999])
def test_truncated(model_file: Path, share: float) -> None:
    whole = model_file.read_bytes()
    model_file.write_bytes(whole[: int(share * len(whole))])
    _refused(model_file)


def test_text_and_empty_files(tmp_path: Path) -> None:
    path = tmp_path / "m.cnnmodel"
    path.write_text("not a model")
    assert "no model file of this program" in _refused(path)
    path.write_bytes(b"")
    assert "empty" in _refused(path)
    assert "no such file" in _refused(tmp_path / "absent.cnnmodel")


@pytest.mark.parametrize("as_archive", [True, False])
def test_pickle_in_disguise_does_not_run(tmp_path: Path, as_archive: bool) -> None:
    path, trace = tmp_path / "m.cnnmodel", tmp_path / "trace"
    bad_files.write_canary(path, trace, as_archive=as_archive)
    assert "--weights" in _refused(path)
    assert not trace.exists()


def test_safetensors_of_others(tmp_path: Path) -> None:
    save_file({"a": torch.zeros(1)}, tmp_path / "m.safetensors", metadata={"format": "pt"})
    assert "--weights" in _refused(tmp_path / "m.safetensors")


def test_newer_version(model_file: Path) -> None:
    _rewrite(model_file, format_version=2, layers=["something new"])
    assert "newer version" in _refused(model_file)


def test_unknown_architecture(model_file: Path) -> None:
    _rewrite(model_file, architecture="mnist_cnn_9000")
    assert "mnist_cnn_9000" in _refused(model_file)


def test_classes_that_do_not_fit_the_weights(model_file: Path) -> None:
    _rewrite(model_file, classes=["one", "two"])
    message = _refused(model_file)
    assert "“dense2.weight” is 3×100 where 2×100 is needed" in message


@pytest.mark.parametrize("changes", [{"classes": []}, {"preprocessing": {}}, {"figures": None}, {"extra": 1}])
def test_facts_that_make_no_sense(model_file: Path, changes: dict[str, object]) -> None:
    _rewrite(model_file, **changes)
    assert "damaged" in _refused(model_file)


def test_picture_too_small_for_the_architecture(model_file: Path) -> None:
    _rewrite(model_file, preprocessing=Preprocessing.unit_range(2, 2, 1).model_dump())
    with pytest.raises(ModelError, match="2×2"):
        load_model(model_file)


def test_numbers_that_are_not_finite(model: Model, tmp_path: Path) -> None:
    with torch.no_grad():
        model.module.get_submodule("dense2").weight[1, 5] = float("nan")
    save_model(model, tmp_path / "m.cnnmodel")
    message = _refused(tmp_path / "m.cnnmodel")
    assert "dense2.weight" in message
    assert "finite" in message


def test_a_temperature_is_stored_and_all_else_stays(model: Model, model_file: Path) -> None:
    assert load_model(model_file).temperature == 1
    save_temperature(model_file, 1.75)
    loaded = load_model(model_file)
    assert loaded.temperature == 1.75
    assert (loaded.classes, loaded.preprocessing, loaded.figures) == (model.classes, model.preprocessing, model.figures)
    assert all(torch.equal(tensor, model.module.state_dict()[name]) for name, tensor in load_file(model_file).items())


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan"), float("inf")])
def test_a_temperature_that_makes_no_sense_is_refused(model_file: Path, temperature: float) -> None:
    before = model_file.read_bytes()
    with pytest.raises(ModelError, match="above 0"):
        save_temperature(model_file, temperature)
    assert model_file.read_bytes() == before
    _rewrite(model_file, temperature=temperature)
    assert "damaged" in _refused(model_file)


def test_a_model_file_is_told_from_others(model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_model_file(model_file)
    save_file({"a": torch.zeros(1)}, tmp_path / "other.safetensors")
    (tmp_path / "text.cnnmodel").write_text("not a model")
    (tmp_path / "cut.cnnmodel").write_bytes(model_file.read_bytes()[:300])
    header = b'{"__metadata__": 5}'
    (tmp_path / "odd.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    for name in ("other.safetensors", "odd.safetensors", "text.cnnmodel", "cut.cnnmodel", "absent.cnnmodel", "."):
        assert not is_model_file(tmp_path / name)
    (tmp_path / "run").mkdir()
    model_file.rename(tmp_path / "run" / "model.cnnmodel")
    monkeypatch.chdir(tmp_path)
    assert model_file_of("run") == Path("run/model.cnnmodel")
    assert model_file_of(str(tmp_path / "run" / "model.cnnmodel")) == tmp_path / "run" / "model.cnnmodel"
    assert model_file_of("vgg16") is model_file_of("absent") is model_file_of("text.cnnmodel") is None
