"""Keeps on disk what was found out about a model and the pictures of a split."""

import contextlib
import hashlib
import zipfile
from dataclasses import fields
from pathlib import Path

import numpy as np

from cnn_desktop import __version__
from cnn_desktop.core.files import atomic_path
from cnn_desktop.core.paths import cache_dir
from cnn_desktop.data.dataset import Dataset, SplitName
from cnn_desktop.explain.exciting.record import Excitement
from cnn_desktop.models.fingerprint import fingerprint
from cnn_desktop.models.model import Model

_FILES_KEPT = 20


def drawn_pictures(count: int, most: int) -> np.ndarray:
    """Which of `count` pictures are looked at: int64, ascending, the same every time."""
    return np.sort(np.random.default_rng(0).permutation(count)[:most])


def known_excitement(model: Model, dataset: Dataset, split: SplitName, most: int) -> Excitement | None:
    """What was found out before about the same weights and pictures."""
    try:
        with np.load(_file(model, dataset, split, most), allow_pickle=False) as arrays:
            return Excitement(**{field.name: arrays[field.name] for field in fields(Excitement)})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def keep(found: Excitement, model: Model, dataset: Dataset, split: SplitName, most: int) -> None:
    """Keep it, and let go of the oldest; what can't be kept is found out again next time."""
    file = _file(model, dataset, split, most)
    with contextlib.suppress(OSError):
        with atomic_path(file) as temporary, temporary.open("wb") as stream:
            np.savez(stream, **{field.name: getattr(found, field.name) for field in fields(found)})
        for path in sorted(file.parent.glob("*.npz"), key=lambda path: path.stat().st_mtime)[:-_FILES_KEPT]:
            path.unlink(missing_ok=True)


def _file(model: Model, dataset: Dataset, split: SplitName, most: int) -> Path:
    pictures = dataset.splits[split]
    digest = hashlib.sha256(f"{__version__}\0{fingerprint(model)}\0{dataset.source}\0{most}\0".encode())
    digest.update("\0".join(pictures.all_keys()).encode())
    return cache_dir() / "exciting" / f"{digest.hexdigest()}.npz"
