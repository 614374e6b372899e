"""Running an ONNX file with onnxruntime, to see whether it answers as its model does."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from cnn_desktop.core.errors import ExportError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress
from cnn_desktop.data.pictures import normalize
from cnn_desktop.models.model import Model
from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.export.proof import (
    FP32_TOLERANCE,
    RESIZED_TOLERANCE,
    Answering,
    Pictures,
    Proof,
    answering,
    as_pixels,
    in_batches,
    prove,
)
from cnn_desktop.predict.export.tracing import LOGITS

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_ERRORS_ONLY = 3
"""onnxruntime's level of talking; it warns of what a reader may think about, but not of what is wrong."""

_WORDS = 400
"""Characters of its errors that are passed on."""


def prove_onnx(
    model: Model, path: Path, with_preprocessing: bool, pictures: Pictures, progress: Progress
) -> list[Proof]:
    """Let `model` and the ONNX file at `path` look at `pictures`.

    Where the graph holds the preprocessing, they look twice: at pictures of the size to which it resizes, which must
    answer as exactly as ever, and at all as they are, with a tolerance of its own.

    Raises:
        ExportError: onnxruntime refuses the file, or the answers differ.
    """
    known = answering(Classifier(model, "cpu", "fp32"))
    with _refusals_as_errors():
        session = _session(path)
        if not with_preprocessing:
            network = _of_tensors(session, model.preprocessing)
            batches = in_batches(pictures)
            return [prove(_("Network"), _runtime(), known, network, batches, FP32_TOLERANCE, progress)]
        whole = _of_pictures(session)
        ready = in_batches([_resized(picture, model.preprocessing) for picture in pictures])
        alone = [[picture] for picture in pictures]  # of any size, and so no batch
        first, second = _halves(progress)
        return [
            prove(_("Network"), _runtime(), known, whole, ready, FP32_TOLERANCE, first),
            prove(_("Network with preprocessing"), _runtime(), known, whole, alone, RESIZED_TOLERANCE, second),
        ]


def _halves(progress: Progress) -> tuple[Progress, Progress]:
    """What counts the first half of the work, and the second."""
    return (
        lambda done, total: progress(done, 2 * total),
        lambda done, total: progress(done + total, 2 * total),
    )


@contextmanager
def _refusals_as_errors() -> Generator[None]:
    from onnxruntime.capi import onnxruntime_pybind11_state as raised  # noqa: PLC0415  # pyright: ignore[reportAttributeAccessIssue]

    try:
        yield
    except (
        raised.Fail,
        raised.InvalidArgument,
        raised.InvalidGraph,
        raised.NotImplemented,
        raised.RuntimeException,
    ) as error:
        text = _("The export failed: {runtime} can't run what was written ({reason}).")
        raise ExportError(text.format(runtime=_runtime(), reason=one_line(error)[:_WORDS])) from error


def _session(path: Path) -> "InferenceSession":
    import onnxruntime  # noqa: PLC0415  an extra

    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ERRORS_ONLY
    # Its threads would keep turning between two pictures, at the cost of a training beside it.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _runtime() -> str:
    import onnxruntime  # noqa: PLC0415  an extra

    return f"onnxruntime {onnxruntime.__version__}"


def _of_tensors(session: "InferenceSession", preprocessing: Preprocessing) -> Answering:
    """The graph behind this program's preprocessing."""

    def answer(pictures: Pictures) -> np.ndarray:
        return _run(session, normalize(as_pixels(pictures, preprocessing), preprocessing).numpy())

    return answer


def _of_pictures(session: "InferenceSession") -> Answering:
    """The graph alone; the pictures of a batch are of one size."""
    return lambda pictures: _run(session, np.stack(pictures))


def _run(session: "InferenceSession", values: np.ndarray) -> np.ndarray:
    (logits,) = session.run([LOGITS], {session.get_inputs()[0].name: np.ascontiguousarray(values)})
    return np.asarray(logits)


def _resized(picture: np.ndarray, preprocessing: Preprocessing) -> np.ndarray:
    """`picture` at the size from which nothing is resized any more."""
    shorter = preprocessing.shorter_side if preprocessing.resize == "crop" else None
    size = (shorter, shorter) if shorter else (preprocessing.width, preprocessing.height)
    return np.array(Image.fromarray(picture).resize(size))
