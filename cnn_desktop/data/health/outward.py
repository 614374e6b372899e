"""What can be known of pictures without looking at what is on them."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cnn_desktop.core.language import _
from cnn_desktop.data.health.colour_words import colour_word
from cnn_desktop.data.health.examining import Examined, looks_of
from cnn_desktop.data.health.report import Severity


@dataclass(frozen=True)
class Outward:
    """One thing that can be known of pictures without looking at what is on them."""

    title: str
    sentence: str
    severity: Severity
    figures: np.ndarray
    """float, pictures×numbers."""
    described: Callable[[np.ndarray, np.ndarray], str]
    """What sets the pictures of one class (bool, N) apart from the others (bool, N), in words."""


def outward_things(pictures: Sequence[Examined]) -> list[Outward]:
    """Brightness, colour, size and file type of `pictures`."""
    looks = looks_of(pictures)
    brightness = looks.grey.mean(axis=1) / 255
    colours = looks.colours.mean(axis=2)
    sizes = np.array([picture.size for picture in pictures])
    kinds = np.array([f"{picture.file_type} {picture.mode}".strip() for picture in pictures])
    size_names = np.array(["{}×{}".format(*picture.size) for picture in pictures])

    def brightness_words(ours: np.ndarray, theirs: np.ndarray) -> str:
        text = _("half of them over {ours} % bright, half of the others over {theirs} %")
        return text.format(
            ours=round(100 * float(np.median(brightness[ours]))),
            theirs=round(100 * float(np.median(brightness[theirs]))),
        )

    def colour_words(ours: np.ndarray, theirs: np.ndarray) -> str:
        difference = colours[ours].mean(axis=0) - colours[theirs].mean(axis=0)
        return _("more {colour} than the others").format(colour=colour_word(*difference.tolist()))

    return [
        Outward(
            _("Brightness gives the class away"),
            _("How bright a picture is tells the class from the others: {named}. ") + _advice(),
            "warning",
            np.stack([brightness, looks.grey.std(axis=1)], axis=1),
            brightness_words,
        ),
        Outward(
            _("Colour gives the class away"),
            _("The mean colour of a picture tells the class from the others: {named}. ")
            + _("That is well where the class has a colour of its own, and not where its background or its light has."),
            "note",
            np.concatenate([colours, looks.colours.std(axis=2)], axis=1),
            colour_words,
        ),
        Outward(
            _("The size gives the class away"),
            _("Width and height of a picture tell the class from the others: {named}. ") + _advice(),
            "warning",
            np.column_stack([sizes, sizes[:, 0] / sizes[:, 1]]),
            lambda ours, theirs: _mostly(size_names, ours, theirs),
        ),
        Outward(
            _("The file type gives the class away"),
            _("The type of a picture's file tells the class from the others: {named}. ") + _advice(),
            "warning",
            (kinds[:, None] == np.unique(kinds)).astype(np.float32),
            lambda ours, theirs: _mostly(kinds, ours, theirs),
        ),
    ]


def _advice() -> str:
    return _("A network may learn that instead of what is on the pictures. Mix the sources of the classes.")


def _mostly(values: np.ndarray, ours: np.ndarray, theirs: np.ndarray) -> str:
    (our_value, our_count), (their_value, their_count) = (
        Counter(values[part].tolist()).most_common(1)[0] for part in (ours, theirs)
    )
    return _("{share} % are {value}; of the others {their_share} % are {their_value}").format(
        share=round(100 * our_count / int(ours.sum())),
        value=our_value,
        their_share=round(100 * their_count / int(theirs.sum())),
        their_value=their_value,
    )
