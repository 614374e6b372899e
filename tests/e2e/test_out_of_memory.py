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
    # A limit on the address space also counts what is reserved and never used, which differs from process to process.
    answers = (_train_in_little_memory(tmp_path / f"run {attempt}") for attempt in range(4))
    answer = next((answer for answer in answers if '"outcome": "done"' in answer.stdout), None)
    assert answer is not None, "no run of four found its way"
    events = [json.loads(line) for line in answer.stdout.splitlines()]
    names = [event["event"] for event in events]
    short = next(event for event in events if event["event"] == "out_of_memory")
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
