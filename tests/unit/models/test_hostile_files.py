"""Files that are broken, or built to do harm, opened as a person would: one sentence each, no trace, little memory."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from cnn_desktop.core.errors import ModelError
from cnn_desktop.models.architecture import build
from cnn_desktop.models.model import Model
from cnn_desktop.models.model_facts import sealed_facts
from cnn_desktop.models.weights import open_model, save_model
from tests.unit.models import bad_files
from tests.unit.models.bad_files import Call, entry, safetensors_bytes

GROWTH = 40
"""Megabytes."""
LISTING = 250
"""Megabytes of torchvision and its networks' layouts, which are looked at when a file's network isn't known."""

WEIGHTS = {"conv1.weight": torch.zeros(8, 3, 3, 3), "head.weight": torch.zeros(4, 8)}


def _refused(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        open_model(str(path))
    return _sentence(str(caught.value), path)


def _sentence(message: str, path: Path) -> str:
    assert str(path) in message
    assert "\n" not in message
    assert message.endswith(".")
    return message.replace(str(path), "")


def _write(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)


def _huge_header(path: Path) -> None:
    """A header that is as long as it says: thirty megabytes of small numbers."""
    path.write_bytes(safetensors_bytes(b'{"a":[' + b"0," * 15_000_000 + b"0]}"))


def _with_head(path: Path, weight: object, bias: object) -> None:
    """Weights of a known network, but for a head with as many classes as somebody likes."""
    body = build("mnist_cnn", 2, 1, (28, 28)).state_dict()
    torch.save({**body, "dense2.weight": weight, "dense2.bias": bias}, path)


HOSTILE: dict[str, Callable[[Path], None]] = {
    "deflated.pt": lambda path: bad_files.write_zeros(path, 512),
    "overlapping.pt": lambda path: bad_files.write_overlapping(path, entries=5000),
    "filled.pt": lambda path: bad_files.write_archive(path, {"a": Call(bytearray, 2 * 10**9)}),
    "asked_for.pt": lambda path: _with_head(path, Call(torch.Tensor, 5 * 10**6, 100), Call(torch.Tensor, 5 * 10**6)),
    "view.pth": lambda path: _with_head(path, torch.zeros(1).expand(5 * 10**6, 100), torch.zeros(1).expand(5 * 10**6)),
    "old_view.pth": lambda path: torch.save(
        {"a.weight": torch.zeros(1).expand(10**9)}, path, _use_new_zipfile_serialization=False
    ),
    "huge_header.safetensors": _huge_header,
    "claimed_header.safetensors": lambda path: _write(path.parent, path.name, (2**40).to_bytes(8, "little") + b"{"),
    "overlap.safetensors": lambda path: _write(
        path.parent, path.name, safetensors_bytes({"a": entry([16], 0, 64), "b": entry([4], 0, 16)})
    ),
    "out_of_range.safetensors": lambda path: _write(
        path.parent, path.name, safetensors_bytes({"a": entry([2**28], 0, 2**30)})
    ),
    "twice.safetensors": lambda path: _write(
        path.parent,
        path.name,
        safetensors_bytes(
            b'{"a":{"dtype":"F32","shape":[16],"data_offsets":[0,64]},"a":{"dtype":"F32","shape":[16],"data_offsets":[0,64]}}'
        ),
    ),
    "empty.pt": lambda path: path.write_bytes(b"") and None,
    "text.pt": lambda path: _write(path.parent, path.name, b"Just a text, with words in it.\n" * 1000),
    "text.onnx": lambda path: _write(path.parent, path.name, b"Just a text, with words in it.\n" * 1000),
    "empty.safetensors": lambda path: _write(path.parent, path.name, b""),
    "no_inputs.pt": lambda path: torch.save({"fc.weight": torch.zeros(10**9, 0), "fc.bias": torch.zeros(1)}, path),
}


REASONS = {
    "deflated.pt": "compressed",
    "overlapping.pt": "more than the file is long",
    "filled.pt": "bytearray",
    "asked_for.pt": "more than the file is long",
    "view.pth": "larger than what is stored",
    "huge_header.safetensors": "its header claims",
    "twice.safetensors": "a name comes twice",
    "empty.pt": "it is empty",
}


@pytest.mark.skipif(sys.platform != "linux", reason="the memory that a process had at most is told by Linux")
def test_each_is_refused_in_a_sentence_and_takes_little_memory(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in HOSTILE]
    for path in paths:
        HOSTILE[path.name](path)
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.models.open_hostile", *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["file"] for answer in answers] == list(HOSTILE)
    for path, answer in zip(paths, answers, strict=True):
        assert REASONS.get(path.name, ".") in answer["sentence"], path.name
        _sentence(answer["sentence"], path)
        assert answer["grown"] < (LISTING if "no network that is known" in answer["sentence"] else GROWTH), path.name
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["evil.pt", "evil.pth", "evil.safetensors", "evil.cnnmodel", "evil.onnx", "evil"])
@pytest.mark.parametrize("kind", ["archive", "legacy", "bare"])
def test_nothing_in_a_pickle_runs_whatever_its_name(tmp_path: Path, name: str, kind: str) -> None:
    path, trace = tmp_path / name, tmp_path / "trace"
    if kind == "bare":
        bad_files.write_bare_canary(path, trace)
    else:
        bad_files.write_canary(path, trace, as_archive=kind == "archive")
    _refused(path)
    assert not trace.exists()


@pytest.mark.parametrize("save", [torch.save, save_file], ids=["pt", "safetensors"])
def test_every_truncation_of_foreign_weights_is_refused(tmp_path: Path, save: Callable[..., None]) -> None:
    path = tmp_path / "weights"
    save(WEIGHTS, path)
    whole = path.read_bytes()
    for length in [*range(0, 80, 7), *range(80, len(whole), 97)]:
        path.write_bytes(whole[:length])
        _refused(path)


@pytest.mark.parametrize("name", ["m.cnnmodel", "m.safetensors"])
def test_one_flipped_bit_in_our_file_is_refused_under_either_name(model: Model, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    tensors = {key: tensor.contiguous() for key, tensor in model.module.state_dict().items()}
    if path.suffix == ".cnnmodel":
        save_model(model, path)
    else:
        save_file(tensors, path, metadata=sealed_facts(model, tensors))
    whole = path.read_bytes()
    header = 8 + int.from_bytes(whole[:8], "little")
    drawn = random.Random(0)
    facts = whole.index(b"cnn_desktop"), whole.index(b"cnn_desktop_sha256")
    named = [(place + offset, 0) for place in facts for offset in range(18)]
    anywhere = [(drawn.randrange(header), drawn.randrange(8)) for _number in range(60)]
    numbers = [(drawn.randrange(header, len(whole)), drawn.randrange(8)) for _number in range(20)]
    for position, bit in [*named, *anywhere, *numbers]:
        broken = bytearray(whole)
        broken[position] ^= 1 << bit
        path.write_bytes(broken)
        _refused(path)


def test_a_sealed_file_that_wants_gigantic_pictures_is_refused(model: Model, tmp_path: Path) -> None:
    large = model.preprocessing.model_copy(update={"height": 10**6, "width": 10**6})
    model.preprocessing = large
    save_model(model, tmp_path / "m.cnnmodel")
    assert "1000000×1000000" in _refused(tmp_path / "m.cnnmodel")
