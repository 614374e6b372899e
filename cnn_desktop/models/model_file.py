"""Model files: one safetensors file with everything that a model is, sealed by SHA-256."""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

from cnn_desktop.core.errors import CnnDesktopError, ModelError, one_line
from cnn_desktop.core.files import atomic_path
from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text
from cnn_desktop.models.model import Model
from cnn_desktop.models.model_facts import are_sealed, model_of, sealed_facts
from cnn_desktop.models.state_dict import check_is_file, is_safetensors, read_safetensors, safetensors_metadata

SUFFIX = ".cnnmodel"


def save_model(model: Model, path: Path, tensors: Mapping[str, torch.Tensor] | None = None) -> None:
    """Write `model` as a model file, whole or not at all; with `tensors` instead of its module's, where given.

    Raises:
        CnnDesktopError: the disk is full or fails; what was at `path` before stays.
    """
    try:
        with atomic_path(path) as temporary:
            write_model(model, temporary, tensors)
    except (OSError, SafetensorError) as error:
        raise not_saved(model, path, error) from error


def write_model(model: Model, path: Path, tensors: Mapping[str, torch.Tensor] | None = None) -> None:
    """`save_model` where the caller sees to it that the file is whole or not at all.

    Raises:
        OSError, SafetensorError: the file can't be written.
    """
    given = model.module.state_dict() if tensors is None else tensors
    written = {name: tensor.detach().cpu().contiguous() for name, tensor in given.items()}
    path.touch()
    mode = path.stat().st_mode
    save_file(written, path, metadata=sealed_facts(model, written))
    # safetensors makes files that only their owner may read; a model is there to be passed on.
    path.chmod(mode)


def not_saved(model: Model, path: Path, error: Exception) -> CnnDesktopError:
    """The error for a model that couldn't be written to `path`, with the room that it needs."""
    needed = sum(tensor.numel() * tensor.element_size() for tensor in model.module.state_dict().values())
    return CnnDesktopError(
        _("The model can't be saved as “{file}” ({reason}); it needs {size} on that disk.").format(
            file=path, reason=one_line(error), size=bytes_text(needed)
        )
    )


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
    if not are_sealed(metadata):
        raise _foreign(path)
    return model_of(metadata, tensors, path)


def is_model_file(path: Path) -> bool:
    """Whether `path` says of itself that it is a model file of this program; its tensors are not looked at."""
    try:
        return are_sealed(safetensors_metadata(path))
    except ModelError:
        return False


def save_temperature(path: Path, temperature: float) -> None:
    """Store in the model file at `path` by what its logits are divided; all else in it stays.

    Raises:
        ModelError: as `load_model`, or `temperature` isn't above 0.
        CnnDesktopError: the file can't be written; it stays as it was.
    """
    if not 0 < temperature < math.inf:
        raise ModelError(_("A temperature is a number above 0, not {number}.").format(number=temperature))
    save_model(replace(load_model(path), temperature=temperature), path)


def _foreign(path: Path) -> ModelError:
    return ModelError(
        _(
            "“{file}” is no model file of this program: a file of weights goes with the name of its network "
            "(--model NAME --weights FILE)."
        ).format(file=path)
    )
