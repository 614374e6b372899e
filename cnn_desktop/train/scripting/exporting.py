"""“Export as Python”: a folder with scripts that train and predict without this program, proven to answer alike."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError, CnnDesktopError, ExportError, listed, one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import save_model
from cnn_desktop.predict.export.prediction_script import prediction_script
from cnn_desktop.predict.export.proof import Pictures, Proof
from cnn_desktop.predict.export.sample_pictures import sample_pictures
from cnn_desktop.predict.export.script_proof import prove_script
from cnn_desktop.train.runs.run_folder import CONFIG, MODEL
from cnn_desktop.train.scripting.listed import LIST
from cnn_desktop.train.scripting.network import START
from cnn_desktop.train.scripting.training_script import training_script

PREDICT, TRAIN = "predict.py", "train.py"

_SAMPLES = 16
"""On how many pictures the prediction script is tried."""


@dataclass(frozen=True)
class PythonExport:
    """A folder of scripts that was written, and why it can be trusted."""

    folder: Path
    files: tuple[Path, ...]
    proof: Proof
    notice: str
    """Why there is no training script, as a sentence; empty where there is one, or where no run is known."""


def export_python(
    model: Model,
    folder: Path,
    run: Path | None = None,
    *,
    pictures: Pictures = (),
    progress: Progress = no_progress,
) -> PythonExport:
    """Write `predict.py` with its model file into `folder`, and `train.py` where the model is of a run.

    The prediction script is run on pictures before anything gets its name.

    Args:
        model: may be in use meanwhile; it isn't touched.
        folder: made where it isn't there; files of the same names must not be in it.
        run: the folder of the run that made the model.
        pictures: to try it on; none: some of our own.
        progress: of the trial and of reading the dataset, one after the other.

    Raises:
        BadInputError: the folder holds such files already.
        ExportError: the script answers something else than the model, and wasn't kept.
        CnnDesktopError: the folder can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".") as place:
            draft = Path(place)
            save_model(model, draft / MODEL)
            (draft / PREDICT).write_text(prediction_script(model, MODEL), encoding="utf-8")
            proof = prove_script(model, draft / PREDICT, pictures or sample_pictures(_SAMPLES), progress)
            notice = "" if run is None else _write_training(draft, run, progress)
            files = _moved(draft, folder)
    except OSError as error:
        sentence = _("The scripts can't be written into {folder} ({reason}); choose another place.")
        raise CnnDesktopError(sentence.format(folder=folder, reason=error.strerror or one_line(error))) from error
    return PythonExport(folder, files, proof, notice)


def _write_training(draft: Path, run: Path, progress: Progress) -> str:
    """Write the training script and what belongs to it; why that can't be done, or nothing."""
    try:
        config = RunConfig.from_json((run / CONFIG).read_bytes())
        training = training_script(config, run, progress)
    except (BadInputError, ExportError) as error:
        return _("There is no training script: {reason}").format(reason=one_line(error))
    (draft / TRAIN).write_text(training.text, encoding="utf-8")
    if training.pictures is not None:
        (draft / LIST).write_text(training.pictures, encoding="utf-8", errors="surrogateescape")
    if training.start is not None:
        save_model(training.start, draft / START)
    return ""


def _moved(draft: Path, folder: Path) -> tuple[Path, ...]:
    """Give the files their place, all of them or none."""
    names = sorted(file.name for file in draft.iterdir() if file.is_file())
    if there := [name for name in names if (folder / name).exists()]:
        sentence = _("{folder} holds {names} already; choose another folder, or remove them.")
        raise BadInputError(sentence.format(folder=folder, names=listed(there)))
    return tuple((draft / name).rename(folder / name) for name in names)
