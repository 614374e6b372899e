"""Model files: one safetensors file with everything that a model is, sealed by SHA-256."""

import hashlib
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from safetensors.torch import save_file

from cnn_desktop import __version__
from cnn_desktop.core.errors import CnnDesktopError, ModelError, one_line
from cnn_desktop.core.files import atomic_path
from cnn_desktop.core.language import _
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.units import bytes_text
from cnn_desktop.models.architecture import architectures, build
from cnn_desktop.models.fitting import fitted
from cnn_desktop.models.model import Model
from cnn_desktop.models.state_dict import check_is_file, is_safetensors, read_safetensors

SUFFIX = ".cnnmodel"
FORMAT_VERSION = 1

_FACTS = "cnn_desktop"
_FACTS_HASH = "cnn_desktop_sha256"


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    format_version: Literal[1] = FORMAT_VERSION
    app_version: str = __version__
    architecture: str
    options: dict[str, str] = {}
    """Room for architectures that can be built in several ways; none can so far."""
    title: str
    classes: tuple[str, ...] = Field(min_length=2)
    preprocessing: Preprocessing
    figures: dict[str, float | int | str]
    tensor_sha256: str


def save_model(model: Model, path: Path) -> None:
    """Write `model` as a model file, whole or not at all.

    Raises:
        CnnDesktopError: the disk is full or fails; what was at `path` before stays.
    """
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in model.module.state_dict().items()}
    facts = _Facts(
        architecture=model.architecture,
        title=model.title,
        classes=model.classes,
        preprocessing=model.preprocessing,
        figures=model.figures,
        tensor_sha256=_tensor_hash(tensors),
    ).model_dump_json()
    try:
        with atomic_path(path) as temporary:
            temporary.touch()
            mode = temporary.stat().st_mode
            save_file(tensors, temporary, metadata={_FACTS: facts, _FACTS_HASH: _hash(facts)})
            # safetensors makes files that only their owner may read; a model is there to be passed on.
            temporary.chmod(mode)
    except (OSError, SafetensorError) as error:
        needed = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
        raise CnnDesktopError(
            _("The model can't be saved as “{file}” ({reason}); it needs {size} on that disk.").format(
                file=path, reason=one_line(error), size=bytes_text(needed)
            )
        ) from error


def load_model(path: Path) -> Model:
    """Read a model file that `save_model` wrote, onto the CPU.

    Raises:
        ModelError: no such file, another kind of file, one changed bit anywhere, a newer version, or an architecture
            that isn't known here.
    """
    check_is_file(path)
    if not is_safetensors(path):
        raise _foreign(path)
    tensors, metadata = read_safetensors(path)
    if _FACTS not in metadata:
        raise _foreign(path)
    facts = _checked_facts(metadata, path)
    if facts.tensor_sha256 != _tensor_hash(tensors):
        raise _damaged(path)
    if facts.architecture not in architectures:
        raise ModelError(
            _("“{file}” is of the architecture “{name}”, which this program doesn't have: update it.").format(
                file=path, name=facts.architecture
            )
        )
    size = (facts.preprocessing.height, facts.preprocessing.width)
    make = partial(build, facts.architecture, len(facts.classes), facts.preprocessing.channels, size)
    return Model(
        architecture=facts.architecture,
        module=fitted(make, tensors, facts.title, path),
        classes=facts.classes,
        preprocessing=facts.preprocessing,
        title=facts.title,
        figures=facts.figures,
    )


def _checked_facts(metadata: Mapping[str, str], path: Path) -> _Facts:
    text = metadata[_FACTS]
    if metadata.get(_FACTS_HASH) != _hash(text):
        raise _damaged(path)
    try:
        values = json.loads(text)
        version = values.get("format_version")
        if isinstance(version, int) and version > FORMAT_VERSION:
            raise ModelError(
                _("“{file}” was written by a newer version of this program (format {version}): update it.").format(
                    file=path, version=version
                )
            )
        return _Facts.model_validate(values)
    except (ValidationError, ValueError, AttributeError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> ModelError:
    return ModelError(
        _("“{file}” is damaged: its SHA-256 isn't the one that was saved with it; use another copy.").format(file=path)
    )


def _foreign(path: Path) -> ModelError:
    return ModelError(
        _(
            "“{file}” is no model file of this program: a file of weights goes with the name of its network "
            "(--model NAME --weights FILE)."
        ).format(file=path)
    )


def _tensor_hash(tensors: Mapping[str, torch.Tensor]) -> str:
    """SHA-256 over each tensor's name, type, shape and bytes, by name."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"{name}\0{tensor.dtype}\0{tuple(tensor.shape)}\0".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
