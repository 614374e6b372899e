"""Pictures of a dataset inside a page that needs nothing beside itself."""

import base64
import io
from html import escape

from PIL import Image

from cnn_desktop.core.errors import ImageError
from cnn_desktop.data.dataset import FileSplit, Split
from cnn_desktop.data.images import open_image

_SIDE = 112
"""Pixels of the longer side of a small picture."""


def picture_figure(source: str, key: str, remark: str) -> str:
    """A `<figure>`: the picture that `source` holds (empty: it can't be read), what is said of it, and its name."""
    image = f'<img src="{source}" alt="" loading="lazy">' if source else '<div class="none">?</div>'
    words = f"<b>{escape(remark)}</b>" if remark else ""
    return f'<figure title="{escape(key)}">{image}<figcaption>{words}{escape(_end(key))}</figcaption></figure>'


def picture_source(split: Split, index: int) -> str:
    """A picture of `split`, small, as the source of an `<img>`; empty where it can't be read."""
    try:
        if isinstance(split, FileSplit):
            return image_source(open_image(split.paths[index], preview_side=2 * _SIDE))
        return image_source(split.picture(index))
    except ImageError:
        return ""


def image_source(picture: Image.Image) -> str:
    """Larger ones as JPEG; tiny ones, such as digits, whole, and enlarged by the page."""
    if max(picture.size) <= _SIDE // 2:
        return png_source(picture)
    stream = io.BytesIO()
    small = picture.convert("RGB")
    small.thumbnail((_SIDE, _SIDE), reducing_gap=2.0)
    small.save(stream, "JPEG", quality=80)
    return _uri("jpeg", stream)


def png_source(picture: Image.Image) -> str:
    """A picture without loss, in its size."""
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return _uri("png", stream)


def _uri(kind: str, stream: io.BytesIO) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(stream.getvalue()).decode()}"


def _end(key: str) -> str:
    """The last two parts of a path: the class folder and the name."""
    return "/".join(key.split("/")[-2:])
