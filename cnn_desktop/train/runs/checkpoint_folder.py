"""The checkpoints of a run on disk: step folders, and small files that name those which count."""

import contextlib
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError

from cnn_desktop.core.errors import CheckpointError, one_line
from cnn_desktop.core.files import free_bytes, sweep, write_atomic
from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text
from cnn_desktop.train.runs.checkpoint import Checkpoint, read_checkpoint, write_checkpoint

Pointer = Literal["last", "best"]

_PREVIOUS = "previous"
_OVERHEAD = 1_000_000
"""Bytes that a checkpoint takes beside its tensors, at most."""


@dataclass(frozen=True)
class Restored:
    """What a run goes on from."""

    checkpoint: Checkpoint
    best_weights: dict[str, torch.Tensor] | None
    """Those of `checkpoint.state.best_step`."""
    notices: tuple[str, ...]
    """Sentences that the person should see: what was damaged or changed, and what is done about it."""

    def with_notice(self, sentence: str | None) -> "Restored":
        """The same with one more notice, where there is one."""
        return self if sentence is None else replace(self, notices=(*self.notices, sentence))


class CheckpointFolder:
    """The `checkpoints` folder of a run: step folders, `last.json`, `best.json`, and `previous.json`.

    The last checkpoint but one is kept as well, in case that the disk damages the last.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._good: dict[str, dict[str, Any]] = {}
        """What `last.json` and `best.json` said when this object wrote or read whole what they name."""

    def save(self, pointer: Pointer, checkpoint: Checkpoint) -> Path:
        """Write a step folder whole, then let `pointer` name it, then remove those unnamed.

        Best weights that this object saved or restored already aren't written again. A run's best are to be saved
        before the last that goes with them.

        Raises:
            CheckpointError: the disk is full or fails; the last good checkpoint is kept, what was half written isn't.
        """
        if pointer == "best" and (known := self._known("best")) and known["step"] == checkpoint.state.step:
            return self.folder / known["folder"]
        while True:
            try:
                return self._save(pointer, checkpoint)
            except (OSError, SafetensorError) as error:
                self.sweep()  # what was half written takes room that is needed
                if not self._make_room(checkpoint):
                    raise self._not_saved(checkpoint, error) from error

    def load(self, pointer: Pointer) -> Checkpoint:
        """The checkpoint that `pointer` names.

        Raises:
            CheckpointError: nothing was saved, or a file is missing or damaged.
        """
        return read_checkpoint(self.folder / self._entry(pointer)["folder"])

    def restore(self) -> Restored:
        """The newest whole checkpoint, and the best weights of its time, to go on from.

        Raises:
            CheckpointError: nothing was saved, or neither the last nor the one before it is whole.
        """
        problem: CheckpointError | None = None
        for pointer in ("last", _PREVIOUS):
            try:
                entry = self._entry(pointer)
                checkpoint = read_checkpoint(self.folder / entry["folder"])
            except CheckpointError as error:
                problem = problem or error
            else:
                self._good["last"] = entry
                return self._with_best(checkpoint, entry, problem)
        raise CheckpointError(_("{problem} Start a new run.").format(problem=problem)) from problem

    def exists(self) -> bool:
        """Whether there is a checkpoint to go on from."""
        return self._path("last").exists()

    def sweep(self) -> None:
        """Remove step folders that nothing names: older ones, and what a killed run left half written.

        What can't be removed now stays until the next time; it is no reason to stop.
        """
        with contextlib.suppress(OSError):
            sweep(self.folder)
        named = self._named()
        for folder in self.folder.glob("*step-*"):
            if folder.name.startswith("partial-") or (named is not None and folder.name not in named):
                shutil.rmtree(folder, ignore_errors=True)

    def _save(self, pointer: Pointer, checkpoint: Checkpoint) -> Path:
        target = self._free_name(f"{'best-' if pointer == 'best' else ''}step-{checkpoint.state.step:06d}")
        write_checkpoint(checkpoint, target)
        state = checkpoint.state
        entry = {"folder": target.name, "step": state.step, "accuracy": state.best_accuracy, "loss": state.best_loss}
        if pointer == "last":
            best, previous = self._known("best"), self._known("last")
            entry["best"] = None if best is None else best["folder"]
            if previous is not None:
                write_atomic(self._path(_PREVIOUS), json.dumps(previous, indent=2))
        write_atomic(self._path(pointer), json.dumps(entry, indent=2))
        self._good[pointer] = entry
        self.sweep()
        return target

    def _make_room(self, checkpoint: Checkpoint) -> bool:
        """Give up the checkpoint before the last where the disk is too full for one more; False if that isn't it."""
        previous = self._path(_PREVIOUS)
        if free_bytes(self.folder) > checkpoint.size + _OVERHEAD or not previous.exists():
            return False
        try:
            previous.unlink()
        except OSError:
            return False
        self.sweep()
        return True

    def _known(self, pointer: Pointer) -> dict[str, Any] | None:
        """What `pointer` named when that was seen whole, unless someone deleted it since."""
        entry = self._good.get(pointer)
        return entry if entry is not None and (self.folder / entry["folder"]).is_dir() else None

    def _not_saved(self, checkpoint: Checkpoint, error: Exception) -> CheckpointError:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else one_line(error)
        sentence = _(
            "The checkpoint after step {step} couldn't be saved in {folder} ({reason}): "
            "it needs {needed}, and {free} are free there."
        )
        return CheckpointError(
            sentence.format(
                step=checkpoint.state.step,
                folder=self.folder,
                reason=reason,
                needed=bytes_text(checkpoint.size),
                free=bytes_text(free_bytes(self.folder)),
            )
        )

    def _with_best(self, checkpoint: Checkpoint, entry: dict[str, Any], problem: CheckpointError | None) -> Restored:
        notices = ()
        if problem is not None:
            sentence = _("{problem} The run goes on from the checkpoint before it, after step {step}.")
            notices = (sentence.format(problem=problem, step=checkpoint.state.step),)
        if entry["best"] is None:
            return Restored(checkpoint, None, notices)
        try:
            best = read_checkpoint(self.folder / entry["best"])
        except CheckpointError:
            state = checkpoint.state
            state.best_epoch = state.best_step = state.best_accuracy = state.best_loss = None
            sentence = _("The best weights so far are damaged and left out; later epochs compete among themselves.")
            return Restored(checkpoint, None, (*notices, sentence))
        self._good["best"] = {"folder": entry["best"], "step": best.state.step}
        return Restored(checkpoint, best.weights, notices)

    def _entry(self, pointer: str) -> dict[str, Any]:
        try:
            entry = json.loads(self._path(pointer).read_bytes())
            return {"best": None, **entry, "folder": str(entry["folder"])}
        except FileNotFoundError as error:
            raise CheckpointError(
                _("{folder} holds no checkpoint to go on from.").format(folder=self.folder.parent)
            ) from error
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise CheckpointError(
                _("The checkpoint in {folder} can't be read ({reason}).").format(
                    folder=self.folder, reason=one_line(error)
                )
            ) from error

    def _named(self) -> set[str] | None:
        """The folders that count; None where that can't be told, so that nothing may be removed."""
        try:
            entries = [self._entry(file.stem) for file in self.folder.glob("*.json")]
        except CheckpointError:
            return None
        return {name for entry in entries for name in (entry["folder"], entry["best"]) if name is not None}

    def _free_name(self, stem: str) -> Path:
        """A folder is never written twice: one of the same step can be damaged, or be what a pointer names."""
        target, number = self.folder / stem, 1
        while target.exists():
            number += 1
            target = self.folder / f"{stem}-{number}"
        return target

    def _path(self, pointer: str) -> Path:
        return self.folder / f"{pointer}.json"
