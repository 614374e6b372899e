"""The snapshots of a run on disk: its weights at moments of the training, few enough to stay below a limit."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from cnn_desktop.core.errors import CnnDesktopError, ModelError
from cnn_desktop.core.files import free_bytes, sweep
from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text
from cnn_desktop.models.model import Model
from cnn_desktop.models.model_facts import FACTS
from cnn_desktop.models.model_file import SUFFIX, load_model, save_model
from cnn_desktop.models.state_dict import safetensors_metadata
from cnn_desktop.models.weights import RUN_SNAPSHOTS, snapshot_files

MOST = 100
"""Snapshots of a run: more than a slider needs, and few enough to be listed at once."""

_LARGEST_HALF = 6e4

_LEFT_FREE = 256 << 20
"""Bytes of the disk that are left for what the run can't be without."""

_CHECKPOINTS = 20
"""Times the size of a snapshot that its run's checkpoints may need: two, of four tensors each in single precision, and
the best weights."""


@dataclass(frozen=True)
class SnapshotInfo:
    """One moment of a training that can be opened again."""

    path: Path
    step: int
    """Updates done before it; 0 is the network before it learned."""
    epoch: float
    """Passes over the training pictures before it."""
    travelled: float
    """How far the weights had moved since the run's start: relative changes, added up."""
    bytes: int


def snapshots_of(run_dir: Path) -> list[SnapshotInfo]:
    """The snapshots in a run's folder, by step; none where there is no such folder. Damaged ones are passed over."""
    found: list[SnapshotInfo] = []
    for path in snapshot_files(run_dir):
        with contextlib.suppress(ModelError, OSError, ValueError, KeyError, TypeError):
            figures = json.loads(safetensors_metadata(path)[FACTS])["figures"]
            size = path.stat().st_size
            info = SnapshotInfo(path, int(figures["step"]), float(figures["epoch"]), float(figures["travelled"]), size)
            found.append(info)
    return sorted(found, key=lambda snapshot: snapshot.step)


def open_snapshot(snapshot: SnapshotInfo) -> Model:
    """The model of that moment, on the CPU; its matrices and kernels were rounded to half precision.

    Raises:
        ModelError: the file has gone, or one bit of it has changed.
    """
    return load_model(snapshot.path)


def halved(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Copies on the CPU, independent of `tensors`: matrices and kernels in half precision, everything else as it is.

    What half precision can't hold keeps its own.
    """
    return {name: _halved(tensor.detach()) for name, tensor in tensors.items()}


def halved_bytes(tensors: Mapping[str, torch.Tensor]) -> int:
    """What `halved` makes of `tensors` takes, where half precision holds all of it."""
    return sum(2 * tensor.numel() if _is_matrix(tensor) else tensor.nbytes for tensor in tensors.values())


def _is_matrix(tensor: torch.Tensor) -> bool:
    return tensor.is_floating_point() and tensor.ndim > 1 and tensor.numel() > 0


def _halved(tensor: torch.Tensor) -> torch.Tensor:
    if _is_matrix(tensor):
        low, high = tensor.aminmax()
        if max(-low.item(), high.item()) < _LARGEST_HALF:
            return tensor.to("cpu", torch.float16, memory_format=torch.contiguous_format)
    return tensor.to("cpu", copy=True, memory_format=torch.contiguous_format)


class SnapshotFolder:
    """Adds snapshots to a run's folder and takes some out again, so that no limit is passed.

    The first and the newest always stay. In between those go first without which the smallest gap arises, by how far
    the weights moved, so that what is left shows a training evenly.

    Args:
        run_dir: the run's folder.
        limit: bytes of all snapshots together.
    """

    def __init__(self, run_dir: Path, limit: int) -> None:
        self.run_dir, self.limit = run_dir, limit
        with contextlib.suppress(OSError):
            sweep(run_dir / RUN_SNAPSHOTS)
        self.known = snapshots_of(run_dir)

    @property
    def last(self) -> SnapshotInfo | None:
        """The newest."""
        return self.known[-1] if self.known else None

    def add(self, model: Model, tensors: Mapping[str, torch.Tensor], step: int, epoch: float, travelled: float) -> None:
        """Put a snapshot on disk, whole and durable; `model` says what it is, `tensors` (`halved`) its weights.

        Raises:
            CnnDesktopError: the disk is nearly full, so that checkpoints would lack the room, or fails; what was there
                stays.
        """
        free, size = free_bytes(self.run_dir), sum(tensor.nbytes for tensor in tensors.values())
        if free < max(_LEFT_FREE, _CHECKPOINTS * size) + size:
            sentence = _("{free} are free in {folder}, which are left for checkpoints. Make room there.")
            raise CnnDesktopError(sentence.format(free=bytes_text(free), folder=self.run_dir))
        path = self.run_dir / RUN_SNAPSHOTS / f"step-{step:06d}{SUFFIX}"
        figures = {**model.figures, "step": step, "epoch": epoch, "travelled": travelled}
        title = _("{title}, step {step:,}").format(title=model.title, step=step)
        save_model(replace(model, title=title, figures=figures), path, tensors)
        self.known = [known for known in self.known if known.step != step]
        self.known.append(SnapshotInfo(path, step, epoch, travelled, path.stat().st_size))
        self._thin()

    def forget_after(self, step: int) -> None:
        """Remove the snapshots of steps that are about to be done again, in other files or the same."""
        for snapshot in self.known:
            if snapshot.step > step:
                self._remove(snapshot)
        self.known = [snapshot for snapshot in self.known if snapshot.step <= step]

    def _thin(self) -> None:
        while len(self.known) > 2 and (
            len(self.known) > MOST or sum(snapshot.bytes for snapshot in self.known) > self.limit
        ):
            self._remove(self.known.pop(_most_dispensable(self.known)))

    def _remove(self, snapshot: SnapshotInfo) -> None:
        with contextlib.suppress(OSError):  # it may have been deleted by hand
            snapshot.path.unlink()


def _most_dispensable(snapshots: Sequence[SnapshotInfo]) -> int:
    """The place of the one, neither first nor last, whose neighbours are closest to each other."""
    return min(range(1, len(snapshots) - 1), key=lambda at: snapshots[at + 1].travelled - snapshots[at - 1].travelled)
