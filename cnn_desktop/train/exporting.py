"""Exporting a model in any form: as a file, or, with the run that it is from, as Python."""

from pathlib import Path
from typing import Literal

from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import model_file_of
from cnn_desktop.predict.export.exporting import Exported, export_model
from cnn_desktop.train.runs.run_folder import CONFIG, MODEL
from cnn_desktop.train.scripting import export_python

Form = Literal["onnx", "safetensors", "python"]


def export(
    model: Model,
    target: Path,
    form: Form,
    *,
    with_preprocessing: bool = False,
    run: Path | None = None,
    progress: Progress = no_progress,
) -> Exported:
    """Write `model` as `form` to `target`: a file, or a folder for Python; what is written is proven.

    Args:
        model: may be in use meanwhile.
        target: a file is replaced; in a folder nothing is.
        form: of what is written.
        with_preprocessing: whether an ONNX graph takes pictures as they are decoded.
        run: the folder of the run that made the model, for a script that trains.
        progress: 0 of 0 where it isn't known.

    Raises:
        BadInputError: packages are missing, the folder holds such files, or what is asked for doesn't go together.
        ExportError: the export answers something else than the model, and wasn't kept.
        CnnDesktopError: `target` can't be written.
    """
    if form != "python":
        return export_model(model, target, form, with_preprocessing=with_preprocessing, progress=progress)
    written = export_python(model, target, run, progress=progress)
    size = sum(file.stat().st_size for file in written.files)
    return Exported(written.folder, written.files, size, (written.proof,), written.notice)


def run_of(ref: str) -> Path | None:
    """The folder of the run whose model `ref` names (a folder, a name among the runs, a file); None for others."""
    file = model_file_of(ref)
    return file.parent if file is not None and file.name == MODEL and (file.parent / CONFIG).is_file() else None
