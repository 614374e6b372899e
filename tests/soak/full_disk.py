"""Trains on a disk that is full for real: a small one in memory, which only this program sees.

    python -m tests.soak.full_disk

Exit code 1 when a run was lost or changed by it; where no disk may be mounted, that is said.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.soak.same_end import differences

_SIZE = 1_500_000
"""Bytes of the small disk: two checkpoints of `mnist_cnn` and its best weights fit, three don't."""


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
    from cnn_desktop.core.events import NotSaved, RunFinished

    wrong: list[str] = []
    print("| disk | checkpoints saved | not saved | run ends in | wrong |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder
        whole = Path(folder) / "whole"
        _train(whole, {})
        for name, ballast, at in (("two fit, three don't", False, {}), ("full for a while", True, {4}), ("full", True, {})):
            disk = Path(folder) / name
            disk.mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(disk)], check=True)
            actions: dict[int, Callable[[], object]] = {}
            if ballast:
                actions[2] = lambda disk=disk: _fill(disk / "ballast")
            for epoch in at:
                actions[epoch] = (disk / "ballast").unlink
            events = _train(disk / "run", actions)
            finished, refused = events[-1], [event for event in events if isinstance(event, NotSaved)]
            assert isinstance(finished, RunFinished)
            place = Path(finished.run_dir)
            lines = [f"{name}: {line}" for line in differences(whole, place)]
            if finished.outcome != "done" or bool(refused) != ballast or (place == disk / "run") == (name == "full"):
                lines.append(f"{name}: {finished}, {refused}")
            if any("free there" not in event.message for event in refused):
                lines.append(f"{name}: {refused}")
            where = "its folder" if place == disk / "run" else "another"
            saved = sum(type(event).__name__ == "CheckpointSaved" for event in events)
            print(f"| {name} | {saved} | {len(refused)} | {where} | {len(lines)} |", flush=True)
            wrong += lines
    print(*wrong, sep="\n")
    return 1 if wrong else 0


def _train(run: Path, after_epoch: dict[int, Callable[[], object]]) -> list[object]:
    """All events of a run that saves a checkpoint after each of six epochs, where something else happens too."""
    from cnn_desktop.core.events import EpochDone
    from cnn_desktop.train.control import Control
    from cnn_desktop.train.setup import default_config
    from cnn_desktop.train.trainer import train

    config = default_config("digits", "mnist_cnn", run_dir=run, device="cpu", precision="fp32")
    config = config.changed(recipe=config.recipe.changed(epochs=6, batch_size=64, optimizer="adam"))
    control, events = Control(), []
    for event in train(config, control):
        events.append(event)
        if isinstance(event, EpochDone):
            after_epoch.get(event.epoch, lambda: None)()
            control.save_checkpoint()
    return events


def _fill(file: Path) -> None:
    with file.open("wb") as stream:
        try:
            while True:
                stream.write(bytes(4096))
                stream.flush()
        except OSError:
            pass


if __name__ == "__main__":
    sys.exit(inside() if sys.argv[1:] == ["inside"] else main())
