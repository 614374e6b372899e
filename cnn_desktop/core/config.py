"""What describes a run, whole: the same JSON runs in the window, in the terminal and later again."""

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cnn_desktop.core.errors import BadInputError, listed
from cnn_desktop.core.language import _

Optimizer = Literal["sgd", "adam", "adamw", "rmsprop"]
Schedule = Literal["constant", "step", "cosine", "one_cycle"]
Precision = Literal["auto", "fp32", "bf16", "fp16"]

SCHEMA_VERSION = 1


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def checked(cls, values: dict[str, Any]) -> Self:
        """Validate `values`.

        Raises:
            BadInputError: names the first field that doesn't fit, and why.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or cls.__name__
            raise BadInputError(
                _("The setting “{field}” doesn't fit: {reason} (got {value!r}).").format(
                    field=field, reason=first["msg"], value=first.get("input")
                )
            ) from error

    def changed(self, **values: Any) -> Self:
        """A copy with `values` replaced, validated like a new one; None leaves a field as it is."""
        given = {name: value for name, value in values.items() if value is not None}
        return self.checked({**self.model_dump(), **given})


class Augmentation(_Facts):
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


class Recipe(_Facts):
    """How a network is trained; every architecture brings one as its default."""

    epochs: int = Field(default=10, ge=1, le=100_000)
    steps: int | None = Field(default=None, ge=1)
    """Stop after this many optimizer updates, whatever `epochs` says."""
    batch_size: int = Field(default=64, ge=1, le=65_536)
    optimizer: Optimizer = "adam"
    learning_rate: float = Field(default=1e-3, gt=0, allow_inf_nan=False)
    momentum: float = Field(default=0.9, ge=0, lt=1)
    """For SGD and RMSprop."""
    weight_decay: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    schedule: Schedule = "constant"
    """`step` divides the rate by ten after each third; `one_cycle` rises for 30 % and falls to zero."""
    label_smoothing: float = Field(default=0.0, ge=0, lt=1)
    augmentation: Augmentation = Augmentation()


class RunConfig(_Facts):
    """One training, from data to outcome."""

    schema_version: Literal[1] = SCHEMA_VERSION
    dataset: str
    """A registered name, or a folder of class folders."""
    architecture: str
    recipe: Recipe
    image_size: int | None = Field(default=None, ge=1, le=4096)
    """Side of the square that pictures are brought to; None: what suits the dataset and the architecture."""
    val_fraction: float = Field(default=0.1, ge=0, lt=1)
    """Part of the training split that is kept for validation; 0 trains on the whole of it."""
    seed: int = Field(default=0, ge=0, lt=2**63)
    device: str = Field(default="auto", pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$")
    precision: Precision = "auto"
    pretrained: bool = False
    freeze: int = Field(default=0, ge=0)
    """This many layers with parameters, counted from the input, keep their weights."""
    data_root: Path | None = None
    run_dir: Path | None = None
    """The folder of this run; None: a new one beside the others."""

    @classmethod
    def from_json(cls, text: str | bytes) -> "RunConfig":
        """Read what `to_json` wrote.

        Raises:
            BadInputError: not JSON, a newer schema, or a field that doesn't fit.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            if field == "schema_version":
                reason = _("it was written by a newer version of the program")
            else:
                reason = f"{field}: {first['msg']}" if field else first["msg"]
            raise BadInputError(_("This run's settings can't be read: {reason}.").format(reason=reason)) from error

    def to_json(self) -> str:
        """Indented JSON, for `config.json` and `--config`."""
        return self.model_dump_json(indent=2) + "\n"
