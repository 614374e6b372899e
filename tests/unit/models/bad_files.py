"""Weight files that somebody broke, or built to do harm."""

import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import torch


class Canary:
    """Runs a command when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        import os

        return os.mkdir, (str(self.trace),)


def write_bare_canary(path: Path, trace: Path) -> None:
    path.write_bytes(pickle.dumps({"conv1.weight": Canary(trace)}))


def write_canary(path: Path, trace: Path, *, as_archive: bool) -> None:
    torch.save({"conv1.weight": torch.zeros(2), "more": Canary(trace)}, path, _use_new_zipfile_serialization=as_archive)


def write_deflated(path: Path, megabytes: int) -> None:
    """An archive as torch's, whose zeros are packed to a thousandth."""
    plain = path.with_suffix(".plain")
    torch.save({"conv1.weight": torch.zeros(megabytes * 2**18)}, plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(entry.filename, source.read(entry))
    plain.unlink()


class Call:
    """Calls something when it is unpickled."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.function, self.arguments


def write_archive(path: Path, content: object, **more: bytes) -> None:
    """An archive as torch's, whose pickle holds any `content`; `more` are further pickles by name."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(content, protocol=2))
        archive.writestr("archive/version", "3\n")
        for name, pickled in more.items():
            archive.writestr(f"archive/{name}.pkl", pickled)


def write_zeros(path: Path, megabytes: int) -> None:
    """An archive whose storage is packed to a thousandth, written without taking the memory that it would fill."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({}, protocol=2))
        with archive.open("archive/data/0", "w") as stream:
            for _number in range(megabytes):
                stream.write(bytes(2**20))


def write_overlapping(path: Path, entries: int) -> None:
    """An archive whose entries all lie on the same bytes, so that unpacking all takes many times its length."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data/0", bytes(100_000))
        (only,) = archive.filelist
        for number in range(1, entries):
            copied = zipfile.ZipInfo(f"archive/data/{number}")
            copied.file_size, copied.compress_size, copied.CRC = only.file_size, only.compress_size, only.CRC
            copied.header_offset = only.header_offset
            archive.filelist.append(copied)
            archive.NameToInfo[copied.filename] = copied


def safetensors_bytes(header: object, data: bytes = bytes(64)) -> bytes:
    """A file in safetensors' layout with any header: a JSON value, or bytes as they are."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def entry(shape: list[int], start: int, end: int) -> dict[str, object]:
    return {"dtype": "F32", "shape": shape, "data_offsets": [start, end]}
