"""Opening any model by what a person calls it; the one door to model files and published weights."""

from pathlib import Path

from cnn_desktop.core.errors import BadInputError, ModelError, listed
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import runs_dir
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.models.architecture import Architecture, architectures, find_architecture
from cnn_desktop.models.described import architecture_of, require_same
from cnn_desktop.models.design.store import has_design
from cnn_desktop.models.foreign import foreign_model
from cnn_desktop.models.model import Model
from cnn_desktop.models.model_file import SUFFIX, is_model_file, load_model, save_model, save_temperature
from cnn_desktop.models.pretrained import (
    fetch_pretrained,
    load_pretrained,
    pretrained_backbone,
    pretrained_is_present,
    remove_pretrained,
)
from cnn_desktop.models.state_dict import read_state_dict
from cnn_desktop.models.zoo.families import family_of
from cnn_desktop.models.zoo.networks import near_names, zoo_names

__all__ = [
    "fetch_pretrained",
    "load_model",
    "load_pretrained",
    "model_file_of",
    "names_network",
    "open_model",
    "pretrained_backbone",
    "pretrained_is_present",
    "read_state_dict",
    "remove_pretrained",
    "save_model",
    "save_temperature",
    "snapshot_files",
]

RUN_MODEL = f"model{SUFFIX}"
RUN_SNAPSHOTS = "snapshots"
"""The folder of a run in which its states along the way lie, each a model file named by its step."""
_ONNX = ".onnx"


def open_model(ref: str, weights: Path | None = None, progress: Progress = no_progress) -> Model:
    """The model that `ref` names: a pretrained network, a run folder (or its name among the runs), a file of any kind.

    Files are ours, ONNX that we wrote, or anybody's weights, whose network is told by their tensors.

    Args:
        ref: as `vgg16`, `resnet50:IMAGENET1K_V1`, or a path.
        weights: a file of weights for the network that `ref` names, used instead of the published ones.
        progress: counts the bytes of a download.

    Raises:
        BadInputError: `weights` doesn't go with `ref`.
        ModelError: `ref` names nothing (near names are listed), or the file can't be used.
        DownloadError: published weights could not be downloaded.
    """
    if names_network(ref):
        if weights is None:
            return load_pretrained(ref, progress)
        return _given_weights(find_architecture(ref), weights, progress)
    path = _existing(ref)
    if path is None:
        raise _unknown(ref)
    if weights is not None:
        raise BadInputError(
            _("A file of weights goes with the name of a network such as “vgg16”, not with “{ref}”.").format(ref=ref)
        )
    if path.is_dir():
        return load_model(_model_of_run(path))
    return _from_file(path, progress)


def names_network(ref: str) -> bool:
    """Whether `ref` is the name of a network that is known here, with or without the name of its weights."""
    name = ref.partition(":")[0]
    # The look of a name is asked first: the list of all of them takes torchvision's slow import.
    return name in architectures or has_design(name) or (family_of(name) is not None and name in zoo_names())


def model_file_of(ref: str) -> Path | None:
    """The model file of this program that `ref`, or the run that it names, has; None where it names anything else."""
    path = None if names_network(ref) else _existing(ref)
    if path is None:
        return None
    file = path / RUN_MODEL if path.is_dir() else path
    return file if is_model_file(file) else None


def _given_weights(architecture: Architecture, file: Path, progress: Progress) -> Model:
    if not is_model_file(file):
        return foreign_model(file, architecture, progress)
    model = load_model(file)
    require_same(architecture_of(model), architecture, file, _("open it without the name of a network"))
    return model


def _from_file(path: Path, progress: Progress) -> Model:
    if path.suffix.lower() == _ONNX:
        from cnn_desktop.models.onnx_file import load_onnx  # noqa: PLC0415  few need it

        return load_onnx(path)
    if path.suffix == SUFFIX or is_model_file(path):
        return load_model(path)
    return foreign_model(path, progress=progress)


def snapshot_files(run_dir: Path) -> list[Path]:
    """The states that a run kept along the way, by step; none where there is no such folder."""
    return sorted((run_dir / RUN_SNAPSHOTS).glob(f"step-*{SUFFIX}"), key=lambda file: (len(file.name), file.name))


def _model_of_run(folder: Path) -> Path:
    """What the run ended with; while it goes on, the newest of its snapshots."""
    ended = folder / RUN_MODEL
    files = [ended] if ended.is_file() else snapshot_files(folder)
    if not files:
        raise ModelError(
            _("“{folder}” holds no model ({file}): its run hasn't ended, or it is no run folder.").format(
                folder=folder, file=RUN_MODEL
            )
        )
    return files[-1]


def _existing(ref: str) -> Path | None:
    try:
        return next((path for path in (Path(ref).expanduser(), runs_dir() / ref) if ref and path.exists()), None)
    except (OSError, ValueError, RuntimeError):  # a name that no file system takes, or ~somebody
        return None


def _unknown(ref: str) -> ModelError:
    if any(sign in ref for sign in "/\\.~"):
        return ModelError(_("There is no model “{ref}”: no such file or folder.").format(ref=ref))
    near = near_names(ref)
    if near:
        return ModelError(_("There is no model “{ref}”; did you mean {near}?").format(ref=ref, near=listed(near)))
    pretrained = [name for name in architectures if architectures[name].pretrained() is not None]
    return ModelError(
        _("There is no model “{ref}”: name a run folder, a model file, or a network such as {names}.").format(
            ref=ref, names=listed(pretrained)
        )
    )
