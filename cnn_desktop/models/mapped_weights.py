"""Published weights in a form that is there at once: proven once, copied into our own cache folder, and mapped.

A mapped file's pages come with the first forward pass, and are given back when memory is short. That is for files which
nobody else writes: one cut short under a mapping ends the program. torch.hub's folder belongs to others as well.
"""

import contextlib
from collections.abc import Mapping
from pathlib import Path

import torch
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from cnn_desktop import __version__
from cnn_desktop.core.files import atomic_path, free_bytes, sweep, write_atomic
from cnn_desktop.core.paths import cache_dir

_SPARE = 4
"""So many times the size of a copy must be free on its disk."""


class _FileState(BaseModel):
    """What changes when somebody writes to a file or puts another in its place."""

    model_config = ConfigDict(frozen=True)

    size: int
    changed_ns: int
    inode: int


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)

    program: str
    sha256: str
    """Of the source, or its first digits: by which it was proven."""
    source: _FileState
    copied: _FileState


class MappedWeights:
    """The mapped copy of a file of weights.

    Args:
        source: the file.
        sha256: what proves it, in hex; its first digits will do.
    """

    def __init__(self, source: Path, sha256: str) -> None:
        self._source = source
        self._sha256 = sha256
        self.file = cache_dir() / "weights" / f"{source.stem}.safetensors"
        self._record = self.file.with_suffix(".json")

    def read(self) -> dict[str, torch.Tensor] | None:
        """The weights by name; None where there is no copy, or where it or the source has changed since it was made.

        What is written into them stays in memory: the file remains as it is.
        """
        try:
            known = _Record.model_validate_json(self._record.read_bytes())
            if known != self._now():
                return None
            with safe_open(self.file, framework="pt") as opened:
                return {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118  it is no dictionary
        except (OSError, ValidationError, SafetensorError):
            return None

    def write(self, weights: Mapping[str, torch.Tensor]) -> None:
        """Keep a copy of `weights`, which are those of the source, proven and fitting; where there is room for it."""
        size = sum(tensor.numel() * tensor.element_size() for tensor in weights.values())
        if free_bytes(self.file.parent) < _SPARE * size:
            return
        with contextlib.suppress(OSError, SafetensorError):  # without a copy, loading takes longer
            sweep(self.file.parent)
            self._record.unlink(missing_ok=True)
            with atomic_path(self.file) as temporary:
                save_file(dict(weights), temporary)
            write_atomic(self._record, self._now().model_dump_json())

    def remove(self) -> None:
        """Remove the copy, if there is one.

        Raises:
            OSError: it can't be removed.
        """
        for file in (self._record, self.file):
            file.unlink(missing_ok=True)

    def _now(self) -> _Record:
        source, copied = _state(self._source), _state(self.file)
        return _Record(program=__version__, sha256=self._sha256, source=source, copied=copied)


def _state(file: Path) -> _FileState:
    facts = file.stat()
    return _FileState(size=facts.st_size, changed_ns=facts.st_mtime_ns, inode=facts.st_ino)
