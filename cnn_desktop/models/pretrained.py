"""Published weights: where they lie, how they get there, how they become a model."""

from functools import partial
from pathlib import Path

from torch import nn

from cnn_desktop.core.download import fetch, proof_of
from cnn_desktop.core.errors import ModelError, listed, one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import pretrained_dir
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.models.architecture import Architecture, PretrainedWeights, find_architecture, require_pretrained
from cnn_desktop.models.fitting import fitted
from cnn_desktop.models.mapped_weights import MappedWeights
from cnn_desktop.models.model import Model
from cnn_desktop.models.state_dict import read_state_dict


def pretrained_is_present(name: str) -> bool:
    """Whether published weights of `name` lie in torch.hub's folder, so that nothing need be downloaded.

    Raises:
        BadInputError: no architecture has that name.
    """
    published = find_architecture(name).pretrained()
    return published is not None and _place(published).is_file()


def load_pretrained(name: str, progress: Progress = no_progress) -> Model:
    """The architecture `name` with ImageNet weights, ready to predict.

    The weights come from torch.hub's folder, where their hash is checked once, and to which they are downloaded first
    (`PretrainedWeights.bytes` says how much; `progress` counts the bytes). From the second time on a copy of them is
    mapped, as long as the file there isn't touched.

    Raises:
        BadInputError: no architecture has that name.
        ModelError: nothing is published for it, or the file can't be used, doesn't fit, or isn't what was published.
        DownloadError: the download failed.
    """
    architecture = find_architecture(name)
    published = require_pretrained(architecture)
    return Model(
        architecture=architecture.name,
        module=_published_module(architecture, published, progress),
        classes=published.classes,
        preprocessing=published.preprocessing,
        title=f"{architecture.title} · ImageNet",
        figures={"top1": published.top1, "top5": published.top5},
    )


def fetch_pretrained(name: str, progress: Progress = no_progress) -> Path:
    """Download the weights published for `name` where they are absent, and return their file.

    Raises:
        BadInputError, ModelError, DownloadError: as `load_pretrained`.
    """
    return _published_file(require_pretrained(find_architecture(name)), progress)


def remove_pretrained(name: str) -> None:
    """Remove the weights published for `name`, and what is there of them, from this machine.

    Raises:
        BadInputError: no architecture has that name.
        ModelError: nothing is published for it, or the file can't be removed.
    """
    published = require_pretrained(find_architecture(name))
    place = _place(published)
    try:
        _mapped(published).remove()
        for file in (place, place.with_name(f"{place.name}.part")):
            file.unlink(missing_ok=True)
    except OSError as error:
        text = _("“{file}” can't be removed: {reason}.")
        raise ModelError(text.format(file=place, reason=error.strerror or one_line(error))) from error


def pretrained_backbone(name: str, classes: int, progress: Progress = no_progress) -> nn.Module:
    """The architecture `name` with ImageNet weights and a fresh head for `classes`, in eval mode.

    Raises:
        BadInputError, ModelError, DownloadError: as `load_pretrained`.
    """
    module = load_pretrained(name, progress=progress).module
    find_architecture(name).replace_head(module, classes)
    return module


def _place(published: PretrainedWeights) -> Path:
    return pretrained_dir() / published.file_name


def _mapped(published: PretrainedWeights) -> MappedWeights:
    return MappedWeights(_place(published), published.sha256_prefix)


def _published_module(architecture: Architecture, published: PretrainedWeights, progress: Progress) -> nn.Module:
    size = published.preprocessing.height, published.preprocessing.width
    make = partial(architecture.build, len(published.classes), published.preprocessing.channels, size)
    copied = _mapped(published)
    if (weights := copied.read()) is not None:
        return fitted(make, weights, architecture.title, copied.file, are_finite=True)
    path = _published_file(published, progress)
    module = fitted(make, architecture.translated(read_state_dict(path)), architecture.title, path)
    copied.write(module.state_dict())
    return module


def _published_file(published: PretrainedWeights, progress: Progress) -> Path:
    place = _place(published)
    if not place.is_file():
        return fetch(published.urls, place, sha256=published.sha256_prefix, progress=progress)
    proof = proof_of(published.urls, sha256=published.sha256_prefix)
    if objection := proof.objection(place):
        message = _("“{file}” {objection} (its {hashes}); remove it, and it is downloaded again.")
        hashes = listed(map(str, proof.hashes))
        raise ModelError(message.format(file=place, objection=objection, hashes=hashes))
    return place
