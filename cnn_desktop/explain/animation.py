"""Pictures that move: frames with a title and a line of words, as an animated GIF or PNG."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from cnn_desktop.core.errors import BadInputError, CnnDesktopError, one_line
from cnn_desktop.core.files import atomic_path
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress

KINDS = {".gif": "GIF", ".png": "PNG", ".apng": "PNG"}
"""What can be written, by the end of a file's name; an animated PNG is a PNG to programs that know no better."""

_GROUND, _TEXT, _MUTED = (255, 255, 255), (29, 33, 39), (105, 113, 125)
_MARGIN, _LINE = 16, 22
_LAST_LINGERS = 4
"""How many times longer than others the last frame stays."""
_NARROWEST = 320
"""Pixels, for the title's sake."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One moment."""

    picture: np.ndarray
    """uint8 H×W×3, of one size in all frames."""
    words: str
    """Such as “epoch 3, step 1,200”."""


def write_animation(
    target: Path,
    title: str,
    frames: Iterable[Frame],
    count: int,
    seconds: float,
    progress: Progress = no_progress,
) -> None:
    """Write `count` frames, each of which stays for `seconds`, whole or not at all; the last one stays longer.

    `progress` counts frames.

    Raises:
        BadInputError: the name ends in none of `KINDS`, or there is no frame.
        CnnDesktopError: the file can't be written; what was there stays.
        CancelledError: `progress` raised it; what was there stays.
    """
    kind = KINDS.get(target.suffix.lower())
    if kind is None:
        raise BadInputError(
            _("“{file}” is no name for a moving picture: let it end in {kinds}.").format(
                file=target, kinds=", ".join(KINDS)
            )
        )
    drawn = list(_drawn(title, frames, count, progress))
    if not drawn:
        raise BadInputError(_("There is nothing to be animated."))
    milliseconds = max(20, round(1000 * seconds))
    durations = [milliseconds] * (len(drawn) - 1) + [_LAST_LINGERS * milliseconds]
    try:
        with atomic_path(target) as temporary:
            drawn[0].save(temporary, kind, save_all=True, append_images=drawn[1:], duration=durations, loop=0)
    except OSError as error:
        sentence = _("The animation can't be written to {file} ({reason}).")
        raise CnnDesktopError(sentence.format(file=target, reason=error.strerror or one_line(error))) from error


def _drawn(title: str, frames: Iterable[Frame], count: int, progress: Progress) -> Iterator[Image.Image]:
    progress(0, count)
    for done, frame in enumerate(frames, start=1):
        yield _page(title, frame)
        progress(done, count)


def _page(title: str, frame: Frame) -> Image.Image:
    """The frame under its title and words."""
    height, width, _channels = frame.picture.shape
    page = Image.new("RGB", (max(width, _NARROWEST) + 2 * _MARGIN, height + 2 * _MARGIN + 2 * _LINE), _GROUND)
    pen = ImageDraw.Draw(page)
    pen.text((_MARGIN, _MARGIN - 4), title, fill=_TEXT, font=_font(16))
    pen.text((_MARGIN, _MARGIN - 4 + _LINE), frame.words, fill=_MUTED, font=_font(13))
    page.paste(Image.fromarray(frame.picture), ((page.width - width) // 2, _MARGIN + 2 * _LINE))
    return page


def with_names(picture: np.ndarray, names: Iterable[str], row_height: int) -> np.ndarray:
    """A picture of rows, uint8 H×W×3, with the name of each row at its left."""
    font = _font(min(13, row_height))
    texts = [_cut(name) for name in names]
    room = round(max(font.getlength(text) for text in texts)) + _MARGIN // 2
    page = Image.new("RGB", (room + picture.shape[1], picture.shape[0]), _GROUND)
    page.paste(Image.fromarray(picture), (room, 0))
    pen = ImageDraw.Draw(page)
    for row, text in enumerate(texts):
        pen.text((0, (row + 0.5) * row_height), text, fill=_TEXT, font=font, anchor="lm")
    return np.asarray(page)


def _cut(name: str, longest: int = 18) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
