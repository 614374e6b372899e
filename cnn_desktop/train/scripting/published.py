"""How a script reads the datasets that this program knows by name: torchvision's in its way, the others as here."""

from cnn_desktop.core.errors import ExportError
from cnn_desktop.core.language import _
from cnn_desktop.data.dataset import Dataset, datasets
from cnn_desktop.data.published.cifar import CifarSource
from cnn_desktop.data.published.idx import IdxSource
from cnn_desktop.data.sets import digits, xo
from cnn_desktop.data.splits import stratified
from cnn_desktop.models.source import Bundle

_IDX = '''\
def published(train: bool) -> Pictures:
    """The pictures as they were published; downloaded where they aren't there."""
    found = torchvision.datasets.{name}(DATA, train=train, download=True)
    return Pictures(found.data[..., None], found.targets)'''

_CIFAR = '''\
def published(train: bool) -> Pictures:
    """The pictures as they were published; downloaded where they aren't there."""
    found = torchvision.datasets.{name}(DATA, train=train, download=True)
    return Pictures(torch.from_numpy(found.data), torch.tensor(found.targets))'''

_DIGITS = '''\
def published(train: bool) -> Pictures:
    """The digits that scikit-learn brings, of which a fifth is for testing: pip install scikit-learn."""
    brightness, labels = load_digits(return_X_y=True)
    images = np.rint(brightness.reshape(-1, 8, 8, 1) * (255 / {brightest})).astype(np.uint8)
    chosen = stratified(labels, {part}, {seed})[0 if train else 1]
    return Pictures(torch.from_numpy(images[chosen]), torch.from_numpy(labels[chosen]).long())'''

_XO = '''\
def published(train: bool) -> Pictures:
    """Crosses and noughts, drawn here."""
    images, labels = drawn({size}, ({train}, {test}), {seed})
    part = slice(0, {train}) if train else slice({train}, None)
    return Pictures(torch.from_numpy(images[part]), torch.from_numpy(labels[part]))'''


def is_on_disk(dataset: Dataset) -> bool:
    """Whether the script has to be told where the dataset lies."""
    return dataset.name in datasets and bool(datasets[dataset.name].folder)


def add_published(bundle: Bundle, dataset: Dataset) -> None:
    """Take in `published(train)`, the `Pictures` of a registered dataset as they were published.

    Raises:
        ExportError: nothing but this program can read it.
    """
    source = datasets[dataset.name]
    if isinstance(source, IdxSource):
        bundle.need("import torchvision")
        text = _IDX.format(name=source.folder)
    elif isinstance(source, CifarSource):
        bundle.need("import torchvision")
        text = _CIFAR.format(name=source.name.upper())
    elif source.name == "digits":
        bundle.need("import numpy as np", "from sklearn.datasets import load_digits")
        bundle.add(stratified)
        text = _DIGITS.format(brightest=digits.BRIGHTEST, part=digits.TEST_PART, seed=digits.SPLIT_SEED)
    elif source.name == "xo":
        bundle.add(xo.drawn)
        text = _XO.format(size=xo.SIZE, train=xo.TRAIN, test=xo.TEST, seed=xo.SEED)
    else:
        sentence = _("A script can't read {dataset}: only this program knows how.")
        raise ExportError(sentence.format(dataset=dataset.title))
    bundle.write("published", text)
