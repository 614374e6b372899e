"""Everything needed to go on exactly, on disk: step folders that are written once, and pointers to them."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from cnn_desktop.core.errors import TrainingError, one_line
from cnn_desktop.core.files import atomic_path, sha256, sync_folder, write_atomic
from cnn_desktop.core.language import _

_MODEL, _STATE, _FACTS, _MANIFEST = "model.safetensors", "state.safetensors", "state.json", "manifest.json"


@dataclass
class TrainingState:
    """Where a run stands, beside the weights: plain numbers that change from step to step."""

    step: int = 0
    seconds: float = 0.0
    step_seconds: float = 0.0
    images: int = 0
    epoch_loss_sum: float = 0.0
    epoch_hits: int = 0
    epoch_images: int = 0
    epoch_seconds: float = 0.0
    best_epoch: int | None = None
    best_step: int | None = None
    best_accuracy: float | None = None
    best_loss: float | None = None
    metrics_bytes: int = 0
    table_bytes: int = 0


class CheckpointFolder:
    """The `checkpoints` folder of a run: step folders, `last.json`, `best.json`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(
        self, pointer: str, state: TrainingState, weights: dict[str, torch.Tensor], optimizer: dict[str, Any] | None
    ) -> Path:
        """Write a step folder whole, then let `pointer` ("last" or "best") name it, then remove those unnamed.

        Raises:
            OSError, SafetensorError: the disk is full or fails; the pointers still name what they named.
        """
        target = self.folder / f"{'best-' if optimizer is None else ''}step-{state.step:06d}"
        if not (target / _MANIFEST).exists():
            self._write_step(target, state, weights, optimizer)
        facts = {"folder": target.name, "step": state.step, "accuracy": state.best_accuracy, "loss": state.best_loss}
        write_atomic(self.folder / f"{pointer}.json", json.dumps(facts, indent=2))
        self.remove_unnamed()
        return target

    def load(self, pointer: str) -> tuple[TrainingState, dict[str, torch.Tensor], dict[str, Any]]:
        """The state, weights and optimizer state that `pointer` names, each file checked against its SHA-256.

        Raises:
            TrainingError: nothing was saved, or a file is missing or damaged.
        """
        try:
            folder = self.folder / json.loads((self.folder / f"{pointer}.json").read_text())["folder"]
            for name, digest in json.loads((folder / _MANIFEST).read_text()).items():
                if sha256(folder / name) != digest:
                    raise TrainingError(
                        _("The checkpoint {path} is damaged: its SHA-256 differs.").format(path=folder / name)
                    )
            facts = json.loads((folder / _FACTS).read_text())
            optimizer = _unflatten(load_file(folder / _STATE), facts["groups"])
            return TrainingState(**facts["state"]), load_file(folder / _MODEL), optimizer
        except FileNotFoundError as error:
            raise TrainingError(
                _("{folder} holds no checkpoint to go on from; start a new run.").format(folder=self.folder.parent)
            ) from error
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            raise TrainingError(
                _("The checkpoint in {folder} can't be read ({reason}); start a new run.").format(
                    folder=self.folder, reason=one_line(error)
                )
            ) from error

    def exists(self, pointer: str = "last") -> bool:
        """Whether `pointer` names a checkpoint."""
        return (self.folder / f"{pointer}.json").exists()

    def remove_unnamed(self) -> None:
        """Remove step folders that neither pointer names: older ones, and what a killed run left half written."""
        named = {json.loads(file.read_text())["folder"] for file in self.folder.glob("*.json")}
        for folder in self.folder.glob("*step-*"):
            if folder.name not in named:
                shutil.rmtree(folder)

    def _write_step(
        self, target: Path, state: TrainingState, weights: dict[str, torch.Tensor], optimizer: dict[str, Any] | None
    ) -> None:
        partial = target.with_name(f"partial-{target.name}")
        shutil.rmtree(partial, ignore_errors=True)
        tensors, groups = _flatten(optimizer or {"state": {}, "param_groups": []})
        facts = json.dumps({"state": asdict(state), "groups": groups}, indent=2)
        with atomic_path(partial / _MODEL) as file:
            save_file({name: tensor.contiguous() for name, tensor in weights.items()}, file)
        with atomic_path(partial / _STATE) as file:
            save_file(tensors, file)
        write_atomic(partial / _FACTS, facts)
        digests = {name: sha256(partial / name) for name in (_MODEL, _STATE, _FACTS)}
        write_atomic(partial / _MANIFEST, json.dumps(digests, indent=2))
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
        sync_folder(self.folder)


def weights_of(module: nn.Module) -> dict[str, torch.Tensor]:
    """A copy of all weights and buffers, on the CPU, in the standard memory layout."""
    return {
        name: tensor.detach().to("cpu", copy=True, memory_format=torch.contiguous_format)
        for name, tensor in module.state_dict().items()
    }


def _flatten(optimizer: dict[str, Any]) -> tuple[dict[str, torch.Tensor], list[dict[str, Any]]]:
    """An optimizer's state as named tensors (safetensors holds nothing else) and its groups as JSON values."""
    tensors = {
        f"{index}.{name}": value.detach().cpu().contiguous()
        for index, entries in optimizer["state"].items()
        for name, value in entries.items()
        if isinstance(value, torch.Tensor)
    }
    return tensors, optimizer["param_groups"]


def _unflatten(tensors: dict[str, torch.Tensor], groups: list[dict[str, Any]]) -> dict[str, Any]:
    state: dict[int, dict[str, torch.Tensor]] = {}
    for key, tensor in tensors.items():
        index, name = key.split(".", 1)
        state.setdefault(int(index), {})[name] = tensor
    return {"state": state, "param_groups": groups}
