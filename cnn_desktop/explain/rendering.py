"""Arrays as pictures: colour maps, common scales, many small maps laid out as one mosaic. NumPy and Pillow only."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

Colormap = Literal["viridis", "signed"]

# 33 evenly spaced colours of viridis (Smith, van der Walt and Firing, matplotlib; CC0); between them it is straight
# to within 2/255.
_VIRIDIS = (
    "440154470d6048186a482374472d7b4536814240863f49893b528b375a8d33638d2f6a8e2c728e297a8e26818e23898e21908c1f988b"
    "1f9f8821a68528ae8031b57b3ebc744cc26c5dc9636ece5882d34c96d83fabdc32c0df24d5e21aeae51afde725"
)
# Blue below zero, near white at zero, vermilion above: Okabe and Ito's two, darkened at the ends, which people with
# any colour vision tell apart.
_SIGNED = "00365c0072b2f5f5f5d55e006e2c00"
# From yellow to red, ever darker, so that people with any colour vision see the order.
_HEAT = "f6ea4af2a900e4572ec1121f"
_NOT_A_NUMBER = 0xFFFF00FF
_MOST_HIDDEN = 0.8
"""Of a picture, where the map over it is strongest."""


def _table(anchors: str) -> np.ndarray:
    colours = np.frombuffer(bytes.fromhex(anchors), dtype=np.uint8).reshape(-1, 3)
    places = np.linspace(0, 255, len(colours))
    return (
        np.stack([np.interp(np.arange(256), places, colours[:, c]) for c in range(3)], axis=1).round().astype(np.uint8)
    )


def _packed(colours: np.ndarray) -> np.ndarray:
    """…×3 uint8 as uint32 0xffRRGGBB, which is drawn and moved about in a third of the time."""
    red, green, blue = (colours[..., channel].astype(np.uint32) for channel in range(3))
    return 0xFF000000 | red << 16 | green << 8 | blue


_HEAT_TABLE = _table(_HEAT)
_TABLES: dict[Colormap, np.ndarray] = {"viridis": _packed(_table(_VIRIDIS)), "signed": _packed(_table(_SIGNED))}


@dataclass(frozen=True)
class Scale:
    """Which value gets the first colour and which the last: arrays that broadcast against the tiles."""

    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, tiles: np.ndarray, *, per_tile: bool = False, symmetric: bool = False) -> "Scale":
        """The range of `tiles` (N×H×W or N×H×W×3), of all together or of each.

        Args:
            tiles: any numbers; those that aren't finite are left out.
            per_tile: each tile has a range of its own.
            symmetric: as far below zero as above, so that zero gets the middle colour.
        """
        axes = tuple(range(1, tiles.ndim)) if per_tile else None
        low, high = (find(axis=axes, keepdims=True) for find in (tiles.min, tiles.max))
        if not (np.isfinite(low).all() and np.isfinite(high).all()):
            low, high = _finite_range(tiles, axes)
        if symmetric:
            high = np.maximum(np.abs(low), np.abs(high))
            low = -high
        return cls(low.astype(np.float32), high.astype(np.float32))


def _finite_range(tiles: np.ndarray, axes: tuple[int, ...] | None) -> tuple[np.ndarray, np.ndarray]:
    finite = np.isfinite(tiles)
    low = np.min(tiles, axis=axes, keepdims=True, where=finite, initial=np.inf)
    high = np.max(tiles, axis=axes, keepdims=True, where=finite, initial=-np.inf)
    empty = low > high
    return np.where(empty, 0.0, low), np.where(empty, 0.0, high)


def packed_colours(values: np.ndarray, scale: Scale, colormap: Colormap = "viridis") -> np.ndarray:
    """Look the colour of each value up: uint32 0xffRRGGBB of the same shape. Values that aren't numbers are magenta.

    Where the scale has no extent, everything gets the middle colour of a signed map and the first of the other.
    """
    table = _TABLES[colormap]
    unknown = np.isnan(values)
    has_unknown = bool(unknown.any())
    known = np.where(unknown, 0, values) if has_unknown else values
    colours = table.take(_levels(known, scale, flat=0.5 if colormap == "signed" else 0.0))
    if has_unknown:
        colours[unknown] = _NOT_A_NUMBER
    return colours


def packed_rgb(values: np.ndarray, scale: Scale) -> np.ndarray:
    """Show …×3 floats as red, green and blue: uint32 0xffRRGGBB, `scale.low` black and `scale.high` full."""
    return _packed(_levels(np.nan_to_num(values), scale, flat=0.5))


def to_colours(values: np.ndarray, scale: Scale, colormap: Colormap = "viridis") -> np.ndarray:
    """As `packed_colours`: any shape to the same shape ×3, uint8."""
    return unpacked(packed_colours(values, scale, colormap))


def to_rgb(values: np.ndarray, scale: Scale) -> np.ndarray:
    """As `packed_rgb`: …×3 floats to …×3 uint8."""
    return unpacked(packed_rgb(values, scale))


def unpacked(colours: np.ndarray) -> np.ndarray:
    """uint32 0x…RRGGBB as …×3 uint8."""
    return np.stack([(colours >> shift).astype(np.uint8) for shift in (16, 8, 0)], axis=-1)


def _levels(values: np.ndarray, scale: Scale, flat: float) -> np.ndarray:
    """Where each value stands on its scale, uint8 0…255."""
    extent = scale.high - scale.low
    has_extent = extent > 0
    gain = np.divide(np.float32(255), extent, out=np.zeros_like(extent), where=has_extent)
    shares = np.clip(values, scale.low, scale.high)
    shares -= scale.low
    shares *= gain
    shares += np.where(has_extent, np.float32(0.5), np.float32(255 * flat + 0.5))
    return shares.astype(np.uint8)


def overlay(shares: np.ndarray, height: int, width: int) -> np.ndarray:
    """A map to lay over a picture: float h×w in 0…1 to uint8 `height`×`width`×4 (RGBA, not premultiplied).

    Enlarged smoothly; what counts little is transparent, what counts most glows red and hides most of it.
    """
    source = Image.fromarray(np.ascontiguousarray(shares, np.float32))
    smooth = np.clip(np.asarray(source.resize((width, height), Image.Resampling.BICUBIC)), 0, 1)
    colours = _HEAT_TABLE[np.round(smooth * 255).astype(np.uint8)]
    alpha = np.round(_MOST_HIDDEN * 255 * smooth).astype(np.uint8)
    return np.dstack([colours, alpha])


def resample(tiles: np.ndarray, height: int, width: int) -> np.ndarray:
    """Bring N×H×W(×…) tiles to `height`×`width` by the nearest neighbour: each pixel shows a number that is there.

    Averaging would grey out the fine textures that early layers find.
    """
    rows, columns = _nearest(tiles.shape[1], height), _nearest(tiles.shape[2], width)
    return np.take(np.take(tiles, rows, axis=1), columns, axis=2)


def _nearest(old: int, new: int) -> np.ndarray:
    return (2 * np.arange(new) + 1) * old // (2 * new)


def mosaic(tiles: np.ndarray, columns: int, gap: int, background: tuple[int, int, int] | int) -> np.ndarray:
    """Lay N×h×w(×3) tiles of uint8 or packed colours out row by row, `gap` pixels apart: one picture of that kind."""
    count, height, width, *channels = tiles.shape
    rows = -(-count // columns)
    sheet = np.empty((rows * columns, height + gap, width + gap, *channels), tiles.dtype)
    sheet[:] = background
    sheet[:count, :height, :width] = tiles
    whole = sheet.reshape(rows, columns, height + gap, width + gap, *channels).swapaxes(1, 2)
    whole = whole.reshape(rows * (height + gap), columns * (width + gap), *channels)
    return np.ascontiguousarray(whole[: whole.shape[0] - gap, : whole.shape[1] - gap])


def near_square(count: int) -> int:
    """Columns of a mosaic of `count` tiles that is about as wide as it is high."""
    return max(1, int(np.ceil(np.sqrt(count))))
