"""How training pictures are varied, as plain facts; `data.augment` carries it out."""

from typing import Any

from pydantic import Field

from cnn_desktop.core.errors import BadInputError, listed
from cnn_desktop.core.language import _
from cnn_desktop.core.validated import Validated


class Augmentation(Validated):
    """Changes to each training picture, new ones in every epoch, drawn by chance but for `horizontal_flip`."""

    horizontal_flip: bool = False
    """Every picture is mirrored, left to right, in every other epoch; half of them begin so."""
    vertical_flip: bool = False
    """Every other picture is mirrored, top to bottom."""
    crop_padding: int = Field(default=0, ge=0, le=64)
    """Up to this many pixels, across and down, either way; what lies outside is mirrored at the edge."""
    rotation: float = Field(default=0.0, ge=0, le=180)
    """Up to this many degrees either way."""
    shear: float = Field(default=0.0, ge=0, le=1)
    """Up to this tangent either way."""
    zoom: float = Field(default=0.0, ge=0, lt=1)
    """Scale factor between 1 - zoom and 1 + zoom."""
    translation: float = Field(default=0.0, ge=0, le=1)
    """Up to this part of the side, across and down, either way."""
    brightness: float = Field(default=0.0, ge=0, le=1)
    """Factor between 1 - brightness and 1 + brightness; so for contrast and saturation."""
    contrast: float = Field(default=0.0, ge=0, le=1)
    saturation: float = Field(default=0.0, ge=0, le=1)
    hue: float = Field(default=0.0, ge=0, le=0.5)
    """Up to this part of the colour circle either way."""
    erasing: float = Field(default=0.0, ge=0, le=1)
    """Share of the pictures of which a rectangle is covered (Zhong et al. 2017, arXiv:1708.04896)."""
    mixup: float = Field(default=0.0, ge=0, le=2)
    """Two pictures are blended by a draw of Beta(mixup, mixup) (Zhang et al. 2017, arXiv:1710.09412)."""
    cutmix: float = Field(default=0.0, ge=0, le=2)
    """A rectangle of another picture, its area so drawn, is pasted (Yun et al. 2019, arXiv:1905.04899)."""

    @property
    def is_none(self) -> bool:
        """Whether pictures stay as they are."""
        return self == Augmentation()

    @property
    def mixes(self) -> bool:
        """Whether pictures are mixed with each other, and their classes with them."""
        return self.mixup > 0 or self.cutmix > 0

    @classmethod
    def parse(cls, text: str) -> "Augmentation":
        """Read the name of a preset, a list such as `flip,crop=4,rotate=10`, or one after the other: `light,zoom=.2`.

        Raises:
            BadInputError: an unknown word, or a number out of range.
        """
        values: dict[str, Any] = {}
        for place, part in enumerate(text.split(",")):
            word, equals, number = (piece.strip() for piece in part.partition("="))
            if place == 0 and word in AUGMENTATION_PRESETS and not equals:
                values |= AUGMENTATION_PRESETS[word].model_dump()
            elif word not in AUGMENTATION_WORDS:
                raise BadInputError(
                    _("There is no augmentation “{word}”; there are {known}.").format(
                        word=word, known=listed([*AUGMENTATION_PRESETS, *map(_usage, AUGMENTATION_WORDS)])
                    )
                )
            elif bool(equals) == (word in _SWITCHES):
                raise BadInputError(
                    _("“{part}” can't be read; write {usage}.").format(part=part.strip(), usage=_usage(word))
                )
            else:
                values[AUGMENTATION_WORDS[word]] = number or True
        return cls.checked(values)

    def __str__(self) -> str:
        values = ((word, getattr(self, field)) for word, field in AUGMENTATION_WORDS.items())
        parts = [word if value is True else f"{word}={_digits(value)}" for word, value in values if value]
        return ",".join(parts) or "none"


def _usage(word: str) -> str:
    return word if word in _SWITCHES else f"{word}=N"


def _digits(value: float) -> str:
    """All digits that it takes to read the same number again."""
    return repr(value).removesuffix(".0")


AUGMENTATION_WORDS = {
    "flip": "horizontal_flip",
    "vflip": "vertical_flip",
    "crop": "crop_padding",
    "rotate": "rotation",
    "shear": "shear",
    "zoom": "zoom",
    "shift": "translation",
    "brightness": "brightness",
    "contrast": "contrast",
    "saturation": "saturation",
    "hue": "hue",
    "erase": "erasing",
    "mixup": "mixup",
    "cutmix": "cutmix",
}
"""What stands for each field on the command line and in reports."""

_SWITCHES = {"flip", "vflip"}

AUGMENTATION_PRESETS = {
    "none": Augmentation(),
    "light": Augmentation(horizontal_flip=True, crop_padding=4),
    "tutorial": Augmentation(horizontal_flip=True, shear=0.2, zoom=0.2),
    "strong": Augmentation(
        horizontal_flip=True,
        rotation=15,
        shear=0.1,
        zoom=0.2,
        translation=0.1,
        brightness=0.3,
        contrast=0.3,
        saturation=0.3,
        hue=0.05,
        erasing=0.25,
        mixup=0.2,
        cutmix=1,
    ),
}

PRESET_TITLES = {"none": _("None"), "light": _("Light"), "tutorial": _("Tutorial"), "strong": _("Strong")}
