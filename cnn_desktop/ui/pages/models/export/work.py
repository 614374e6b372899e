"""What is exported, into what and where to, and the job that does it; the engine is imported inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress

if TYPE_CHECKING:
    from cnn_desktop.models.model import Model
    from cnn_desktop.predict.export.exporting import Exported
    from cnn_desktop.train.exporting import Form

_NAME_LENGTH = 60


@dataclass(frozen=True)
class ExportSubject:
    """A model that a page has opened, or that is opened when it is exported."""

    title: str
    ref: str
    """The run folder, file or name that it goes by."""
    model: Model | None = None


@dataclass(frozen=True)
class FormEntry:
    """A form of a model, as it is offered."""

    form: Form
    title: str
    about: str
    suffix: str
    """Empty for a folder."""
    filter: str
    """For the dialog that asks for a file."""


FORMS = (
    FormEntry(
        "onnx",
        _("ONNX"),
        _("For ONNX Runtime, OpenVINO, browsers and telephones; this program opens it again."),
        ".onnx",
        _("ONNX (*.onnx)"),
    ),
    FormEntry(
        "safetensors",
        _("Model file"),
        _("For this program on another machine, and for all that reads safetensors."),
        ".cnnmodel",
        _("Model files (*.cnnmodel *.safetensors)"),
    ),
    FormEntry(
        "python",
        _("Python"),
        _("Scripts that predict and, for a run, train it again, with torch and torchvision alone."),
        "",
        "",
    ),
)


@dataclass(frozen=True)
class ExportOrder:
    """Everything that the person decided."""

    subject: ExportSubject
    entry: FormEntry
    target: Path
    with_preprocessing: bool


def export(order: ExportOrder, progress: Progress = no_progress) -> Exported:
    """Open the model where that is still to be done, write it, prove it.

    Raises:
        CnnDesktopError: in one sentence, why there is no export.
    """
    from cnn_desktop.train.exporting import export as export_as
    from cnn_desktop.train.exporting import run_of
    from cnn_desktop.ui.pages.models.entries import open_now

    subject = order.subject
    progress(0, 0)
    return export_as(
        subject.model or open_now(subject.ref, None),
        order.target,
        order.entry.form,
        with_preprocessing=order.with_preprocessing,
        run=run_of(subject.ref),
        progress=progress,
    )


def proposed_target(folder: Path, title: str, entry: FormEntry) -> Path:
    """A name in `folder` that nothing has, made of what a person calls the model."""
    words = re.sub(r"[^\w.-]+", "-", title).strip("-.")[:_NAME_LENGTH].strip("-.") or "model"
    suffix = entry.suffix or "-python"
    return next(path for path in _numbered(folder, words, suffix) if not path.exists())


def _numbered(folder: Path, words: str, suffix: str) -> Iterator[Path]:
    yield folder / f"{words}{suffix}"
    for number in count(2):
        yield folder / f"{words}-{number}{suffix}"
