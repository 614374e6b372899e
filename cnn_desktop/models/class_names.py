"""The names of a foreign model's classes: from its own file, from a list beside it, or ImageNet's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _

_KEYS = (
    "classes",
    "class_names",
    "labels",
    "names",
    "categories",
    "id2label",
    "idx_to_class",
    "class_to_idx",
    "label2id",
)
"""Under which other programs keep the names: as a list, by number, or numbers by name."""

_LISTS = ("classes.txt", "classes.json")
_LIST_LIMIT = 4 * 2**20
"""Bytes of a list of names; ImageNet's takes 20 kB."""

IMAGENET_CLASSES = 1000


@dataclass(frozen=True)
class ClassNames:
    """One name a class, in the order of the network's answers, and a sentence about where they are from."""

    names: tuple[str, ...]
    origin: str


def class_names(path: Path, facts: Mapping[str, Any], count: int) -> ClassNames:
    """The names of `count` classes for the weights in `path`, whose other contents are `facts`.

    Raises:
        ModelError: the file, or the list beside it, names another number of classes, or the list can't be read.
    """
    for key in _KEYS:
        names = _names(facts.get(key))
        if names:
            _check_count(path, names, count)
            return ClassNames(names, _("The class names are the file’s own."))
    for place in (path.with_name(name) for name in _LISTS):
        if place.is_file():
            names = _listed_in(place)
            _check_count(place, names, count)
            return ClassNames(names, _("The class names are from {file} beside it.").format(file=place.name))
    if count == IMAGENET_CLASSES:
        return ClassNames(_imagenet(), _("Its 1,000 classes are taken to be ImageNet’s."))
    numbered = tuple(_("class {number}").format(number=number) for number in range(count))
    origin = _("It doesn’t name its {count} classes: put a {list} beside it, a name a line in the order of training.")
    return ClassNames(numbered, origin.format(count=count, list=_LISTS[0]))


def _check_count(place: Path, names: tuple[str, ...], count: int) -> None:
    if len(names) != count:
        text = _(
            "“{file}” names {named} classes, but the network answers {count}: give it a {list} with {count} names, in "
            "the order of training."
        )
        raise ModelError(text.format(file=place, named=len(names), count=count, list=_LISTS[0]))


def _names(value: Any) -> tuple[str, ...]:
    """Names in order, out of the ways in which programs write them; nothing where it is none of these."""
    if isinstance(value, str):
        return _names(_parsed(value))
    if isinstance(value, list | tuple) and all(isinstance(name, str) for name in value):
        return tuple(value)
    if not isinstance(value, Mapping):
        return ()
    by_number = _numbered(value) or _numbered({number: name for name, number in value.items() if _is_number(number)})
    return tuple(by_number[number] for number in sorted(by_number))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _numbered(value: Mapping[Any, Any]) -> dict[int, str]:
    """Names by number, where the numbers are 0, 1, 2… and nothing else is in it."""
    numbered = {int(key): name for key, name in value.items() if _is_number(key) and isinstance(name, str)}
    return numbered if set(numbered) == set(range(len(value))) else {}


def _is_number(key: Any) -> bool:
    return (isinstance(key, int) and not isinstance(key, bool)) or (isinstance(key, str) and key.isdecimal())


def _listed_in(place: Path) -> tuple[str, ...]:
    try:
        if place.stat().st_size > _LIST_LIMIT:
            raise ValueError(_("it is too long for a list of names"))
        text = place.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ModelError(
            _("“{file}” can't be read as a list of classes: {reason}.").format(file=place, reason=reason)
        ) from error
    names = (
        _names(text) if place.suffix == ".json" else tuple(line.strip() for line in text.splitlines() if line.strip())
    )
    if not names:
        raise ModelError(
            _("“{file}” is no list of classes: it takes a name a line, or as JSON a list of names.").format(file=place)
        )
    return names


def _imagenet() -> tuple[str, ...]:
    from torchvision.models._meta import _IMAGENET_CATEGORIES  # noqa: PLC0415  slow

    return tuple(_IMAGENET_CATEGORIES)
