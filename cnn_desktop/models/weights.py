"""Opening any model by what a person calls it; the one door to model files and published weights."""

from difflib import get_close_matches
from pathlib import Path

from cnn_desktop.core.errors import BadInputError, ModelError, listed
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import runs_dir
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.models.architecture import architectures
from cnn_desktop.models.model import Model
from cnn_desktop.models.model_file import SUFFIX, load_model, save_model
from cnn_desktop.models.pretrained import load_pretrained, pretrained_backbone, pretrained_is_present
from cnn_desktop.models.state_dict import read_state_dict

__all__ = [
    "load_model",
    "load_pretrained",
    "open_model",
    "pretrained_backbone",
    "pretrained_is_present",
    "read_state_dict",
    "save_model",
]

RUN_MODEL = f"model{SUFFIX}"


def open_model(ref: str, weights: Path | None = None, progress: Progress = no_progress) -> Model:
    """The model that `ref` names: a pretrained architecture, a run folder (or its name among the runs), a model file.

    `weights` is a file of weights for a pretrained architecture, used instead of the published ones.

    Raises:
        BadInputError: `weights` doesn't go with `ref`.
        ModelError: `ref` names nothing (near names are listed), or the file can't be used.
        DownloadError: published weights could not be downloaded.
    """
    if ref in architectures:
        return load_pretrained(ref, weights, progress)
    path = _existing(ref)
    if path is None:
        raise _unknown(ref)
    if weights is not None:
        raise BadInputError(
            _("A file of weights goes with the name of a network such as “vgg16”, not with “{ref}”.").format(ref=ref)
        )
    if not path.is_dir():
        return load_model(path)
    if not (path / RUN_MODEL).is_file():
        raise ModelError(
            _("“{folder}” holds no model ({file}): its run hasn't ended, or it is no run folder.").format(
                folder=path, file=RUN_MODEL
            )
        )
    return load_model(path / RUN_MODEL)


def _existing(ref: str) -> Path | None:
    try:
        return next((path for path in (Path(ref).expanduser(), runs_dir() / ref) if ref and path.exists()), None)
    except (OSError, ValueError, RuntimeError):  # a name that no file system takes, or ~somebody
        return None


def _unknown(ref: str) -> ModelError:
    if any(sign in ref for sign in "/\\.~"):
        return ModelError(_("There is no model “{ref}”: no such file or folder.").format(ref=ref))
    pretrained = [name for name in architectures if architectures[name].pretrained() is not None]
    near = get_close_matches(ref.lower(), pretrained, n=3, cutoff=0.5)
    if near:
        return ModelError(_("There is no model “{ref}”; did you mean {near}?").format(ref=ref, near=listed(near)))
    return ModelError(
        _("There is no model “{ref}”: name a run folder, a model file, or one of {names}.").format(
            ref=ref, names=listed(pretrained)
        )
    )
