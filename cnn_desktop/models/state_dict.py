"""Weights by name out of files that others wrote: nothing in them runs, and what is wrong is said in a sentence."""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from cnn_desktop.core.errors import one_line, readable
from cnn_desktop.core.language import _
from cnn_desktop.models.pickled_weights import unpickled, unreadable

_HEADER_LIMIT = 4 * 2**20
"""Bytes of a safetensors header; most have some kB, the largest published ones a few hundred."""

_TYPES = {
    torch.float16,
    torch.bfloat16,
    torch.float32,
    torch.float64,
    torch.int64,
    torch.int32,
    torch.uint8,
    torch.bool,
}

_WRAPPERS = ("state_dict", "model_state_dict", "model", "net")
_PREFIXES = ("module.", "_orig_mod.")
"""What DataParallel and torch.compile put before every name."""


@dataclass(frozen=True)
class Checkpoint:
    """Tensors by name, and what else a file tells: a safetensors file's metadata, or what stands beside the weights."""

    weights: dict[str, torch.Tensor]
    facts: dict[str, Any]


def read_state_dict(path: Path) -> dict[str, torch.Tensor]:
    """The weights of `read_checkpoint`.

    Raises:
        ModelError: as there.
    """
    return read_checkpoint(path).weights


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a `.pt`, `.pth` or `.safetensors` file onto the CPU; the kind is told by its content.

    A dictionary inside a dictionary (`{"state_dict": …}`) is found, and `module.` before every name is taken away.
    Pickles are read with `weights_only=True` and never otherwise, so that nothing in them runs.

    Raises:
        ModelError: there is no such file, it is damaged, it holds more than tensors, or it would take more memory than
            it is long.
    """
    check_is_file(path)
    checkpoint = Checkpoint(*read_safetensors(path)) if is_safetensors(path) else _unwrapped(unpickled(path), path)
    for name, value in checkpoint.weights.items():
        _check_tensor(name, value, path)
    _check_length(checkpoint.weights, path)
    return checkpoint


def check_is_file(path: Path) -> None:
    """Refuse what isn't a file with something in it, before it is opened: opening a pipe would wait forever.

    Raises:
        ModelError: no such file, a folder, a pipe, or no bytes.
    """
    try:
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise unreadable(path, _("there is no such file")) from error
    if not path.is_file():
        raise unreadable(path, _("it is no file"))
    if size == 0:
        raise unreadable(path, _("it is empty"))


def is_safetensors(path: Path) -> bool:
    """Whether the content begins as a safetensors file does: the header's length, then JSON.

    Raises:
        ModelError: the file can't be opened.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(9)
    except OSError as error:
        raise unreadable(path, error.strerror or one_line(error)) from error
    return len(start) == 9 and start[8:] == b"{"


def read_safetensors(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, str]]:
    """Read the tensors of a safetensors file onto the CPU, and its metadata.

    Raises:
        ModelError: the file is damaged or contradicts itself.
    """
    try:
        _check_header(path)
        with safe_open(path, framework="pt") as opened:
            metadata = opened.metadata() or {}
            # Copies: what safe_open gives is mapped from the file, and dies with whatever happens to the file.
            return {name: opened.get_tensor(name).clone() for name in opened.keys()}, metadata  # noqa: SIM118  it is no dictionary
    except (SafetensorError, OSError, ValueError, RecursionError, MemoryError, RuntimeError) as error:
        raise unreadable(path, _("it is damaged ({reason})").format(reason=one_line(error))) from error


def safetensors_metadata(path: Path) -> dict[str, str]:
    """What a safetensors file says beside its tensors, which are not looked at; nothing where it is no such file.

    Raises:
        ModelError: there is no such file, or its header is damaged.
    """
    check_is_file(path)
    if not is_safetensors(path):
        return {}
    try:
        header = _check_header(path)
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        raise unreadable(path, _("it is damaged ({reason})").format(reason=one_line(error))) from error
    said = header.get("__metadata__")
    return said if isinstance(said, dict) else {}


def _check_header(path: Path) -> dict[str, Any]:
    """Read the header, and refuse what the library lets through: a name that comes twice."""
    with path.open("rb") as stream:
        (length,) = struct.unpack("<Q", stream.read(8))
        if length > _HEADER_LIMIT:
            raise ValueError(_("its header claims {length} bytes").format(length=length))
        return json.loads(stream.read(length), object_pairs_hook=_unique)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(_("a name comes twice"))
    return found


def _unwrapped(content: Any, path: Path) -> Checkpoint:
    facts: dict[str, Any] = {}
    for wrapper in _WRAPPERS:
        if isinstance(content, Mapping) and isinstance(content.get(wrapper), Mapping):
            facts |= {str(name): value for name, value in content.items() if name != wrapper}
            content = content[wrapper]
    if not isinstance(content, Mapping) or not content:
        raise unreadable(path, _("it holds no named tensors"))
    for prefix in _PREFIXES:
        if all(isinstance(name, str) and name.startswith(prefix) for name in content):
            content = {name.removeprefix(prefix): value for name, value in content.items()}
    return Checkpoint(dict(content), facts)


def _check_tensor(name: object, value: object, path: Path) -> None:
    if not isinstance(name, str) or not isinstance(value, torch.Tensor):
        raise unreadable(path, _("“{name}” in it is no tensor").format(name=readable(name)))
    if value.layout is not torch.strided or value.dtype not in _TYPES or value.device.type != "cpu":
        raise unreadable(path, _("“{name}” in it is no plain tensor of numbers").format(name=readable(name)))
    # A view may repeat a few stored bytes into terabytes, which the first copy of it would take.
    if value.numel() * value.element_size() > value.untyped_storage().nbytes():
        raise unreadable(path, _("“{name}” claims to be larger than what is stored").format(name=readable(name)))


def _check_length(weights: Mapping[str, torch.Tensor], path: Path) -> None:
    """Refuse numbers that aren't in the file: memory that was asked for and never filled."""
    storages = {tensor.untyped_storage().data_ptr(): tensor.untyped_storage().nbytes() for tensor in weights.values()}
    if sum(storages.values()) > path.stat().st_size:
        raise unreadable(path, _("it claims to hold more than the file is long"))
