"""Kills or fails each fsync, rename and write of a checkpoint in turn, and looks at what the next start finds.

    python -m tests.soak.crash_points

Needs strace. Exit code 1 when a checkpoint was lost, or was said to be saved and wasn't.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.soak import failing_saver
from tests.soak.failing_saver import WHEN

BREAKS = {"kill": "signal=SIGKILL", "disk full": "error=ENOSPC", "disk broken": "error=EIO"}
_MEMORY = Path("/dev/shm")
"""What counts is the order of the calls; on a real disk each would wait."""
_CALLS = ("fsync", "rename", "renameat", "write")


def break_each_call(kind: str) -> dict[str, list[dict[str, Any]]]:
    """The verdicts of `failing_saver`, by call.

    Raises:
        FileNotFoundError: there is no strace.
    """
    injections = [
        part
        for call in _CALLS
        for part in ("-e", f"inject=?{call}:{BREAKS[kind]}:when={WHEN}")  # ?: some processors know no `rename`
    ]
    traced = ",".join(f"?{call}" for call in _CALLS)
    filtered = [] if kind == "kill" else ["--seccomp-bpf"]  # faster, but signals aren't injected with it
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as place:
        injected = ["strace", "-f", *filtered, "-qq", "-o", os.devnull, "-e", f"trace={traced}", *injections]
        done = subprocess.run(
            [*injected, sys.executable, "-B", "-m", failing_saver.__name__, place],
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def faults(kind: str, verdicts: dict[str, list[dict[str, Any]]]) -> list[str]:
    """What must not be, a line each."""
    found: list[str] = []
    for call, points in verdicts.items():
        for point in points:
            where, said, left = f"{kind} at {call} {point['number']}", point["said"], point["found"]
            if not left["is_right"] or left["notices"]:
                found.append(f"{where}: what loads isn't what was saved: {left}")
            if left["litter"]:
                found.append(f"{where}: {left['litter']} is left")
            if kind == "kill":
                if left["step"] not in (1, 2):
                    found.append(f"{where}: step {left['step']} loads")
            elif said is not None and (left["step"] != 3 or said["kept"] not in (1, 2)):
                found.append(f"{where}: after another try step {left['step']} loads, before it step {said['kept']}")
    return found


def main() -> int:
    """Print a table; 1 where anything is wrong."""
    if shutil.which("strace") is None:
        print("strace is missing; install it (apt-get install strace)", file=sys.stderr)
        return 1
    wrong: list[str] = []
    print("| what happens | at each | points | old one loads | new one loads | wrong |\n|---|---|---|---|---|---|")
    for kind in BREAKS:
        for call, points in break_each_call(kind).items():
            lines = faults(kind, {call: points})
            new = sum((point["said"] or {}).get("kept", point["found"]["step"]) > 1 for point in points)
            print(f"| {kind} | {call} | {len(points)} | {len(points) - new} | {new} | {len(lines)} |")
            wrong += lines
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
