import os
import platform
import subprocess
import sys

import pytest

from cnn_desktop.train import memory_allocation

_PROGRAM = """
import resource, threading
from pathlib import Path
import numpy as np
from cnn_desktop.train.memory_allocation import freed_memory_kept

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

def steps(count):
    before = faults()
    for _ in range(count):
        maps = [np.full(size << 20, 1, dtype=np.uint8) for size in (8, 40, 24)]
        del maps
    return (faults() - before) / count

def work():
    steps(3)
    usual = steps(10)
    with freed_memory_kept():
        steps(3)
        kept, held = steps(10), resident()
    print(usual, kept, held, resident())

thread = threading.Thread(target=work)
thread.start()
thread.join()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")
def test_a_training_thread_asks_for_memory_once_and_gives_it_back() -> None:
    environment = os.environ | {"NUMPY_MADVISE_HUGEPAGE": "0"}  # pages of 4 KiB, as torch has them
    child = subprocess.run(
        [sys.executable, "-c", _PROGRAM], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    usual, kept, held, left = map(float, child.stdout.split())
    assert usual > 2000, "the system's own way is good enough now"
    assert kept < usual / 10
    assert held - left > 32 << 20  # what is left is the end of the thread's heap


def test_nothing_happens_with_another_c_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    monkeypatch.setattr(memory_allocation, "_set", lambda *_arguments: pytest.fail("a setting was changed"))
    with memory_allocation.freed_memory_kept():
        pass
