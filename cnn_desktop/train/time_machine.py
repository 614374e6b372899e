"""Snapshots of the weights while they are trained: when one is worth keeping, and on disk by a thread of its own."""

import threading
import time

import torch

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text
from cnn_desktop.train.plan import Plan
from cnn_desktop.train.runs.run_folder import RunFolder
from cnn_desktop.train.runs.snapshots import MOST, SnapshotFolder, halved, halved_bytes
from cnn_desktop.train.task import Task
from cnn_desktop.train.updating import Updater

_MEGABYTE = 1_000_000
_LEAST_MOVE = 0.005
"""Relative change of the weights below which nothing would be seen to move."""
_SHARE = 0.01
"""Of training time that may go into it: measuring how far the weights moved, copying them, writing them."""
_ADVANCE = 0.1
"""Seconds of that which may be spent before they were saved up, for runs that are over soon."""
_SAMPLED = 1024
"""Numbers of each matrix or kernel by which its movement is told."""
_LEAST_SCALE = 1e-2
"""For layers that start at zero, of which every change would be infinite."""


class TimeMachine:
    """Keeps snapshots of a run, each as far from the one before as its weights moved; training only copies them.

    They are what is measured on the validation part: the average of the weights, where one is kept. What can't be
    written is said once, by `take_problem`, and leaves a gap.
    """

    def __init__(self, task: Task, folder: RunFolder, updater: Updater, plan: Plan) -> None:
        self.task, self.folder, self.updater, self.plan = task, folder, updater, plan
        self._limit = task.config.snapshot_megabytes * _MEGABYTE
        self._snapshots = SnapshotFolder(folder.path, self._limit)
        self._problem: str | None = None
        self._has_failed = False
        self._writing: threading.Thread | None = None
        self._began = time.perf_counter()
        self._spent = 0.0
        size = halved_bytes(task.module.state_dict())
        self._room = min(MOST, self._limit // max(1, size))
        if self._limit and not self._is_on:
            sentence = _(
                "No snapshots of the training are kept: two of them take {size}, and the limit is {limit}. "
                "Raise it for the time machine."
            )
            self._problem = sentence.format(size=bytes_text(2 * size), limit=bytes_text(self._limit))

    def begin(self, step: int) -> None:
        """Start at `step`: what was kept of later ones is forgotten, since they come again."""
        self._snapshots.forget_after(step)
        last = self._snapshots.last
        self._travelled = 0.0 if last is None else last.travelled
        self._reference, self._scale = self._sample()
        if self._is_on and last is None:
            self._take(step)
        self._began, self._spent = time.perf_counter(), 0.0

    def look(self, step: int) -> None:
        """Take a snapshot where the weights have moved far enough since the last; called a few times a second."""
        now = time.perf_counter()
        if not self._is_on or self._is_writing or self._spent > _ADVANCE + _SHARE * (now - self._began):
            return
        moved = self._moved()
        spacing = max(_LEAST_MOVE, (self._travelled + moved) / (self._room - 1))
        if moved >= spacing:
            self._take(step)
        self._spent += time.perf_counter() - now

    def finish(self, step: int) -> None:
        """Keep the weights of the last step, and wait until they are on disk."""
        self.close()
        last = self._snapshots.last
        if self._is_on and (last is None or last.step != step or self._has_moved_away):
            self._take(step)
            self.close()

    def close(self) -> None:
        """Wait for what is being written."""
        if self._writing is not None:
            self._writing.join()
            self._writing = None

    def take_problem(self) -> str | None:
        """Since the last call: why snapshots can't be kept; said once, until it has worked in between."""
        problem, self._problem = self._problem, None
        return problem

    @property
    def _is_on(self) -> bool:
        return self._room >= 2

    @property
    def _is_writing(self) -> bool:
        return self._writing is not None and self._writing.is_alive()

    @property
    def _has_moved_away(self) -> bool:
        return self._snapshots.run_dir != self.folder.path

    def _take(self, step: int) -> None:
        """Copy the weights, and let a thread write them."""
        self.close()
        self._travelled += self._moved()
        self._reference, self._scale = self._sample()
        if self._has_moved_away:
            self._snapshots = SnapshotFolder(self.folder.path, self._limit)
        with self.updater.averaged():
            tensors = halved(self.task.module.state_dict())
        self._writing = threading.Thread(
            target=self._write, args=(tensors, step, self._travelled), name="snapshot", daemon=True
        )
        self._writing.start()

    def _write(self, tensors: dict[str, torch.Tensor], step: int, travelled: float) -> None:
        began = time.thread_time()
        try:
            self._snapshots.add(self.task.model(), tensors, step, step / self.plan.steps_per_epoch, travelled)
            self._has_failed = False
        except (CnnDesktopError, OSError) as error:
            if not self._has_failed:
                self._problem = _("The time machine will have a gap: {reason}").format(reason=one_line(error))
            self._has_failed = True
        self._spent += time.thread_time() - began  # looked at again only when this thread is over

    def _moved(self) -> float:
        """Relative change of the weights since the last snapshot, each layer counting alike."""
        sample, _scale = self._sample()
        return ((sample - self._reference) / self._scale).square().mean().sqrt().item()

    @torch.no_grad()
    def _sample(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Evenly spread numbers of every matrix and kernel that learns, and for each the usual size in its layer."""
        views = [_spread(weight) for weight in self.task.module.parameters() if weight.ndim > 1]
        if not views:
            return torch.zeros(1), torch.ones(1)
        scales = torch.stack([view.square().mean().sqrt() for view in views]).clamp_(min=_LEAST_SCALE)
        counts = torch.tensor([len(view) for view in views], device=scales.device)
        return torch.cat(views), scales.repeat_interleave(counts)


def _spread(weight: torch.Tensor) -> torch.Tensor:
    """Up to `_SAMPLED` of a dense tensor's numbers as they lie in memory, at equal distances; a view."""
    every = -(-weight.numel() // _SAMPLED)
    return weight.detach().as_strided((weight.numel() // every,), (every,))
