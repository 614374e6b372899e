"""Protobuf's wire format, read with nothing but its description."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_desktop.models.protobuf import fields, varints

onnx = pytest.importorskip("onnx")


def read(content: bytes) -> list[tuple[int, int | bytes]]:
    return [
        (number, value if isinstance(value, int) else bytes(value))
        for number, value in fields(memoryview(content), 100)
    ]


def test_every_kind_of_field_is_read() -> None:
    content = bytes.fromhex("089601 1203616263 1900000000000000ff 2501000000 38ffffffffffffffffff01")
    assert read(content) == [(1, 150), (2, b"abc"), (3, b"\0" * 7 + b"\xff"), (4, b"\1\0\0\0"), (7, 2**64 - 1)]


def test_it_reads_what_the_library_writes() -> None:
    tensor = onnx.TensorProto(dims=[3, 300], data_type=1, name="a", raw_data=b"\0\1")
    assert read(tensor.SerializeToString()) == [(1, 3), (1, 300), (2, 1), (8, b"a"), (9, b"\0\1")]


@given(st.lists(st.integers(0, 2**64 - 1)))
def test_packed_numbers_are_read(numbers: list[int]) -> None:
    packed = bytearray()
    for number in numbers:
        rest = number
        while rest > 0x7F:
            packed.append(rest & 0x7F | 0x80)
            rest >>= 7
        packed.append(rest)
    assert list(varints(memoryview(bytes(packed)))) == numbers


@pytest.mark.parametrize(
    "content",
    ["00", "0880", "08" + "ff" * 11, "12ff", "1203 6162", "19 0000", "0b", "0f", "12ffffffffffffffff7f61"],
    ids=["no number", "cut", "endless", "no end", "short", "eight", "a group", "no kind", "a length of petabytes"],
)
def test_what_is_none_is_refused(content: str) -> None:
    with pytest.raises(ValueError):
        read(bytes.fromhex(content))


def test_more_fields_than_are_meant_well_are_refused() -> None:
    assert len(read(b"\x12\0" * 100)) == 100
    with pytest.raises(ValueError, match="more than"):
        read(b"\x12\0" * 101)


@given(st.binary(max_size=60))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    try:
        found = read(content)
    except ValueError:
        return
    assert sum(len(value) for _number, value in found if isinstance(value, bytes)) <= len(content)
