"""How training pictures are varied, as plain facts; `data.augment` carries it out."""

from typing import Any

from pydantic import Field

from cnn_desktop.core.errors import BadInputError, listed
from cnn_desktop.core.language import _
from cnn_desktop.core.validated import Validated


class Augmentation(Validated):
    """Random changes to each training picture, drawn anew for every picture and epoch."""

    horizontal_flip: bool = False
    crop_padding: int = Field(default=0, ge=0, le=64)
    """Pixels of zero padding around the picture, from which a window of the old size is cut."""
    rotation: float = Field(default=0.0, ge=0, le=180)
    """Up to this many degrees either way."""
    shear: float = Field(default=0.0, ge=0, le=1)
    """Up to this tangent either way."""
    zoom: float = Field(default=0.0, ge=0, lt=1)
    """Scale factor between 1 - zoom and 1 + zoom."""

    @property
    def is_none(self) -> bool:
        """Whether pictures stay as they are."""
        return self == Augmentation()

    @classmethod
    def parse(cls, text: str) -> "Augmentation":
        """Read `none`, `tutorial`, or a list such as `flip,crop=4,shear=0.2,zoom=0.2,rotate=10`.

        Raises:
            BadInputError: an unknown word, or a number out of range.
        """
        if text in AUGMENTATION_PRESETS:
            return AUGMENTATION_PRESETS[text]
        values: dict[str, Any] = {}
        for part in text.split(","):
            word, _equals, number = part.strip().partition("=")
            field = _AUGMENTATION_WORDS.get(word)
            if field is None:
                words = [known if known == "flip" else f"{known}=N" for known in _AUGMENTATION_WORDS]
                raise BadInputError(
                    _("There is no augmentation “{word}”; there are {known}.").format(
                        word=word, known=listed([*AUGMENTATION_PRESETS, *words])
                    )
                )
            values[field] = True if word == "flip" else number
        return cls.checked(values)

    def __str__(self) -> str:
        words = {field: word for word, field in _AUGMENTATION_WORDS.items()}
        parts = [
            words[field] if value is True else f"{words[field]}={value:g}"
            for field, value in self.model_dump().items()
            if value
        ]
        return ",".join(parts) or "none"


_AUGMENTATION_WORDS = {
    "flip": "horizontal_flip",
    "crop": "crop_padding",
    "rotate": "rotation",
    "shear": "shear",
    "zoom": "zoom",
}

AUGMENTATION_PRESETS = {
    "none": Augmentation(),
    "light": Augmentation(horizontal_flip=True, crop_padding=4),
    "tutorial": Augmentation(horizontal_flip=True, shear=0.2, zoom=0.2),
}
