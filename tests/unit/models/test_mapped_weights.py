"""Published weights that are mapped: there at once, and only while nothing has changed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from cnn_desktop.models import mapped_weights
from cnn_desktop.models.mapped_weights import MappedWeights

WEIGHTS = {
    "first.weight": torch.arange(12.0).reshape(3, 4),
    "first.count": torch.tensor(7),
    "half": torch.ones(3).half(),
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "hub" / "net-0123.pth"
    path.parent.mkdir()
    path.write_bytes(b"as it was published")
    return path


@pytest.fixture
def mapped(source: Path) -> MappedWeights:
    made = MappedWeights(source, "0123")
    assert made.read() is None
    made.write(WEIGHTS)
    return made


def test_the_copy_holds_what_was_written(mapped: MappedWeights) -> None:
    read = mapped.read()
    assert read is not None
    assert read.keys() == WEIGHTS.keys()
    assert all(tensor.equal(WEIGHTS[name]) and tensor.dtype == WEIGHTS[name].dtype for name, tensor in read.items())


def test_what_is_written_into_them_stays_out_of_the_file(mapped: MappedWeights) -> None:
    content = mapped.file.read_bytes()
    read = mapped.read()
    assert read is not None
    read["first.weight"].fill_(99)
    del read
    again = mapped.read()
    assert again is not None and again["first.weight"].equal(WEIGHTS["first.weight"])
    assert mapped.file.read_bytes() == content


def test_they_outlive_their_file(mapped: MappedWeights) -> None:
    read = mapped.read()
    mapped.remove()
    assert not mapped.file.exists()
    assert mapped.read() is None
    assert read is not None and read["first.weight"].equal(WEIGHTS["first.weight"])
    mapped.remove()


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def _replace(file: Path) -> None:
    before = file.stat()
    other = file.with_suffix(".other")
    other.write_bytes(file.read_bytes())
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(file)


CHANGES: dict[str, Callable[[Path], None]] = {
    "altered": _flip,
    "cut short": lambda file: os.truncate(file, 5),
    "another file": _replace,
    "gone": lambda file: file.unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("which", ["source", "copy", "record"])
def test_a_changed_file_is_not_trusted(mapped: MappedWeights, source: Path, which: str, change: str) -> None:
    CHANGES[change]({"source": source, "copy": mapped.file, "record": mapped.file.with_suffix(".json")}[which])
    if (which, change) == ("record", "another file"):
        assert mapped.read() is not None, "it says the same"
    else:
        assert mapped.read() is None


def test_another_hash_or_version_is_not_trusted(
    mapped: MappedWeights, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MappedWeights(source, "4567").read() is None
    monkeypatch.setattr(mapped_weights, "__version__", "99")
    assert mapped.read() is None


def test_what_a_killed_program_left_is_swept(mapped: MappedWeights) -> None:
    torn = mapped.file.with_name(".0123456789ab.cnn-desktop-part")
    torn.write_bytes(b"half of it")
    mapped.write(WEIGHTS)
    assert not torn.exists()
    assert mapped.read() is not None


def test_a_full_disk_costs_nothing_but_time(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = MappedWeights(source, "0123")
    monkeypatch.setattr(mapped_weights, "free_bytes", lambda _path: 100)
    made.write(WEIGHTS)
    assert not made.file.exists()
    monkeypatch.undo()

    def fail(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mapped_weights, "save_file", fail)
    made.write(WEIGHTS)
    assert made.read() is None
    assert not list(made.file.parent.glob("*.safetensors"))
