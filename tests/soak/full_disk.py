"""Trains on a disk that is full for real: a small one in memory, which only this program sees.

    python -m tests.soak.full_disk

Exit code 1 when a run was lost or changed by it; where no disk may be mounted, that is said.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cnn_desktop.core.events import CheckpointSaved, EpochDone, Event, NotSaved, RunFinished
from cnn_desktop.train.control import Control
from cnn_desktop.train.runs.checkpoint_folder import CheckpointFolder
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train
from tests.soak.same_end import differences


@dataclass(frozen=True)
class Disk:
    """A small disk, and after which epochs something else fills it to the last byte, until it is gone again."""

    name: str
    size: int
    filled_after: tuple[int, ...] = ()
    emptied_after: int | None = None

    @property
    def is_left(self) -> bool:
        """Whether the run has to end on another disk."""
        return bool(self.filled_after) and self.emptied_after is None


DISKS = (
    Disk("room for two, not for three", 1_500_000),
    Disk("full for a while", 6_000_000, (2, 3), emptied_after=4),
    Disk("full to the end", 6_000_000, (2, 3, 4, 5, 6)),
)


def main() -> int:
    """Go on in a namespace of mounts of our own, which takes the disk with it when it ends."""
    own = ["--map-root-user"] if os.getuid() else []
    command = ["unshare", "--mount", *own, sys.executable, "-m", "tests.soak.full_disk", "inside"]
    try:
        if subprocess.run(["unshare", "--mount", *own, "true"], check=False, capture_output=True).returncode:
            raise PermissionError("unshare --mount isn't permitted")
    except OSError as error:
        print(f"No small disk can be mounted here ({error}): left out.")
        return 0
    return subprocess.run(command, check=False).returncode


def inside() -> int:
    """Print a table; 1 where anything is wrong."""
    wrong: list[str] = []
    print("| disk | checkpoints saved | not saved | run ends in | wrong |\n|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder
        undisturbed = Path(folder) / "undisturbed"
        _train(undisturbed, lambda _epoch: None)
        for disk in DISKS:
            place = Path(folder) / disk.name
            place.mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={disk.size}", "tmpfs", str(place)], check=True)
            try:
                wrong += _train_on(disk, place, undisturbed)
            finally:
                subprocess.run(["umount", str(place)], check=True)
    print(*wrong, sep="\n")
    return 1 if wrong else 0


def _train_on(disk: Disk, place: Path, undisturbed: Path) -> list[str]:
    """Train there, print a line of the table, return what is wrong."""
    ballast = place / "ballast"
    ballast.touch()

    def after_epoch(epoch: int) -> None:
        if epoch in disk.filled_after:
            _fill(ballast)
        if epoch == disk.emptied_after:
            ballast.unlink()

    events = _train(place / "run", after_epoch)
    finished, refused = events[-1], [event for event in events if isinstance(event, NotSaved)]
    assert isinstance(finished, RunFinished)
    run = Path(finished.run_dir)
    wrong = differences(undisturbed, run)
    if finished.outcome != "done" or (run != place / "run") != disk.is_left:
        wrong.append(f"{finished}")
    if bool(refused) != bool(disk.filled_after) or any("free there" not in event.message for event in refused):
        wrong.append(f"{refused}")
    CheckpointFolder(place / "run" / "checkpoints").restore()
    saved = sum(isinstance(event, CheckpointSaved) for event in events)
    where = "another folder" if disk.is_left else "its folder"
    print(f"| {disk.name} | {saved} | {len(refused)} | {where} | {len(wrong)} |", flush=True)
    return [f"{disk.name}: {line}" for line in wrong]


def _train(run: Path, after_epoch: Callable[[int], None]) -> list[Event]:
    """All events of a run that saves a checkpoint after each of six epochs, where something else happens too."""
    config = default_config("digits", "mnist_cnn", run_dir=run, device="cpu", precision="fp32")
    config = config.changed(recipe=config.recipe.changed(epochs=6, batch_size=64, optimizer="adam"))
    control, events = Control(), []
    for event in train(config, control):
        events.append(event)
        if isinstance(event, EpochDone):
            after_epoch(event.epoch)
            control.save_checkpoint()
    return events


def _fill(file: Path) -> None:
    with file.open("ab", buffering=0) as stream, contextlib.suppress(OSError):
        while True:
            stream.write(bytes(4096))


if __name__ == "__main__":
    sys.exit(inside() if sys.argv[1:] == ["inside"] else main())
