"""Foreign weight files: good ones of every kind load; bad ones are refused in a sentence, and nothing in them runs."""

import os
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from cnn_desktop.core.errors import ModelError
from cnn_desktop.models.state_dict import read_checkpoint, read_state_dict
from tests.unit.models import bad_files
from tests.unit.models.bad_files import entry, safetensors_bytes

GOOD = {"conv1.weight": torch.arange(6, dtype=torch.float32).reshape(2, 3), "conv1.bias": torch.tensor([1.0, 2.0])}


def _assert_good(weights: dict[str, torch.Tensor]) -> None:
    assert list(weights) == list(GOOD)
    assert all(weights[name].equal(tensor) for name, tensor in GOOD.items())


def _refused(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        read_state_dict(path)
    message = str(caught.value)
    assert str(path) in message
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < len(str(path)) + 250
    return message.replace(str(path), "")


@pytest.mark.parametrize("as_archive", [True, False])
@pytest.mark.parametrize("suffix", ["pt", "pth", "bin"])
def test_reads_what_torch_saves(tmp_path: Path, suffix: str, as_archive: bool) -> None:
    path = tmp_path / f"weights.{suffix}"
    torch.save(GOOD, path, _use_new_zipfile_serialization=as_archive)
    _assert_good(read_state_dict(path))


@pytest.mark.parametrize("name", ["weights.safetensors", "misnamed.pt"])
def test_reads_safetensors_whatever_the_name(tmp_path: Path, name: str) -> None:
    save_file(GOOD, tmp_path / name)
    assert set(read_state_dict(tmp_path / name)) == set(GOOD)


@pytest.mark.parametrize("wrapper", ["state_dict", "model_state_dict", "model"])
def test_finds_weights_inside_a_checkpoint(tmp_path: Path, wrapper: str) -> None:
    torch.save({wrapper: GOOD, "epoch": 3, "optimizer": {"lr": 0.1}}, tmp_path / "checkpoint.pth")
    _assert_good(read_state_dict(tmp_path / "checkpoint.pth"))


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "module._orig_mod."])
def test_takes_wrappers_prefixes_away(tmp_path: Path, prefix: str) -> None:
    torch.save({prefix + name: tensor for name, tensor in GOOD.items()}, tmp_path / "weights.pt")
    _assert_good(read_state_dict(tmp_path / "weights.pt"))


