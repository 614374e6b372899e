"""`.pt` and `.pth` files: what torch pickled, read so that nothing in them runs and none takes more than its length.

`weights_only=True` keeps code from running, and still calls what a file names out of torch's own list: `bytearray(n)`
fills n bytes, and a dense copy can be asked of a view that repeats few bytes into terabytes. So the names in the
pickles are read first, without carrying anything out, and held against a shorter list.
"""

import pickle
import pickletools
import re
import struct
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import torch

from cnn_desktop.core.errors import ModelError, one_line, readable
from cnn_desktop.core.language import _

_ALLOWED = re.compile(
    r"collections (OrderedDict|Counter)|builtins (set|complex)|_codecs encode|torch (Size|device|\w+Storage)"
    r"|torch\.storage (Typed|Untyped)Storage|torch (float|double|half|bfloat|int|uint|long|short|bool|complex)\w*"
    r"|torch\.nn\.parameter Parameter|torch\._tensor _rebuild_from_type_v2|torch Tensor"
    r"|torch\._utils _rebuild_(tensor|tensor_v2|tensor_v3|parameter|parameter_with_state|meta_tensor_no_storage)"
)
"""What may be named in a file of weights: tensors as views of what is stored, and plain containers."""

_OTHERS = {b"\x89HDF\r\n\x1a\n": "Keras (HDF5)", b"GGUF": "GGUF", b"\x93NUMPY": "NumPy", b"\x1f\x8b": "gzip"}
"""How files begin that hold weights in a way that isn't read here, and what people call them."""

_LEGACY_PICKLES = 5
"""One after the other at the start of files from before torch 1.6; behind them lie the numbers."""

_ERRORS = (
    # What torch.load and its unpickler raise on damaged files, seen by feeding them truncated and altered ones.
    pickle.UnpicklingError,
    RuntimeError,
    OSError,
    EOFError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    ImportError,
    ArithmeticError,
    MemoryError,
    struct.error,
)


def unpickled(path: Path) -> Any:
    """What torch saved in `path`, on the CPU.

    Raises:
        ModelError: the file is damaged, names more than tensors, or claims to hold more than it is long.
    """
    try:
        _check(path)
        with warnings.catch_warnings():
            # The error says what is wrong; torch's warnings on the way there are for programmers.
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True)
    except zipfile.BadZipFile as error:
        raise unreadable(path, _("it is damaged ({reason})").format(reason=one_line(error))) from error
    except _ERRORS as error:
        raise unreadable(path, _reason(error)) from error


def unreadable(path: Path, reason: str) -> ModelError:
    """The error for a file that can't be used, with the reason."""
    return ModelError(_("“{file}” can't be used as weights: {reason}.").format(file=path, reason=reason.rstrip(".")))


def _check(path: Path) -> None:
    with path.open("rb") as stream:
        _check_kind(stream.read(8), path)
        stream.seek(0)
        # The sign by which torch decides; zipfile's own test accepts archives behind other content.
        if stream.read(4) != b"PK\x03\x04":
            stream.seek(0)
            for _number in range(_LEGACY_PICKLES):
                _check_names(_names_in(stream), path)
            return
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        _check_sizes(entries, path)
        for entry in entries:
            if entry.filename.endswith(".pkl"):
                with archive.open(entry) as stream:
                    _check_names(_names_in(stream), path)


def _check_kind(start: bytes, path: Path) -> None:
    for sign, name in _OTHERS.items():
        if start.startswith(sign):
            text = _("it is a {kind} file, which isn't read here; save the weights as safetensors or with torch.save")
            raise unreadable(path, text.format(kind=name))


def _check_sizes(entries: list[zipfile.ZipInfo], path: Path) -> None:
    """Refuse an archive that would unpack to more than the file holds; torch itself stores entries as they are."""
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise unreadable(path, _("its parts are compressed, which weight files never are"))
    if sum(entry.file_size for entry in entries) > path.stat().st_size:
        raise unreadable(path, _("it claims to hold more than the file is long"))
    if any(entry.filename.endswith("/constants.pkl") for entry in entries):
        raise unreadable(
            path, _("it is a TorchScript program, which is code, and is not opened; save the network's state_dict()")
        )


def _names_in(stream: IO[bytes]) -> Iterator[str]:
    """Modules and names that the next pickle of `stream` would look up."""
    for opcode, argument, _position in pickletools.genops(stream):
        if opcode.name in ("GLOBAL", "INST"):
            yield str(argument)
        elif opcode.name in ("STACK_GLOBAL", "EXT1", "EXT2", "EXT4"):
            yield opcode.name  # torch writes none of them


def _check_names(names: Iterator[str], path: Path) -> None:
    for name in names:
        if not _ALLOWED.fullmatch(name):
            raise unreadable(
                path,
                _(
                    "it holds program code or objects ({name}) beside tensors, and is not opened; save the network's "
                    "state_dict() instead"
                ).format(name=readable(name.replace(" ", "."))),
            )


def _reason(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return _("it claims more memory than there is")
    return _("it is damaged, or no weight file at all")
