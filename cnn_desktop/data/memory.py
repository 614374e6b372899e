"""How much memory a dataset may take on a device."""

import os
import sys
from pathlib import Path

import torch

_SHARE = 4
_ASSUMED = 8 << 30
"""Bytes, where the system can't be asked in a simple way (Windows)."""


def memory_for_pixels(device: torch.device) -> int:
    """Bytes that the pixels of one split may take: a quarter of what is free on the device, and in main memory.

    `CNN_DESKTOP_PIXEL_MEMORY`, in megabytes, replaces that figure; with 0, pictures are always read from their files.
    """
    chosen = os.environ.get("CNN_DESKTOP_PIXEL_MEMORY", "")
    if chosen.isdecimal():
        return int(chosen) * 1_000_000
    free = _free_main_memory()
    if device.type == "cuda":
        free = min(free, torch.cuda.mem_get_info(device)[0])
    return free // _SHARE


def available_memory(device: torch.device) -> int:
    """Bytes that training on `device` can still get, what torch keeps for itself and doesn't use among them."""
    if device.type != "cuda":
        return _free_main_memory()
    unused = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return torch.cuda.mem_get_info(device)[0] + unused


def memory_of_program() -> int | None:
    """Bytes of main memory that this program has now; None where the system can't be asked in a simple way."""
    facts = Path("/proc/self/statm")
    if not facts.is_file():
        return None
    return int(facts.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _free_main_memory() -> int:
    facts = Path("/proc/meminfo")
    if facts.is_file():
        available = next(line for line in facts.read_text().splitlines() if line.startswith("MemAvailable:"))
        return min(int(available.split()[1]) * 1024, _left_in_container())
    if hasattr(os, "sysconf"):  # macOS says how much there is, not how much is free
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return _ASSUMED


def _left_in_container() -> int:
    """What a container may still take, of which the system's own figures know nothing."""
    try:
        limit, used = (Path(f"/sys/fs/cgroup/memory.{fact}").read_text().strip() for fact in ("max", "current"))
        return int(limit) - int(used)
    except (OSError, ValueError):  # no container, or "max": no limit
        return sys.maxsize