def test_result_does_not_hang_on_the_file(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    save_file({"a": torch.ones(100_000)}, path)
    weights = read_state_dict(path)
    path.write_bytes(bytes(path.stat().st_size))
    assert weights["a"].sum() == 100_000


class TestNothingRuns:
    @pytest.mark.parametrize("as_archive", [True, False])
    def test_objects_beside_tensors(self, tmp_path: Path, as_archive: bool) -> None:
        trace = tmp_path / "trace"
        bad_files.write_canary(tmp_path / "evil.pt", trace, as_archive=as_archive)
        message = _refused(tmp_path / "evil.pt")
        assert not trace.exists()
        assert "mkdir" in message
        assert "state_dict()" in message

    def test_bare_pickle(self, tmp_path: Path) -> None:
        trace = tmp_path / "trace"
        bad_files.write_bare_canary(tmp_path / "evil.pth", trace)
        _refused(tmp_path / "evil.pth")
        assert not trace.exists()

    def test_whole_network(self, tmp_path: Path) -> None:
        torch.save(torch.nn.Linear(2, 2), tmp_path / "network.pt")
        assert "Linear" in _refused(tmp_path / "network.pt")


class TestNoMemoryIsTaken:
    def test_compressed_entries(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        bad_files.write_deflated(tmp_path / "bomb.pt", megabytes=64)
        assert (tmp_path / "bomb.pt").stat().st_size < 200_000
        monkeypatch.setattr(torch, "load", lambda *_arguments, **_options: pytest.fail("it was unpacked"))
        assert "compressed" in _refused(tmp_path / "bomb.pt")

    def test_entries_on_the_same_bytes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        bad_files.write_overlapping(tmp_path / "bomb.pt", entries=1000)
        monkeypatch.setattr(torch, "load", lambda *_arguments, **_options: pytest.fail("it was unpacked"))
        assert "more than the file is long" in _refused(tmp_path / "bomb.pt")

    def test_view_of_terabytes(self, tmp_path: Path) -> None:
        torch.save({"conv1.weight": torch.zeros(1).expand(10**12)}, tmp_path / "view.pt")
        assert "larger than what is stored" in _refused(tmp_path / "view.pt")

    def test_storage_of_terabytes(self, tmp_path: Path) -> None:
        path = tmp_path / "legacy.pt"
        torch.save({"a": torch.zeros(1000)}, path, _use_new_zipfile_serialization=False)
        # The number 1000 as the pickle writes it, replaced by 2**40 elements in eight bytes.
        path.write_bytes(path.read_bytes().replace(b"M\xe8\x03", b"\x8a\x06" + (2**40).to_bytes(6, "little")))
        _refused(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\0", "damaged"),
        (b"Just a text, with words in it.\n", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "damaged"),
        (b"PK\x03\x04" + bytes(50), "damaged"),
        (b"<html>404 Not Found</html>", "damaged"),
        (b"\x89HDF\r\n\x1a\n" + bytes(50), "Keras"),
    ],
)
def test_no_weight_file_at_all(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "weights.pt").write_bytes(content)
    assert reason in _refused(tmp_path / "weights.pt")


@pytest.mark.parametrize("content", [[1, 2], 3, "text", {}, {"a": 1}, {1: torch.zeros(1)}, {"a": {"b": 1}}])
def test_no_named_tensors(tmp_path: Path, content: object) -> None:
    torch.save(content, tmp_path / "weights.pt")
    assert "tensor" in _refused(tmp_path / "weights.pt")


@pytest.mark.parametrize(
    "tensor",
    [
        torch.zeros(3, dtype=torch.float8_e4m3fn),
        torch.zeros(3, dtype=torch.complex64),
        torch.empty(3, device="meta"),
    ],
    ids=["eight bits", "complex", "without values"],
)
def test_odd_tensors(tmp_path: Path, tensor: torch.Tensor) -> None:
    torch.save({"conv1.weight": tensor}, tmp_path / "weights.pt")
    assert "conv1.weight" in _refused(tmp_path / "weights.pt")


HOSTILE_SAFETENSORS = {
    "header longer than the file": b"\xff\xff\xff\xff\xff\xff\xff\x0f{}",
    "header that claims 90 MB": (90_000_000).to_bytes(8, "little") + b"{",
    "no JSON": safetensors_bytes(b"{hello"),
    "deep nesting": safetensors_bytes(b'{"a":' * 100_000),
    "overlap": safetensors_bytes({"a": entry([16], 0, 64), "b": entry([4], 0, 16)}),
    "hole": safetensors_bytes({"a": entry([4], 0, 16), "b": entry([4], 48, 64)}),
    "out of range": safetensors_bytes({"a": entry([400], 0, 1600)}),
    "shape that overflows": safetensors_bytes({"a": entry([2**62, 8], 0, 64)}),
    "same name twice": safetensors_bytes(
        b'{"a":{"dtype":"F32","shape":[16],"data_offsets":[0,64]},"a":{"dtype":"F32","shape":[16],"data_offsets":[0,64]}}'
    ),
    "unknown type": safetensors_bytes({"a": {"dtype": "F4", "shape": [128], "data_offsets": [0, 64]}}),
    "data missing": safetensors_bytes({"a": entry([16], 0, 64)}, data=bytes(63)),
}


@pytest.mark.parametrize("kind", HOSTILE_SAFETENSORS)
def test_hostile_safetensors(tmp_path: Path, kind: str) -> None:
    (tmp_path / "weights.safetensors").write_bytes(HOSTILE_SAFETENSORS[kind])
    _refused(tmp_path / "weights.safetensors")


def test_absent_folder_and_unreadable_names(tmp_path: Path) -> None:
    assert "no such file" in _refused(tmp_path / "absent.pt")
    assert "no file" in _refused(tmp_path)
    assert "no such file" in _refused(tmp_path / ("long" * 100))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pt")
    assert "no file" in _refused(tmp_path / "pipe.pt")


def test_sparse_tensors(tmp_path: Path) -> None:
    torch.save({"conv1.weight": torch.ones(3).to_sparse()}, tmp_path / "weights.pt")
    assert "_rebuild_sparse_tensor" in _refused(tmp_path / "weights.pt")


def test_names_that_break_lines_or_never_end_are_shown_on_one(tmp_path: Path) -> None:
    torch.save({"conv\n\t1\x1b[2J" + "x" * 5000: torch.zeros(3, dtype=torch.complex64)}, tmp_path / "weights.pt")
    assert "“conv  1 [2Jxxx" in _refused(tmp_path / "weights.pt")


def test_torchscript_is_told_from_weights(tmp_path: Path) -> None:
    path = tmp_path / "script.pt"
    bad_files.write_archive(path, GOOD, constants=b"")
    assert "TorchScript" in _refused(path)


def test_what_stands_beside_the_weights_is_kept(tmp_path: Path) -> None:
    torch.save({"state_dict": GOOD, "classes": ["a", "b"], "epoch": 3}, tmp_path / "weights.pt")
    assert read_checkpoint(tmp_path / "weights.pt").facts == {"classes": ["a", "b"], "epoch": 3}
    save_file(GOOD, tmp_path / "weights.safetensors", metadata={"classes": '["a", "b"]'})
    assert read_checkpoint(tmp_path / "weights.safetensors").facts == {"classes": '["a", "b"]'}


@pytest.mark.parametrize("as_archive", [True, False])
def test_every_truncation_is_refused(tmp_path: Path, as_archive: bool) -> None:
    path = tmp_path / "weights.pt"
    torch.save(GOOD, path, _use_new_zipfile_serialization=as_archive)
    whole = path.read_bytes()
    for length in range(0, len(whole), 17):
        path.write_bytes(whole[:length])
        _refused(path)


@pytest.mark.parametrize("as_archive", [True, False])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_altered_bytes_load_or_are_refused_in_a_sentence(tmp_path: Path, as_archive: bool, data: st.DataObject) -> None:
    path = tmp_path / "weights.pt"
    torch.save(GOOD, path, _use_new_zipfile_serialization=as_archive)
    content = bytearray(path.read_bytes())
    for _change in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        read_state_dict(path)
    except ModelError as error:
        assert str(path) in str(error)
