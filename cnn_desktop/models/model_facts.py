"""What a file says of the model in it, beside its tensors: sealed text that any container of tensors can carry."""

import hashlib
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, ValidationError, model_serializer

from cnn_desktop import __version__
from cnn_desktop.core.design import Design
from cnn_desktop.core.errors import BadInputError, ModelError
from cnn_desktop.core.language import _
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.models.architecture import new_network
from cnn_desktop.models.described import architecture_of
from cnn_desktop.models.fitting import fitted
from cnn_desktop.models.model import Model

FORMAT_VERSION = 1
FACTS = "cnn_desktop"
"""The name under which a file's metadata holds the facts."""

_FACTS_HASH = "cnn_desktop_sha256"

_MOST_PIXELS = 2**24
"""Of one picture: a few words could otherwise ask for terabytes when the first picture comes."""


class Options(BaseModel):
    """How an architecture is built that can be built in several ways."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    design: Design | None = None
    """The layers of a person's own design, so that it is known on other machines too."""

    @model_serializer(mode="wrap")
    def _without_nothing(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {} if self.design is None else write(self)


class ModelFacts(BaseModel):
    """All of a model but its tensors, and the hash that says which tensors it goes with."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    format_version: Literal[1] = FORMAT_VERSION
    app_version: str = __version__
    architecture: str
    options: Options = Options()
    title: str
    classes: tuple[str, ...] = Field(min_length=2)
    preprocessing: Preprocessing
    figures: dict[str, float | int | str]
    temperature: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    tensor_sha256: str

    @property
    def design(self) -> Design | None:
        """The layers of a person's own design."""
        return self.options.design


def sealed_facts(model: Model, tensors: Mapping[str, torch.Tensor]) -> dict[str, str]:
    """Metadata for a file that holds `tensors` of `model`: its facts as JSON, and their SHA-256."""
    facts = ModelFacts(
        architecture=model.architecture,
        options=Options(design=model.design),
        title=model.title,
        classes=model.classes,
        preprocessing=model.preprocessing,
        figures=model.figures,
        temperature=model.temperature,
        tensor_sha256=tensor_hash(tensors),
    ).model_dump_json()
    return {FACTS: facts, _FACTS_HASH: text_hash(facts)}


def are_sealed(metadata: Mapping[str, str]) -> bool:
    """Whether `metadata` is of this program: one of its two texts is enough, for the other may be damaged."""
    return FACTS in metadata or _FACTS_HASH in metadata


def model_of(metadata: Mapping[str, str], tensors: Mapping[str, torch.Tensor], path: Path) -> Model:
    """The model whose `sealed_facts` and tensors were read from `path`, on the CPU.

    Raises:
        ModelError: one changed bit anywhere, a newer version, or an architecture that isn't known here.
    """
    facts = _checked_facts(metadata, path)
    if facts.tensor_sha256 != tensor_hash(tensors):
        raise damaged(path)
    try:
        architecture = architecture_of(facts)
    except BadInputError as error:
        raise ModelError(
            _("“{file}” is of the architecture “{name}”, which this program doesn't have: update it.").format(
                file=path, name=facts.architecture
            )
        ) from error
    size = (facts.preprocessing.height, facts.preprocessing.width)
    _check_size(facts.preprocessing, path)
    make = partial(new_network, architecture, len(facts.classes), facts.preprocessing.channels, size)
    return Model(
        architecture=facts.architecture,
        module=fitted(make, tensors, facts.title, path),
        classes=facts.classes,
        preprocessing=facts.preprocessing,
        title=facts.title,
        figures=facts.figures,
        temperature=facts.temperature,
        design=facts.design,
    )


def _check_size(preprocessing: Preprocessing, path: Path) -> None:
    sides = (preprocessing.height, preprocessing.width, preprocessing.shorter_side or 1)
    if max(preprocessing.height * preprocessing.width, max(sides) ** 2) > _MOST_PIXELS:
        raise ModelError(
            _("“{file}” wants pictures of {width}×{height} pixels, more than any network here can look at.").format(
                file=path, width=preprocessing.width, height=preprocessing.height
            )
        )


def damaged(path: Path) -> ModelError:
    """The error for a file that isn't what was saved."""
    return ModelError(
        _("“{file}” is damaged: its SHA-256 isn't the one that was saved with it; use another copy.").format(file=path)
    )


def _checked_facts(metadata: Mapping[str, str], path: Path) -> ModelFacts:
    text = metadata.get(FACTS, "")
    if metadata.get(_FACTS_HASH) != text_hash(text):
        raise damaged(path)
    try:
        values = json.loads(text)
        version = values.get("format_version")
        if isinstance(version, int) and version > FORMAT_VERSION:
            raise ModelError(
                _("“{file}” was written by a newer version of this program (format {version}): update it.").format(
                    file=path, version=version
                )
            )
        return ModelFacts.model_validate(values)
    except (ValidationError, ValueError, AttributeError) as error:
        raise damaged(path) from error


def tensor_hash(tensors: Mapping[str, torch.Tensor]) -> str:
    """SHA-256 over each tensor's name, type, shape and bytes, by name."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"{name}\0{tensor.dtype}\0{tuple(tensor.shape)}\0".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def text_hash(text: str) -> str:
    """SHA-256 of a text's UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
