"""Precisions that were measured against each other, remembered in the cache folder."""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import torch
from pydantic import Field, TypeAdapter, ValidationError

from cnn_desktop import __version__
from cnn_desktop.core.files import write_atomic
from cnn_desktop.core.paths import cache_dir
from cnn_desktop.models.device import ComputePrecision, choose_precision, device_title

Seconds = dict[ComputePrecision, Annotated[float, Field(gt=0, allow_inf_nan=False)]]
"""What the same work takes in each precision."""

_Memory = TypeAdapter(dict[str, Seconds])


@dataclass(frozen=True)
class PrecisionChoice:
    """A precision, and why it was chosen, as a sentence."""

    precision: ComputePrecision
    reason: str


def precision_candidates(device: torch.device) -> tuple[ComputePrecision, ...]:
    """fp32, and what `choose_precision` knows `device` to have natively besides."""
    native = choose_precision("auto", device)
    return ("fp32",) if native == "fp32" else ("fp32", native)


def measurement_key(device: torch.device, architecture: str, count: int, size: tuple[int, int]) -> str:
    """What a measurement holds for: device, network, about so many pictures of about `size` at once, and versions."""
    work = f"{_bucket(count)} × {_bucket(max(size))} px"
    return ", ".join([device_title(device), architecture, work, f"torch {torch.__version__}, {__version__}"])


def recalled(name: str, key: str) -> Seconds:
    """What was measured before under `key`; nothing where the file of that name is absent or damaged."""
    return _read(_file(name)).get(key, {})


def remember(name: str, key: str, seconds: Seconds) -> None:
    """Keep what was measured in the file of that name; what can't be kept is measured again next time."""
    with contextlib.suppress(OSError):
        write_atomic(_file(name), _Memory.dump_json({**_read(_file(name)), key: seconds}, indent=2))


def _bucket(count: int) -> int:
    """The next power of two."""
    return 1 << (count - 1).bit_length()


def _file(name: str) -> Path:
    return cache_dir() / f"{name}.json"


def _read(file: Path) -> dict[str, Seconds]:
    try:
        return _Memory.validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return {}
