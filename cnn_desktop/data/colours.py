"""Any of Pillow's picture modes to RGB, by colour rather than by bits."""

import io

import numpy as np
from PIL import Image, ImageCms

_SIXTEEN_BITS = 65_535.0
_TIFF_BITS_PER_SAMPLE = 258


def to_rgb(picture: Image.Image) -> Image.Image:
    """A new RGB picture of what a person would see in `picture`, which must be loaded.

    Alpha and transparent colours lie over white. CMYK follows its embedded profile, LAB the CIE's definition; an RGB
    profile is left aside, as training scripts do, so that their weights see the pixels they know. One channel of more
    than 8 bits is scaled, not clipped: see `_to_eight_bits`.
    """
    if picture.mode.startswith("I;16") or picture.mode in {"I", "F"}:
        return _to_eight_bits(picture).convert("RGB")
    if picture.mode == "CMYK":
        return _from_cmyk(picture)
    if picture.mode == "La":
        picture = picture.convert("LA")
    if picture.has_transparency_data:
        seen = picture if picture.mode == "RGBA" else picture.convert("RGBA")
        paper = Image.new("RGB", seen.size, "white")
        paper.paste(seen, mask=seen.getchannel("A"))
        return paper
    return picture.convert("RGB")


def _from_cmyk(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if profile:
        try:
            embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            seen = ImageCms.profileToProfile(picture, embedded, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            seen = None  # a damaged profile: the plain formula is what is left
        if seen is not None:
            return seen
    return picture.convert("RGB")


def _to_eight_bits(picture: Image.Image) -> Image.Image:
    """Mode L from one channel of 16 or 32 bits.

    White is the highest value that the format can hold: 65,535, or less where a TIFF declares fewer bits. Floating
    point has no such value: within 0…1 it counts as a share of white, within 0…255 as 8 bits, within 0…65,535 as 16.
    Whatever lies outside, or has negative values, is stretched from its lowest value (black) to its highest (white).
    What isn't a number becomes black.
    """
    values = np.array(picture, dtype=np.float32)
    transparent = values == picture.info.get("transparency", np.nan)
    finite = np.isfinite(values)
    low, high = float(values.min(where=finite, initial=np.inf)), float(values.max(where=finite, initial=-np.inf))
    if low > high:  # not a single number
        low = high = 0.0
    steps = (1.0, 255.0, _SIXTEEN_BITS) if picture.mode == "F" else (_highest_value(picture), _SIXTEEN_BITS)
    white = next((step for step in steps if low >= 0 and high <= step), None)
    black, white = (0.0, white) if white else (low, high)
    # In place: a picture of the largest size takes half a gigabyte here.
    values[~finite] = black
    values -= black
    values *= 255 / max(white - black, 1e-30)
    np.rint(values, out=values)
    values[transparent] = 255
    return Image.fromarray(np.clip(values, 0, 255, out=values).astype(np.uint8))


def _highest_value(picture: Image.Image) -> float:
    bits = getattr(picture, "tag_v2", {}).get(_TIFF_BITS_PER_SAMPLE, (16,))[0]
    return 2.0 ** min(int(bits), 16) - 1
