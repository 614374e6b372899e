"""What the time machine's job threads do. The engine is imported inside, after first paint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.pages.pictures import SeenPicture

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.explain.recording import Recording
    from cnn_desktop.models.model import Model
    from cnn_desktop.train.replay import Sample
    from cnn_desktop.train.runs.snapshots import SnapshotInfo


@dataclass(frozen=True)
class Timeline:
    """The moments of a run that can be visited."""

    run_dir: Path
    snapshots: Sequence[SnapshotInfo]
    is_running: bool
    """Whether more of them may come."""

    @property
    def last(self) -> int:
        """The place of the last moment: after the snapshots that of the model itself, once there is one."""
        return len(self.snapshots) - self.is_running

    @property
    def epochs(self) -> float:
        """Passes over the training pictures until the last of them."""
        return self.snapshots[-1].epoch


@dataclass(frozen=True, eq=False)
class Visit:
    """A moment to go to: a snapshot, or `now`, the model itself; and the picture to run through it."""

    at: int
    snapshot: SnapshotInfo | None
    now: Model
    picture: SeenPicture | None


@dataclass(frozen=True, eq=False)
class Visited:
    """The network of that moment, and what it made of the picture."""

    visit: Visit
    model: Model
    recording: Recording | None


def find_timeline(ref: str, progress: Progress = no_progress) -> Timeline | None:
    """The snapshots of the run that a model is from; None where it is from none, or the run kept none."""
    from cnn_desktop.train.replay import run_of
    from cnn_desktop.train.runs.run_folder import RunFolder
    from cnn_desktop.train.runs.snapshots import snapshots_of

    progress(0, 0)
    run_dir = run_of(ref)
    snapshots = [] if run_dir is None else snapshots_of(run_dir)
    if run_dir is None or len(snapshots) < 2:
        return None
    return Timeline(run_dir, snapshots, RunFolder.is_running(run_dir))


def go(visit: Visit, progress: Progress = no_progress) -> Visited:
    """Open the network of a moment, and run the picture through it.

    Raises:
        ModelError: the snapshot has gone, or one bit of it has changed.
        ImageError: the picture's file turns out to be damaged.
    """
    from cnn_desktop.explain.viewing import record_picture
    from cnn_desktop.train.runs.snapshots import open_snapshot

    model = visit.now if visit.snapshot is None else open_snapshot(visit.snapshot)
    progress(1, 2)
    if visit.picture is None:
        return Visited(visit, model, None)
    return Visited(visit, model, record_picture(model, visit.picture.opened))


def over_time(timeline: Timeline, picture: SeenPicture, progress: Progress = no_progress) -> np.ndarray:
    """float32 snapshots×classes: what each moment thought of the picture; raises as `go`."""
    from cnn_desktop.train.replay import probabilities_over_time

    return probabilities_over_time(timeline.snapshots, picture.opened, progress)


class Measuring:
    """Confusion matrices of a run's moments, each computed once; its pictures are read once."""

    def __init__(self, run_dir: Path) -> None:
        self.run_dir = run_dir
        self.sample: Sample | None = None
        self._known: dict[int, np.ndarray] = {}

    def known(self, step: int) -> np.ndarray | None:
        """The matrix of a step, where it was computed already."""
        return self._known.get(step)

    def prepare(self, model: Model, progress: Progress = no_progress) -> Sample:
        """Read the pictures.

        Raises:
            DatasetError, BadInputError: the run's dataset has gone, or has none for this.
        """
        from cnn_desktop.train.replay import Sample

        self.sample = self.sample or Sample(self.run_dir, model, progress)
        return self.sample

    def measure(self, order: tuple[int, Model], progress: Progress = no_progress) -> tuple[int, np.ndarray]:
        """The step and its matrix, int64 classes×classes; raises as `prepare`."""
        step, model = order
        counts = self._known.get(step)
        if counts is None:
            counts = self._known[step] = self.prepare(model, progress).confusion(model, progress)
        return step, counts
