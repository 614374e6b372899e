"""Kills and failures at every call that writes a checkpoint; `make soak` does more of them."""

import os
import shutil
import sys

import pytest

from tests.soak.crash_points import break_each_call, faults


@pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")
@pytest.mark.parametrize("kind", ["kill", "disk broken"])
def test_no_broken_call_costs_the_last_good_checkpoint(kind: str) -> None:
    if shutil.which("strace") is None:
        sentence = "strace is missing (apt-get install strace)"
        pytest.fail(sentence) if os.environ.get("CI") else pytest.skip(sentence)
    verdicts = break_each_call(kind)
    assert faults(kind, verdicts) == []
    assert len(verdicts["fsync"]) >= 16, "each file, its folder, the folder above, and the pointers"
    assert len(verdicts["rename"]) + len(verdicts["renameat"]) >= 5 and len(verdicts["write"]) >= 8
    if kind == "kill":
        loaded = {point["found"]["step"] for points in verdicts.values() for point in points}
        assert loaded == {1, 2}, "both sides of the moment that counts were reached"
