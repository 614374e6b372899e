"""What a cell of a layer sees of the picture that was dropped, for a frame and a caption."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF

from cnn_desktop.core.language import _
from cnn_desktop.core.preprocessing import Preprocessing

if TYPE_CHECKING:
    from cnn_desktop.explain.recording import Recording


class Sight(NamedTuple):
    """A part of the picture, in shares of its width and height, and how large it is for the network."""

    part: QRectF
    height: int
    width: int


def sight_of(
    recording: Recording, layer: str, place: tuple[int, int], preprocessing: Preprocessing, size: tuple[int, int]
) -> Sight:
    """What the cell at `place` (row, column) of `layer` sees.

    Args:
        recording: or an outline of the same network.
        size: (width, height) of the picture as it was given.
    """
    from cnn_desktop.explain.receptive_field import on_picture, receptive_field

    seen = receptive_field(recording, layer, *place).rectangle
    there = on_picture(seen, preprocessing, size)
    width, height = size
    part = QRectF(there.left / width, there.top / height, there.width / width, there.height / height)
    return Sight(part, int(seen.height), int(seen.width))


def sight_text(layer: str, place: tuple[int, int] | None, sight: Sight) -> str:
    """“orange: what conv4 (9, 5) sees, 14×14 px”; without a place for what has no extent."""
    if place is None:
        text = _("orange: what {layer} sees, {width}×{height} px")
        return text.format(layer=layer, width=sight.width, height=sight.height)
    text = _("orange: what {layer} ({row}, {column}) sees, {width}×{height} px")
    return text.format(layer=layer, row=place[0], column=place[1], width=sight.width, height=sight.height)
