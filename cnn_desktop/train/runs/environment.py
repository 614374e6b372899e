"""On what a run was made: versions, device, and a fingerprint of the data."""

import hashlib
import json
import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

from cnn_desktop import __version__
from cnn_desktop.core.errors import TrainingError, listed
from cnn_desktop.core.language import _
from cnn_desktop.data.dataset import ArraySplit, Dataset, FileSplit, Split
from cnn_desktop.models.device import device_title
from cnn_desktop.train.runs.run_folder import ENVIRONMENT
from cnn_desktop.train.task import Task

_NAMED = 5
"""So many classes are named in a sentence."""


def environment(task: Task) -> dict[str, Any]:
    """Facts for `environment.json`."""
    return {
        "app": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "torch": torch.__version__,
        "torchvision": version("torchvision"),
        "device": device_title(task.device),
        "precision": task.precision,
        "precision_reason": task.precision_reason,
        "git_commit": _git_commit(),
        "classes": task.dataset.classes,
        "dataset_fingerprint": fingerprint(task.dataset),
    }


def data_changed(run: Path, task: Task) -> str | None:
    """A sentence where `task` has other pictures, labels or splits than the run in the folder `run` began with.

    None where they are the same, or where nobody can tell because `environment.json` is gone.

    Raises:
        TrainingError: the classes are others, so that the run's network doesn't fit them.
    """
    try:
        facts = json.loads((run / ENVIRONMENT).read_bytes())
        began_with, classes = facts["dataset_fingerprint"], tuple(facts["classes"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if classes != task.dataset.classes:
        raise TrainingError(
            _(
                "{run} began with the classes {old}, and its dataset now has {new}; take back what was changed, "
                "or start a new run from this one."
            ).format(run=run, old=_named(classes), new=_named(task.dataset.classes))
        )
    if began_with == fingerprint(task.dataset):
        return None
    return _("The dataset was changed since this run began; it goes on with the pictures that are there now.")


def _named(classes: Sequence[str]) -> str:
    shown = [*classes[:_NAMED], "…"] if len(classes) > _NAMED else classes
    return _("{names} ({count})").format(names=listed(shown), count=len(classes))


def fingerprint(dataset: Dataset) -> str:
    """A hash that differs when classes, labels or pictures do; of files, their names and sizes are taken."""
    digest = hashlib.blake2b(repr(dataset.classes).encode(), digest_size=16)
    for name in sorted(dataset.splits):
        split = dataset.splits[name]
        digest.update(name.encode())
        digest.update(split.labels.tobytes())
        _add_pictures(digest, split)
    return digest.hexdigest()


def _add_pictures(digest: "hashlib.blake2b", split: Split) -> None:
    if isinstance(split, ArraySplit):
        digest.update(split.images.tobytes())
    elif isinstance(split, FileSplit):
        for path in split.paths:
            size = path.stat().st_size if path.exists() else -1
            digest.update(f"{path.parent.name}/{path.name}:{size}\n".encode(errors="surrogateescape"))


def _git_commit() -> str | None:
    """The commit of the checkout that the program runs from; None for an installed one."""
    checkout = Path(__file__).resolve().parents[3]
    if not (checkout / ".git").exists():
        return None
    try:
        answer = subprocess.run(
            ["git", "-C", str(checkout), "rev-parse", "HEAD"], capture_output=True, text=True, timeout=5, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()
