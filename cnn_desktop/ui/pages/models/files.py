"""Which files hold a model, told by their names: asked of every file that is dropped, so the disk is spared."""

from pathlib import Path

from cnn_desktop.core.language import _

_RUN_MODEL = "model.cnnmodel"  # the layers that write it import torch, which comes after the first paint
_SUFFIXES = (".cnnmodel", ".safetensors", ".pth", ".pt", ".onnx")

MODEL_FILTER = _("Models and weights ({patterns});;All files (*)").format(
    patterns=" ".join(f"*{suffix}" for suffix in _SUFFIXES)
)
"""For the dialog that opens a file."""


def is_model_file(path: Path) -> bool:
    """Whether `path` is named as a model or a file of weights is, or is the folder of a run that has a model."""
    return path.suffix.lower() in _SUFFIXES or (path / _RUN_MODEL).is_file()
