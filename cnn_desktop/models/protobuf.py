"""Protobuf messages field by field, where they lie: whatever a file claims, nothing is copied until it is asked for.

Source: protobuf.dev, “Encoding”.
"""

from collections.abc import Iterator

_VARINT, _EIGHT_BYTES, _WITH_LENGTH, _FOUR_BYTES = 0, 1, 2, 5
_FIXED = {_EIGHT_BYTES: 8, _FOUR_BYTES: 4}

_LONGEST_VARINT = 10


def fields(message: memoryview, most: int) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of each field of `message`, in the file's order: a varint as int, all else as its bytes.

    Args:
        message: as it lies in the file.
        most: how many fields a message that is meant well has at most. Each takes time, and a hostile file may hold
            millions of no length.

    Raises:
        ValueError: it is no protobuf message, is cut off, or has more fields than that.
    """
    at = 0
    for _count in range(most + 1):
        if at == len(message):
            return
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if number == 0:
            raise ValueError(f"no field begins at byte {at}")
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if kind == _WITH_LENGTH:
            length, at = _varint(message, at)
        elif kind in _FIXED:
            length = _FIXED[kind]
        else:
            raise ValueError(f"field {number} is of no kind that there is")
        if length > len(message) - at:
            raise ValueError(f"field {number} is cut off")
        yield number, message[at : at + length]
        at += length
    raise ValueError(f"more than {most} fields")


def varints(packed: memoryview) -> Iterator[int]:
    """The numbers of a packed repeated field.

    Raises:
        ValueError: it is cut off.
    """
    at = 0
    while at < len(packed):
        value, at = _varint(packed, at)
        yield value


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """The number at `at`, and where what follows it begins."""
    value = 0
    for position, byte in enumerate(message[at : at + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << (7 * position)
        if byte < 0x80:
            return value, at + position + 1
    raise ValueError(f"the number at byte {at} has no end")
