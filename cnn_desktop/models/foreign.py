"""Models out of files that other programs wrote: weights without a word about network, classes or pictures."""

from functools import partial
from pathlib import Path

from cnn_desktop.core.language import _
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.models.architecture import Architecture, PretrainedWeights, at_side, find_architecture
from cnn_desktop.models.class_names import IMAGENET_CLASSES, class_names
from cnn_desktop.models.fitting import fitted
from cnn_desktop.models.model import Model
from cnn_desktop.models.recognition import Recognised, fit, head_size, recognise
from cnn_desktop.models.state_dict import Checkpoint, read_checkpoint
from cnn_desktop.models.torchvision_architecture import TorchvisionArchitecture
from cnn_desktop.models.unknown_network import unknown_network
from cnn_desktop.models.zoo.networks import weights_of


def foreign_model(path: Path, architecture: Architecture | None = None, progress: Progress = no_progress) -> Model:
    """The model whose weights are in `path`, a `.pt`, `.pth` or `.safetensors` file of any program.

    Its network is `architecture`, or told by the tensors; its class names are looked for in the file and beside it; how
    pictures are prepared is supposed. `Model.assumptions` says all that.

    Raises:
        MisfitError: the tensors are of no known network, or not of `architecture`.
        ModelError: the file can't be used, or the list of class names doesn't go with it.
    """
    checkpoint = read_checkpoint(path)
    recognised = _recognised(checkpoint, path, architecture, progress)
    found, side = recognised.architecture, recognised.side
    names = class_names(path, checkpoint.facts, recognised.classes)
    make = partial(found.build, recognised.classes, recognised.channels, (side, side))
    preprocessing, sentence = _preprocessing(recognised, path)
    told = _("Its tensors are those of {title}.").format(title=found.title)
    return Model(
        architecture=found.name,
        design=found.design,
        module=fitted(make, recognised.weights, found.title, path),
        classes=names.names,
        preprocessing=preprocessing,
        title=f"{found.title} · {path.name}",
        assumptions=(*(() if architecture else (told,)), names.origin, sentence),
    )


def _recognised(
    checkpoint: Checkpoint, path: Path, architecture: Architecture | None, progress: Progress
) -> Recognised:
    if architecture is None:
        found = recognise(checkpoint.weights, progress)
        if found is None:
            raise unknown_network(checkpoint.weights, path, progress)
        return found
    recognised = fit(architecture, checkpoint.weights)
    if recognised is not None:
        return recognised
    # It doesn't fit, and `fitted` will say where.
    weights = architecture.translated(checkpoint.weights)
    classes = head_size(architecture, weights) or IMAGENET_CLASSES
    return Recognised(architecture, classes, 3, architecture.preferred_size, weights)


def _preprocessing(recognised: Recognised, path: Path) -> tuple[Preprocessing, str]:
    """How pictures are prepared for such a network, most likely, and a sentence that says so."""
    side = recognised.side
    published = _published(recognised, path)
    if published is None or recognised.channels != 3:
        text = _("Pictures are stretched to {side}×{side}, their pixels divided by 255; the file doesn’t say how.")
        return Preprocessing.unit_range(side, side, recognised.channels), text.format(side=side)
    facts = at_side(published.preprocessing, side)
    text = _(
        "Pictures are prepared as for the published weights (shorter side {shorter}, centre {side}×{side}, ImageNet’s "
        "mean and deviation); the file doesn’t say how."
    )
    return facts, text.format(shorter=facts.shorter_side, side=side)


def _published(recognised: Recognised, path: Path) -> PretrainedWeights | None:
    """The published weights that `path` is most like: of the same file name, else of the same size of pictures."""
    architecture = recognised.architecture
    if not isinstance(architecture, TorchvisionArchitecture):
        return None
    usual = architecture.pretrained()
    others = [
        find_architecture(f"{architecture.name}:{weights}").pretrained() for weights in weights_of(architecture.name)
    ]
    known = [facts for facts in (usual, *others) if facts is not None]
    named = [facts for facts in known if facts.file_name == path.name]
    sized = [facts for facts in known if facts.preprocessing.height == recognised.side]
    return next(iter([*named, *sized, *known]), None)
