"""What a folder of pictures means as a dataset: which classes, which splits, and what was left out."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cnn_desktop.core.errors import DatasetError, listed
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import SplitName, split_title
from cnn_desktop.data.images import is_image_name, shown
from cnn_desktop.data.walking import Found, natural_key, natural_text_key, walk

_SPLIT_FOLDERS: dict[str, SplitName] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
}

_NAMED = 5
"""So many files are named in a notice; the rest is counted."""

Pictures = Mapping[SplitName, Mapping[str, tuple[Path, ...]]]


@dataclass(frozen=True)
class Layout:
    """A folder read as a dataset; nothing is opened, names decide."""

    folder: Path
    classes: tuple[str, ...]
    """Those with pictures in any split, in natural order."""
    pictures: Pictures
    """By split, then by class; a folder without split folders is all `train`."""
    notices: tuple[str, ...]
    loose: int
    """Pictures outside of class folders, left out."""

    def require_classes(self) -> None:
        """Refuse what can't be trained on.

        Raises:
            DatasetError: fewer than two classes of training pictures; says what was found and what is expected.
        """
        training = self.pictures.get("train", {})
        if len(training) >= 2:
            return
        raise DatasetError(
            _(
                "{folder} {found}; expected is a folder for each class, such as {first} and {second}, "
                "either directly in it or in train, val and test."
            ).format(
                folder=shown(self.folder),
                found=self._found(training),
                first=shown(self.folder / "cats"),
                second=shown(self.folder / "dogs"),
            )
        )

    def _found(self, training: Mapping[str, tuple[Path, ...]]) -> str:
        if training:
            name, pictures = next(iter(training.items()))
            return _("has training pictures of one class only ({name}: {count})").format(name=name, count=len(pictures))
        if self.classes:
            return _("has pictures in {splits} but none in train").format(splits=listed(self.pictures))
        if self.loose:
            return _("has {count} pictures but no class folders").format(count=self.loose)
        return _("has no pictures")


def read_layout(folder: Path, progress: Progress = no_progress) -> Layout:
    """Find classes and splits in `folder`: class folders (nested to any depth), or split folders with these in them.

    A single folder around everything, as zip files have it, is looked through.

    Raises:
        DatasetError: there is no such folder, or it can't be listed.
    """
    try:
        found = walk(folder, progress)
    except OSError as error:
        message = _("{folder} can't be read as a folder of pictures: {reason}.")
        raise DatasetError(message.format(folder=shown(folder), reason=error.strerror or error)) from error
    places = {place: [name for name in found.folders[place] if is_image_name(name)] for place in found.folders}
    base = _look_through(folder, places)
    below = {place.relative_to(base).parts: place for place in places if place.is_relative_to(base)}
    has_splits = _has_splits(parts for parts, place in below.items() if places[place])
    grouped: dict[SplitName, dict[str, list[Path]]] = defaultdict(lambda: defaultdict(list))
    class_folders: set[str] = set()
    loose = 0
    for parts in sorted(below, key=lambda parts: natural_key(Path(*parts))):
        place = below[parts]
        split, label = _meaning(parts, has_splits)
        if split and label:
            class_folders.add(label)
            grouped[split][label] += [place / name for name in places[place]]
        else:
            loose += len(places[place])
    pictures = _ordered(grouped)
    classes = tuple(sorted({label for split in pictures.values() for label in split}, key=natural_text_key))
    empty = sorted(class_folders - set(classes), key=natural_text_key)
    others = sum(map(len, found.folders.values())) - sum(map(len, places.values()))
    notices = (*_class_notices(pictures, classes, empty), *_file_notices(found, others, loose))
    return Layout(folder, classes, pictures, notices, loose)


def _look_through(folder: Path, places: Mapping[Path, list[str]]) -> Path:
    """The folder that holds the class or split folders: `folder`, or the only one in it, or the only one in that."""
    parts = [place.relative_to(folder).parts for place, names in places.items() if names]
    depth = 0
    for names in zip(*parts, strict=False):
        if names[0].casefold() in _SPLIT_FOLDERS:
            return folder.joinpath(*parts[0][:depth])
        if len(set(names)) > 1:
            break
        depth += 1
    below = {part[depth] for part in parts if len(part) > depth}
    return folder.joinpath(*parts[0][:depth]) if len(below) > 1 else folder


def _has_splits(places: Iterable[tuple[str, ...]]) -> bool:
    """Whether the folders at the top are splits: train is among them, or nothing else is."""
    names = {parts[0].casefold() for parts in places if len(parts) > 1}
    known = {_SPLIT_FOLDERS[name] for name in names if name in _SPLIT_FOLDERS}
    return "train" in known or bool(known and names <= _SPLIT_FOLDERS.keys())


def _meaning(parts: tuple[str, ...], has_splits: bool) -> tuple[SplitName | None, str | None]:
    """The split and the class of the pictures in a folder."""
    if not has_splits:
        return "train", _class_name(parts[0]) if parts else None
    split = _SPLIT_FOLDERS.get(parts[0].casefold()) if parts else None
    return split, _class_name(parts[1]) if len(parts) > 1 else None


def _class_name(part: str) -> str:
    # One spelling for what macOS and Linux write as different bytes.
    return unicodedata.normalize("NFC", shown(Path(part)))


def _ordered(grouped: Mapping[SplitName, Mapping[str, list[Path]]]) -> Pictures:
    """Splits and classes that have pictures, in the order in which a person would list them."""
    filled: dict[SplitName, dict[str, tuple[Path, ...]]] = {}
    for split in dict.fromkeys(_SPLIT_FOLDERS.values()):
        by_class = grouped.get(split, {})
        labels = [label for label in sorted(by_class, key=natural_text_key) if by_class[label]]
        if labels:
            filled[split] = {label: tuple(by_class[label]) for label in labels}
    return filled


def _class_notices(pictures: Pictures, classes: tuple[str, ...], empty: list[str]) -> list[str]:
    notices = [_("The class {name} has no pictures and is left out.").format(name=name) for name in empty]
    for split, by_class in pictures.items():
        missing = [name for name in classes if name not in by_class]
        if missing:
            notices.append(
                _("There are no {split} pictures of {names}.").format(split=split_title(split), names=listed(missing))
            )
    return notices


def _file_notices(found: Found, others: int, loose: int) -> list[str]:
    notices: list[str] = []
    if others:
        notices.append(
            ngettext(
                "{count} file that isn't a picture by its name is left out.",
                "{count} files that aren't pictures by their names are left out.",
                others,
            ).format(count=others)
        )
    if loose:
        notices.append(
            ngettext(
                "{count} picture outside of the class folders is left out.",
                "{count} pictures outside of the class folders are left out.",
                loose,
            ).format(count=loose)
        )
    if found.outside:
        names = _first_names(shown(path) for path in found.outside)
        notices.append(
            _("These links lead out of the folder, to pictures that are counted: {names}.").format(names=names)
        )
    problems = [f"{shown(path)} {reason}" for path, reason in found.problems]
    if problems:
        notices.append(_("Left out: {problems}.").format(problems=_first_names(problems)))
    return notices


def _first_names(names: Iterable[str]) -> str:
    known = list(names)
    if len(known) <= _NAMED:
        return listed(known)
    return _("{names} and {count} more").format(names=listed(known[:_NAMED]), count=len(known) - _NAMED)
