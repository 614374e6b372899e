"""Folders as classes: class folders, nested to any depth, or split folders with these in them."""

import os
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from cnn_desktop.core.errors import listed
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.path_text import shown
from cnn_desktop.data.dataset import SPLIT_NAMES, Skipped, SplitName
from cnn_desktop.data.images import is_image_name
from cnn_desktop.data.importing.labelled import Labelled, shown_below, split_word
from cnn_desktop.data.walking import Found, natural_key, natural_text_key


def understand_folders(folder: Path, found: Found) -> Labelled:
    """Take the names of folders for classes and splits; nothing is opened.

    A single folder around everything, as zip files have it, is looked through.
    """
    places = {place: [name for name in names if is_image_name(name)] for place, names in found.folders.items()}
    base = _look_through(folder, places)
    below = {place.relative_to(base).parts: place for place in places if place.is_relative_to(base)}
    has_splits = _has_splits(parts for parts, place in below.items() if places[place])
    labelled = Labelled(_rule(base, below, has_splits=has_splits))
    class_folders: set[str] = set()
    loose: list[str] = []
    for parts in sorted(below, key=lambda parts: natural_key(Path(*parts))):
        start = os.path.join(below[parts], "")  # noqa: PTH118 - with the separator at its end
        files = [start + name for name in places[below[parts]]]
        split, label = _meaning(parts, has_splits)
        if split and label:
            class_folders.add(label)
            labelled.pictures[split][label] += files
        else:
            loose += files
    filled = {label for split in labelled.pictures.values() for label in split if split[label]}
    for name in sorted(class_folders - filled, key=natural_text_key):
        labelled.notices.append(_("The class {name} has no pictures and is left out.").format(name=name))
    reason = _("lies outside of the class folders")
    labelled.skipped += [Skipped(shown_below(folder, file), reason) for file in loose]
    labelled.loose = len(loose)
    if loose:
        text = ngettext(
            "{count} picture outside of the class folders is left out.",
            "{count} pictures outside of the class folders are left out.",
            len(loose),
        )
        labelled.notices.append(text.format(count=len(loose)))
    return labelled


def class_name(text: str) -> str:
    """One spelling for what macOS and Linux write as different bytes; bytes that aren't UTF-8 as Latin letters."""
    content = os.fsencode(text)
    try:
        decoded = content.decode()
    except UnicodeDecodeError:
        decoded = content.decode("latin-1")
    return unicodedata.normalize("NFC", decoded)


def _look_through(folder: Path, places: Mapping[Path, list[str]]) -> Path:
    """The folder that holds the class or split folders: `folder`, or the only one in it, or the only one in that."""
    parts = [place.relative_to(folder).parts for place, names in places.items() if names]
    depth = 0
    for names in zip(*parts, strict=False):
        if split_word(names[0]):
            return folder.joinpath(*parts[0][:depth])
        if len(set(names)) > 1:
            break
        depth += 1
    below = {part[depth] for part in parts if len(part) > depth}
    return folder.joinpath(*parts[0][:depth]) if len(below) > 1 else folder


def _has_splits(places: Iterable[tuple[str, ...]]) -> bool:
    """Whether the folders at the top are splits: train is among those with folders in them, or there are no others."""
    known = [parts for parts in places if parts]
    with_folders = {split_word(parts[0]) for parts in known if len(parts) > 1}
    return "train" in with_folders or (bool(known) and all(split_word(parts[0]) for parts in known))


def _meaning(parts: tuple[str, ...], has_splits: bool) -> tuple[SplitName | None, str | None]:
    """The split and the class of the pictures in a folder."""
    if not has_splits:
        return "train", class_name(parts[0]) if parts else None
    split = split_word(parts[0]) if parts else None
    return split, class_name(parts[1]) if len(parts) > 1 else None


def _rule(base: Path, below: Iterable[tuple[str, ...]], *, has_splits: bool) -> str:
    place = shown(Path(base.name or base))
    if not has_splits:
        return _("Each folder in {place} is a class, with all that lies in it.").format(place=place)
    splits = sorted({parts[0] for parts in below if parts and split_word(parts[0])}, key=_order_of_split)
    text = ngettext(
        "The folder {names} in {place} is a split, and each folder in it is a class.",
        "The folders {names} in {place} are the splits, and each folder in them is a class.",
        len(splits),
    )
    return text.format(names=listed(splits), place=place)


def _order_of_split(word: str) -> int:
    split = split_word(word)
    return -1 if split is None else SPLIT_NAMES.index(split)
