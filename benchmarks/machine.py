"""On what a measurement was made: machine, versions, time, command."""

import os
import platform
import subprocess
import sys
from datetime import datetime
from importlib.metadata import version
from typing import Any

import torch

from benchmarks.places import ROOT
from cnn_desktop import __version__
from cnn_desktop.models.device import choose_device, device_title


def machine() -> dict[str, Any]:
    """Facts that every result carries."""
    features = torch.cpu.get_capabilities()
    wanted = ("avx2", "avx512_f", "avx512_bf16", "amx_bf16")
    return {
        "device": device_title(choose_device("auto")),
        "processor": device_title(torch.device("cpu")),
        "features": [name for name in wanted if features.get(name)],
        "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("torch", "torchvision", "PySide6-Essentials")},
        "program": f"{__version__} ({_commit()})",
        "date": f"{datetime.now():%Y-%m-%d %H:%M}",
        "command": " ".join(["python -m benchmarks", *sys.argv[1:]]),
    }


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "no commit"
