"""Writing a model in another form: written beside its target, proven, and only then given its name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from safetensors import SafetensorError

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.files import atomic_path
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.models.model import Model
from cnn_desktop.models.model_facts import model_of, sealed_facts
from cnn_desktop.models.model_file import load_model, not_saved, write_model
from cnn_desktop.models.onnx_file import load_onnx
from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.export.onnx_graph import require_onnx, write_onnx
from cnn_desktop.predict.export.onnx_proof import prove_onnx
from cnn_desktop.predict.export.proof import FP32_TOLERANCE, Pictures, Proof, answering, in_batches, prove
from cnn_desktop.predict.export.sample_pictures import sample_pictures

Form = Literal["onnx", "safetensors"]
"""`safetensors` is this program's own model file, whatever its name ends with."""

SAMPLES = 16
"""On how many pictures an export is tried."""

_WRITING = 50
"""About which percentage of the time goes into writing."""


@dataclass(frozen=True)
class Exported:
    """What was written, and why it can be trusted."""

    place: Path
    """The file, or the folder that holds the files."""
    files: tuple[Path, ...]
    bytes: int
    """Of all files."""
    proofs: tuple[Proof, ...]
    notice: str = ""
    """What else is to be known, as a sentence."""

    def to_json(self) -> dict[str, object]:
        """Plain values, by name."""
        return {
            "output": str(self.place),
            "files": [str(file) for file in self.files],
            "bytes": self.bytes,
            "proofs": [proof.to_json() for proof in self.proofs],
            "notice": self.notice,
        }


def export_model(
    model: Model,
    path: Path,
    form: Form,
    *,
    with_preprocessing: bool = False,
    pictures: Pictures = (),
    progress: Progress = no_progress,
) -> Exported:
    """Write `model` to `path`, and let the written file and the model look at the same pictures, in 32 bits.

    Args:
        model: may be in use meanwhile; it isn't touched.
        path: replaced when the proof holds, and left as it was when not.
        form: what kind of file.
        with_preprocessing: whether an ONNX graph takes pictures as they are decoded.
        pictures: to try it on; none: some of our own.
        progress: counts hundredths.

    Raises:
        BadInputError: packages are missing, or what is asked for doesn't go together.
        ExportError: the export answers something else than the model, and wasn't kept.
        CnnDesktopError: the file can't be written.
    """
    if form == "onnx":
        require_onnx()
    elif with_preprocessing:
        raise BadInputError(_("Only ONNX files can hold the preprocessing; a model file says it, and holds weights."))
    copy = _copied(model, path)
    seen = pictures or sample_pictures(SAMPLES)
    try:
        with atomic_path(path) as temporary:
            progress(0, 100)
            if form == "onnx":
                write_onnx(copy, temporary, with_preprocessing, lambda _done, _all: progress(0, 100))
                load_onnx(temporary)
                proofs = prove_onnx(copy, temporary, with_preprocessing, seen, _after_writing(progress))
            else:
                write_model(copy, temporary)
                proofs = [_prove_file(copy, temporary, seen, _after_writing(progress))]
            size = temporary.stat().st_size
    except (OSError, SafetensorError) as error:
        raise not_saved(model, path, error) from error
    return Exported(path, (path,), size, tuple(proofs))


def _copied(model: Model, path: Path) -> Model:
    """The model anew, on the CPU, as opening the file at `path` will give it, whatever else uses its tensors."""
    tensors = {
        name: tensor.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, tensor in model.module.state_dict().items()
    }
    return model_of(sealed_facts(model, tensors), tensors, path)


def _prove_file(model: Model, path: Path, pictures: Pictures, progress: Progress) -> Proof:
    known, written = (answering(Classifier(some, "cpu", "fp32")) for some in (model, load_model(path)))
    runtime = f"torch {torch.__version__}"
    return prove(_("Network"), runtime, known, written, in_batches(pictures), FP32_TOLERANCE, progress)


def _after_writing(progress: Progress) -> Progress:
    """Counts the proof as what is left of a hundred."""
    return lambda done, total: progress(_WRITING + (100 - _WRITING) * done // max(total, 1), 100)
