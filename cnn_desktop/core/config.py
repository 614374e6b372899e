"""What describes a run, whole: the same JSON runs in the window, in the terminal and later again."""

import json
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from cnn_desktop.core.design import Design
from cnn_desktop.core.errors import BadInputError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.core.validated import Validated

Precision = Literal["auto", "fp32", "bf16", "fp16"]

SCHEMA_VERSION = 1


class RunConfig(Validated):
    """One training, from data to outcome."""

    schema_version: Literal[1] = SCHEMA_VERSION
    dataset: str
    """A registered name, or a folder of class folders."""
    architecture: str
    design: Design | None = None
    """The layers of `architecture` where that is a person's own design: as they are when the run begins."""
    recipe: Recipe
    image_size: int | None = Field(default=None, ge=1, le=4096)
    """Side of the square that pictures are brought to; None: what suits the dataset and the architecture."""
    val_fraction: float = Field(default=0.1, ge=0, lt=1)
    """Part of the training split that is kept for validation; 0 trains on the whole of it."""
    seed: int = Field(default=0, ge=0, lt=2**63)
    device: str = Field(default="auto", pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$")
    precision: Precision = "auto"
    deterministic: bool = False
    """Only operations that give the same bits every time, slower on GPUs; processors always work so."""
    pretrained: bool = False
    """Start from the architecture's published weights."""
    start_from: Path | None = None
    """A run's folder, a model file, or a file of weights in the architecture's published layout, to start from; the
    head is replaced where the classes differ."""
    freeze: int = Field(default=0, ge=0)
    """This many layers with parameters, counted from the input, keep their weights."""
    snapshot_megabytes: int = Field(default=256, ge=0, le=1_000_000)
    """What the weights that are kept along the way for the time machine may take on disk; 0: none are kept."""
    data_root: Path | None = None
    run_dir: Path | None = None
    """The folder of this run; None: a new one beside the others."""

    @model_validator(mode="after")
    def _is_of_its_design(self) -> Self:
        if self.design is not None and self.design.name != self.architecture:
            raise ValueError(_("its design is called otherwise than its architecture"))
        return self

    @classmethod
    def from_json(cls, text: str | bytes) -> "RunConfig":
        """Read what `to_json` wrote.

        Raises:
            BadInputError: not JSON, a newer schema, or a field that doesn't fit.
        """
        try:
            return cls.model_validate(json.loads(text))
        except ValueError as error:
            if not isinstance(error, ValidationError):
                raise BadInputError(
                    _("This run's settings can't be read: {reason}.").format(reason=one_line(error))
                ) from error
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            if field == "schema_version":
                reason = _("it was written by a newer version of the program")
            else:
                reason = f"{field}: {first['msg']}" if field else first["msg"]
            raise BadInputError(_("This run's settings can't be read: {reason}.").format(reason=reason)) from error

    def to_json(self) -> str:
        """Indented JSON, for `config.json` and `--config`, in ASCII: so it holds folders with names of any bytes."""
        return json.dumps(self.model_dump(), indent=2, default=str) + "\n"
