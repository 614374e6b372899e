"""Proof that a prediction script answers as its model does: it is run on picture files."""

import importlib.util
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import torch
from PIL import Image

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress
from cnn_desktop.data.decoding import read_pixels
from cnn_desktop.models.model import Model
from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.export.proof import FP32_TOLERANCE, Answering, Pictures, Proof, in_batches, prove


def prove_script(model: Model, script: Path, pictures: Pictures, progress: Progress) -> Proof:
    """Let the script at `script`, beside its model file, and `model` read and answer the same files.

    Raises:
        ExportError: the answers differ.
    """
    classifier = Classifier(model, "cpu", "fp32")
    predictor = loaded(script).Predictor()

    def known(file: Path) -> torch.Tensor:
        pixels = np.ascontiguousarray(read_pixels(file, model.preprocessing))
        return classifier.logits(torch.from_numpy(pixels)[None])[0]

    runtime = f"torch {torch.__version__}"
    batches = in_batches(pictures)
    return prove(
        _("Prediction script"),
        runtime,
        on_files(known),
        on_files(predictor.logits),
        batches,
        FP32_TOLERANCE,
        progress,
    )


def loaded(script: Path) -> ModuleType:
    """The script as a module that nobody else knows; as it isn't called `__main__`, it only defines."""
    specification = importlib.util.spec_from_file_location(script.stem, script)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def on_files(answer: Callable[[Path], torch.Tensor]) -> Answering:
    """What looks at files as what looks at pictures; every other one is a JPEG."""

    def answers(pictures: Pictures) -> np.ndarray:
        rows: list[np.ndarray] = []
        with tempfile.TemporaryDirectory(prefix="cnn-desktop-") as folder:
            for number, picture in enumerate(pictures):
                file = Path(folder) / f"{number}.{'jpg' if number % 2 else 'png'}"
                Image.fromarray(picture).save(file)
                rows.append(answer(file).numpy())
        return np.stack(rows)

    return answers
