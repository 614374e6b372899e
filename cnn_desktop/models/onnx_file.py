"""ONNX files that this program wrote, as models again: their weights and facts are read, their graph is not needed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from cnn_desktop.core.errors import ModelError, listed, one_line
from cnn_desktop.core.language import _
from cnn_desktop.models.model import Model
from cnn_desktop.models.model_facts import FACTS, model_of
from cnn_desktop.models.pickled_weights import unreadable
from cnn_desktop.models.protobuf import fields, varints
from cnn_desktop.models.state_dict import check_is_file

CONSTANT = "constant."
"""How the names of those of the graph's numbers begin that are no weights of the network."""

# What a file may hold of each: ours has a few facts, some thousand operators and tensors of four dimensions.
_MOST_FACTS, _MOST_PARTS, _MOST_SMALL = 1_000, 200_000, 32
_MOST_DIMENSIONS = 8

_MOST_TEXT = 16 * 2**20
"""Bytes of one text; that of our facts has a few kB."""

_SHOWN = 60
"""Characters of a foreign file's texts that a message repeats."""

_TYPES = {1: torch.float32, 2: torch.uint8, 6: torch.int32, 7: torch.int64, 9: torch.bool, 11: torch.float64}
"""onnx.TensorProto.DataType."""


class _ModelField:
    """Numbers of the fields of onnx.ModelProto; the classes below hold those of others."""

    PRODUCER, PRODUCER_VERSION, GRAPH, OPSET, METADATA = 2, 3, 7, 8, 14


class _GraphField:
    NODE, INITIALIZER, INPUT = 1, 5, 11


class _TensorField:
    DIMENSIONS, TYPE, NAME, RAW = 1, 2, 8, 9


_KEY, _VALUE = 1, 2
"""onnx.StringStringEntryProto and onnx.OperatorSetIdProto."""


@dataclass
class _Contents:
    graph: memoryview = field(default_factory=lambda: memoryview(b""))
    texts: dict[str, str] = field(default_factory=dict)
    """The file's metadata."""
    producer: str = ""
    producer_version: str = ""
    opset: int = 0


def load_onnx(path: Path) -> Model:
    """Read an ONNX file that this program wrote, onto the CPU: the same weights, classes, preprocessing, temperature.

    Raises:
        ModelError: no such file, damaged, of another program (what it is is said), or as `model_of`.
    """
    check_is_file(path)
    try:
        return _model(np.memmap(path, mode="r").data, path)
    except (ValueError, OSError) as error:
        # Without the error itself, whose frames would keep the file open.
        raise unreadable(path, _("it is damaged, or no ONNX file ({reason})").format(reason=one_line(error))) from None


def _model(content: memoryview, path: Path) -> Model:
    contents = _contents(content)
    if FACTS not in contents.texts:
        raise _foreign(contents, path)
    return model_of(contents.texts, _weights(contents.graph), path)


def _contents(content: memoryview) -> _Contents:
    found = _Contents()
    for number, value in fields(content, _MOST_FACTS):
        match number, value:
            case _ModelField.PRODUCER, memoryview():
                found.producer = _text(value)
            case _ModelField.PRODUCER_VERSION, memoryview():
                found.producer_version = _text(value)
            case _ModelField.GRAPH, memoryview():
                found.graph = value
            case _ModelField.OPSET, memoryview():
                found.opset = _main_opset(value) or found.opset
            case _ModelField.METADATA, memoryview():
                entry = dict(fields(value, _MOST_SMALL))
                found.texts[_text(entry.get(_KEY))] = _text(entry.get(_VALUE))
            case _:
                pass
    return found


def _weights(graph: memoryview) -> dict[str, torch.Tensor]:
    tensors: dict[str, torch.Tensor] = {}
    for number, value in fields(graph, _MOST_PARTS):
        if number == _GraphField.INITIALIZER and isinstance(value, memoryview):
            name, tensor = _tensor(value)
            if name in tensors:
                raise ValueError(_("a name comes twice"))
            if tensor is not None:
                tensors[name] = tensor
    return tensors


def _tensor(message: memoryview) -> tuple[str, torch.Tensor | None]:
    """A tensor by its name, copied out of the file; None for what is no weight."""
    name, kind, shape, raw = "", 0, list[int](), memoryview(b"")
    for number, value in fields(message, _MOST_SMALL):
        match number, value:
            case _TensorField.NAME, memoryview():
                name = _text(value)
            case _TensorField.TYPE, int():
                kind = value
            case _TensorField.DIMENSIONS, int():
                shape.append(value)
            case _TensorField.DIMENSIONS, memoryview():
                shape.extend(islice(varints(value), _MOST_DIMENSIONS + 1))
            case _TensorField.RAW, memoryview():
                raw = value
            case _:
                pass
    if name.startswith(CONSTANT):
        return name, None
    dtype = _TYPES.get(kind)
    if dtype is None or len(shape) > _MOST_DIMENSIONS or math.prod(shape) * dtype.itemsize != len(raw):
        raise ValueError(_("“{name}” isn't what its shape says").format(name=name))
    if not raw:
        return name, torch.empty(shape, dtype=dtype)
    return name, torch.frombuffer(bytearray(raw), dtype=dtype).reshape(shape)


def _main_opset(message: memoryview) -> int:
    """The version of ONNX's own operators; 0 where the entry is of another domain."""
    entry: Mapping[int, int | memoryview] = dict(fields(message, _MOST_SMALL))
    version = entry.get(_VALUE, 0)
    return version if isinstance(version, int) and not entry.get(_KEY) else 0


def _text(value: int | memoryview | None) -> str:
    if not isinstance(value, memoryview) or len(value) > _MOST_TEXT:
        raise ValueError(_("its texts are none"))
    return bytes(value).decode()


def _foreign(contents: _Contents, path: Path) -> ModelError:
    producer = _shown(f"{contents.producer} {contents.producer_version}") or _("an unknown program")
    counts = {_GraphField.NODE: 0, _GraphField.INITIALIZER: 0}
    inputs: list[str] = []
    for number, value in fields(contents.graph, _MOST_PARTS):
        if number in counts:
            counts[number] += 1
        if number == _GraphField.INPUT and isinstance(value, memoryview):
            inputs.append(_input_name(value))
    facts = _("opset {opset}, {nodes:,} nodes, {tensors:,} tensors, input {inputs}").format(
        opset=contents.opset or "?",
        nodes=counts[_GraphField.NODE],
        tensors=counts[_GraphField.INITIALIZER],
        inputs=listed(inputs[:3]) or "?",
    )
    return ModelError(
        _(
            "“{file}” is an ONNX network of {producer} ({facts}): it doesn't say its classes and how its pictures are "
            "prepared, so only those that this program exported can be opened."
        ).format(file=path, producer=producer, facts=facts)
    )


def _input_name(message: memoryview) -> str:
    names = (_text(value) for number, value in fields(message, _MOST_SMALL) if number == 1)
    return _shown(next(names, ""))


def _shown(text: str) -> str:
    return " ".join(text.split())[:_SHOWN]
