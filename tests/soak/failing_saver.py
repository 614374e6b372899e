"""Run under strace, which breaks the call number WHEN of every process: saves checkpoints in forked children.

Each child first makes so many idle calls that exactly the wanted one of its saving is number WHEN. The parent, which
makes none of these calls itself, judges what is left on disk. Prints one JSON object: the verdicts, by the broken call.
"""

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from cnn_desktop.core.errors import CheckpointError
from cnn_desktop.train.runs.checkpoint import Checkpoint, TrainingState
from cnn_desktop.train.runs.checkpoint_folder import CheckpointFolder

WHEN = 60
"""More than a saving makes of any call."""
_MISSES = 2
"""So many calls in a row that a saving doesn't make any more say that all were broken."""


def main(place: Path) -> None:
    """Break every call of a saving in turn."""
    saved = place / "saved"
    _in_child(lambda: _save_both(CheckpointFolder(saved), 1))
    verdicts: dict[str, list[dict[str, Any]]] = {}
    for call, idle in _idle_calls(place).items():
        verdicts[call] = []
        number = misses = 0
        while misses < _MISSES:
            number += 1
            folder = place / f"{call}-{number}"
            shutil.copytree(saved, folder, copy_function=os.link)
            said = _in_child(lambda folder=folder, number=number, idle=idle: _save_broken(folder, idle, number))
            if said == {"saved": True}:
                misses += 1
            else:
                misses = 0
                verdicts[call].append({"number": number, "said": said, "found": _judge(folder)})
    print(json.dumps(verdicts))


def _save_broken(folder: Path, idle: Callable[[], Any], number: int) -> dict[str, Any]:
    """Save step 2 while one call breaks; where that leaves the program alive, save step 3."""
    checkpoints = CheckpointFolder(folder)
    checkpoints.restore()
    for _again in range(WHEN - number):
        idle()
    try:
        _save_both(checkpoints, 2)
    except CheckpointError as error:
        kept = CheckpointFolder(folder).restore().checkpoint.state.step
        _save_both(checkpoints, 3)
        return {"saved": False, "reason": str(error), "kept": kept}
    return {"saved": True}


def _judge(folder: Path) -> dict[str, Any]:
    """What the next start finds: the step, whether all tensors are right, and what is left that nobody needs."""
    checkpoints = CheckpointFolder(folder)
    checkpoints.sweep()
    restored = checkpoints.restore()
    step = restored.checkpoint.state.step
    expected = _checkpoint(step)
    best = restored.best_weights
    is_right = (
        torch.equal(restored.checkpoint.weights["weight"], expected.weights["weight"])
        and torch.equal(restored.checkpoint.tensors["average"], expected.tensors["average"])
        and restored.checkpoint.state.best_step == step
        and best is not None
        and torch.equal(best["weight"], _best(step).weights["weight"])
    )
    entries = [json.loads(file.read_bytes()) for file in folder.glob("*.json")]
    named = {name for entry in entries for name in (entry["folder"], entry.get("best"))}
    litter = [path.name for path in folder.iterdir() if path.suffix != ".json" and path.name not in named]
    return {"step": step, "is_right": is_right, "notices": restored.notices, "litter": litter}


def _save_both(checkpoints: CheckpointFolder, step: int) -> None:
    checkpoints.save("best", _best(step))
    checkpoints.save("last", _checkpoint(step))


def _checkpoint(step: int) -> Checkpoint:
    state = TrainingState(step=step, best_step=step)
    return Checkpoint(state, {"weight": torch.full((5000,), float(step))}, {"average": torch.full((7,), step / 3)}, {})


def _best(step: int) -> Checkpoint:
    return Checkpoint(TrainingState(step=step, best_step=step), {"weight": torch.full((5000,), -float(step))})


def _in_child(task: Callable[[], Any]) -> Any:
    """The result of `task` in a forked child; None where the child was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        status = 1
        try:
            answer = json.dumps(task()).encode()
            with contextlib.suppress(OSError):  # the broken call can be this very one
                os.write(writer, answer)
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        answer = stream.read()
    _pid, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("a child failed")
    return json.loads(answer) if answer else None


def _idle_calls(place: Path) -> dict[str, Callable[[], Any]]:
    """Each system call, done to no effect."""
    memory, nowhere, here = os.memfd_create("idle"), os.open(os.devnull, os.O_WRONLY), os.open(place, os.O_RDONLY)
    file = place / "idle"
    file.touch()
    return {
        "fsync": lambda: os.fsync(memory),
        "rename": lambda: file.rename(file),
        "renameat": lambda: os.rename(file.name, file.name, src_dir_fd=here, dst_dir_fd=here),
        "write": lambda: os.write(nowhere, b" "),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
