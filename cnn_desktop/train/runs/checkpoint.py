"""Everything needed to go on exactly, as a value, and as a folder that is written once and never changed."""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save_file
from torch import nn

from cnn_desktop.core.errors import CheckpointError, one_line
from cnn_desktop.core.files import sha256, sync_file, sync_folder
from cnn_desktop.core.language import _

_MODEL, _STATE, _FACTS, _MANIFEST = "model.safetensors", "state.safetensors", "state.json", "manifest.json"


@dataclass
class TrainingState:
    """Where a run stands, beside the weights: plain numbers that change from step to step."""

    step: int = 0
    seconds: float = 0.0
    step_seconds: float = 0.0
    validation_seconds: float = 0.0
    images: int = 0
    epoch_loss_sum: float = 0.0
    epoch_hits: int = 0
    epoch_images: int = 0
    epoch_seconds: float = 0.0
    best_epoch: int | None = None
    best_step: int | None = None
    best_accuracy: float | None = None
    best_loss: float | None = None
    lowest_validation_loss: float | None = None
    lowest_validation_epoch: int | None = None
    first_loss: float | None = None
    rate_factor: float = 1.0
    """What the person made of the schedule's rate."""
    parts: int = 1
    """In how many parts a batch is computed, one after the other."""
    ended: str | None = None
    """Why training ended before its last step, as a sentence."""
    metrics_bytes: int = 0
    table_bytes: int = 0


@dataclass
class Checkpoint:
    """A run between two steps; `tensors` are the optimizer's state and averages, `facts` what else is JSON."""

    state: TrainingState
    weights: dict[str, torch.Tensor]
    tensors: dict[str, torch.Tensor] = field(default_factory=dict[str, torch.Tensor])
    facts: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def size(self) -> int:
        """Bytes of all tensors, which is nearly what it takes on disk."""
        return sum(tensor.nbytes for tensor in (*self.weights.values(), *self.tensors.values()))


def weights_of(module: nn.Module) -> dict[str, torch.Tensor]:
    """A copy of all weights and buffers, on the CPU, in the standard memory layout."""
    return {
        name: tensor.detach().to("cpu", copy=True, memory_format=torch.contiguous_format)
        for name, tensor in module.state_dict().items()
    }


def checkpoint_seconds() -> float:
    """Seconds between the checkpoints of a run: `CNN_DESKTOP_CHECKPOINT_SECONDS`, or half a minute."""
    try:
        return max(0.0, float(os.environ["CNN_DESKTOP_CHECKPOINT_SECONDS"]))
    except (KeyError, ValueError):
        return 30.0


def write_checkpoint(checkpoint: Checkpoint, folder: Path) -> None:
    """Write `folder`, which doesn't exist yet; it appears whole or not at all, and stays after a power cut.

    Raises:
        OSError, SafetensorError: the disk is full or fails.
    """
    partial = folder.with_name(f"partial-{folder.name}")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for name, tensors in ((_MODEL, checkpoint.weights), (_STATE, checkpoint.tensors)):
        save_file({key: tensor.detach().cpu().contiguous() for key, tensor in tensors.items()}, partial / name)
    facts = {"state": asdict(checkpoint.state), "facts": checkpoint.facts}
    (partial / _FACTS).write_text(json.dumps(facts, indent=2), encoding="utf-8")
    digests = {name: sha256(partial / name) for name in (_MODEL, _STATE, _FACTS)}
    (partial / _MANIFEST).write_text(json.dumps(digests, indent=2), encoding="utf-8")
    for name in (*digests, _MANIFEST):
        sync_file(partial / name)
    sync_folder(partial)
    partial.rename(folder)
    sync_folder(folder.parent)


def read_checkpoint(folder: Path) -> Checkpoint:
    """What `write_checkpoint` wrote, on the CPU, each file checked against its SHA-256.

    Raises:
        CheckpointError: a file is missing or damaged, or was written by a newer version of the program.
    """
    try:
        digests = json.loads((folder / _MANIFEST).read_bytes())
        model, tensors, facts = (_verified(folder / name, digests[name]) for name in (_MODEL, _STATE, _FACTS))
        values = json.loads(facts)
        return Checkpoint(_state(values["state"], folder), load(model), load(tensors), values["facts"])
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise CheckpointError(
            _("The checkpoint {folder} can't be read ({reason}).").format(folder=folder, reason=one_line(error))
        ) from error


def _verified(file: Path, digest: str) -> bytes:
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise CheckpointError(_("The checkpoint {path} is damaged: its SHA-256 differs.").format(path=file))
    return content


def _state(values: dict[str, Any], folder: Path) -> TrainingState:
    unknown = values.keys() - {known.name for known in fields(TrainingState)}
    if unknown:
        raise CheckpointError(
            _("The checkpoint {folder} was written by a newer version of the program; update it to go on.").format(
                folder=folder
            )
        )
    return TrainingState(**values)
