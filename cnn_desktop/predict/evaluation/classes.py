"""Whether a model and a dataset mean the same by their classes."""

from collections import Counter

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.data.dataset import Dataset

_SHOWN = 3
"""So many differences stand in a sentence."""


def class_differences(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    """Where a model's classes (`ours`) are not a dataset's (`theirs`), each as part of a sentence.

    Lists of one length are compared place by place, others by name: one class more in the middle is one difference.
    """
    if len(ours) == len(theirs):
        text = _("class {index} is “{ours}” to the model and “{theirs}” in the dataset")
        pairs = enumerate(zip(ours, theirs, strict=True))
        return tuple(text.format(index=place, ours=a, theirs=b) for place, (a, b) in pairs if a != b)
    more_ours, more_theirs = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
    return (
        *(_("only the dataset has “{name}”").format(name=name) for name in more_theirs),
        *(_("only the model knows “{name}”").format(name=name) for name in more_ours),
    )


def check_classes(title: str, classes: tuple[str, ...], dataset: Dataset) -> None:
    """Refuse a dataset whose classes are not those of the model called `title`, or stand in another order.

    Raises:
        ModelError: they differ; the sentence names the first differences.
    """
    differences = class_differences(classes, dataset.classes)
    if not differences:
        return
    if len(classes) != len(dataset.classes):
        text = _(
            "“{model}” knows {ours} classes and “{dataset}” has {theirs} ({first}): "
            "choose a model trained on this dataset."
        )
    elif Counter(classes) == Counter(dataset.classes):
        text = _("“{model}” has the classes of “{dataset}” in another order, in {count} places: {first}.")
    else:
        text = _("The classes of “{model}” and “{dataset}” differ in {count} places: {first}.")
    raise ModelError(
        text.format(
            model=title,
            dataset=dataset.title,
            ours=len(classes),
            theirs=len(dataset.classes),
            count=len(differences),
            first="; ".join(differences[:_SHOWN]),
        )
    )
