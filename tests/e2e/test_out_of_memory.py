"""Memory that really runs out, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("train_in_little_memory.py")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits a process's address space")
def test_a_run_that_lacks_memory_goes_on_in_parts(tmp_path: Path) -> None:
    answer = _train_in_little_memory(tmp_path / "run")
    events = [json.loads(line) for line in answer.stdout.splitlines()]
    names = [event["event"] for event in events]
    short = next(event for event in events if event["event"] == "out_of_memory")
    assert events[-1]["outcome"] == "done"
    assert short["proposed_part_size"] == short["part_size"] // 2
    assert names.index("out_of_memory") < names.index("parts_changed") < names.index("steps_done")


def _train_in_little_memory(run: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(run), "300000000"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
