"""Writes a video that every player reads: JPEGs one after the other in an AVI file."""

import io
import struct
from collections.abc import Sequence
from pathlib import Path

from PIL import Image


def write_video(path: Path, pictures: Sequence[Image.Image], rate: int = 10) -> Path:
    """Write `pictures`, all of one size, to be shown at `rate` a second."""
    frames = [_chunk(b"00dc", _jpeg(picture)) for picture in pictures]
    width, height = pictures[0].size
    count, largest = len(frames), max(map(len, frames))
    main = struct.pack(
        "<14I", 1_000_000 // rate, largest * rate, 0, 0x10, count, 0, 1, largest, width, height, *[0] * 4
    )
    stream = struct.pack(
        "<4s4sIHHIIIIIIII4H", b"vids", b"MJPG", 0, 0, 0, 0, 1, rate, 0, count, largest, 0, 0, 0, 0, width, height
    )
    form = struct.pack("<IiiHH4sIiiII", 40, width, height, 1, 24, b"MJPG", width * height * 3, 0, 0, 0, 0)
    headers = _list(b"hdrl", _chunk(b"avih", main) + _list(b"strl", _chunk(b"strh", stream) + _chunk(b"strf", form)))
    content = headers + _list(b"movi", b"".join(frames)) + _chunk(b"idx1", _index(frames))
    path.write_bytes(b"RIFF" + struct.pack("<I", len(content) + 4) + b"AVI " + content)
    return path


def _index(frames: Sequence[bytes]) -> bytes:
    at, entries = 4, []
    for frame in frames:
        entries.append(struct.pack("<4sIII", b"00dc", 0x10, at, struct.unpack("<I", frame[4:8])[0]))
        at += len(frame)
    return b"".join(entries)


def _jpeg(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.convert("RGB").save(stream, "JPEG", quality=90)
    return stream.getvalue()


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _list(name: bytes, content: bytes) -> bytes:
    return _chunk(b"LIST", name + content)
