"""What happens to a picture before a network sees it, as plain facts; `data.pictures` carries it out."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator


class Preprocessing(BaseModel):
    """The one contract between training and use (DESIGN §6).

    A picture is read by `decoder` and becomes upright RGB, is converted to `channels`, resized by `resize`, and is then
    a uint8 tensor of `channels`×`height`×`width`; on the device it becomes float in 0…1, less `mean`, over `std`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    decoder: Literal["full", "scaled"] = "scaled"
    """How JPEGs are read: `full`, with all their pixels; or `scaled`, at a half, a quarter or an eighth of their size
    where that is enough for what they are resized to, in a fraction of the time. Other files have one way only."""
    height: int = Field(ge=1)
    width: int = Field(ge=1)
    channels: Literal[1, 3] = 3
    resize: Literal["stretch", "crop"] = "stretch"
    """`stretch` to the size; or `crop`: shorter side to `shorter_side`, then the centre."""
    shorter_side: int | None = None
    interpolation: Literal["bilinear", "bicubic"] = "bilinear"
    resizer: Literal["pillow", "torch"] = "torch"
    """Whose resize, both with antialiasing: they differ by 1 of 255 in few pixels. torch's takes a fifth of the time on
    processors with AVX2, and gives the same pixels on all."""
    mean: tuple[FiniteFloat, ...]
    std: tuple[FiniteFloat, ...]

    @model_validator(mode="after")
    def _consistent(self) -> "Preprocessing":
        if len(self.mean) != self.channels or len(self.std) != self.channels:
            raise ValueError(f"mean and std need {self.channels} numbers each")
        if min(self.std) <= 0:
            raise ValueError("std must be above 0")
        if self.resize == "crop" and (self.shorter_side is None or self.shorter_side < max(self.height, self.width)):
            raise ValueError("a crop needs a shorter side that holds it")
        return self

    @classmethod
    def unit_range(cls, height: int, width: int, channels: Literal[1, 3]) -> "Preprocessing":
        """Pixels divided by 255 and nothing else, as the tutorials do."""
        return cls(height=height, width=width, channels=channels, mean=(0.0,) * channels, std=(1.0,) * channels)
