"""What a person should know about a folder of pictures before an hour of training goes into it."""

import contextlib
import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cnn_desktop.core.errors import DatasetError, ImageError, listed
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import SplitName
from cnn_desktop.data.images import open_image, shown
from cnn_desktop.data.layout import Layout, read_layout
from cnn_desktop.data.parallel import in_order, thread_count

IMBALANCE = 5
"""From this ratio on between the largest and the smallest class, the largest begins to win by its number."""

_REPORT_EVERY = 16


@dataclass(frozen=True)
class Unreadable:
    """A picture that will be left out."""

    file: str
    reason: str


@dataclass(frozen=True)
class HealthReport:
    """What was found; files are named by their path below `folder`."""

    folder: str
    classes: tuple[str, ...]
    counts: Mapping[SplitName, Mapping[str, int]]
    """Readable pictures by split and class."""
    unreadable: tuple[Unreadable, ...]
    duplicates: tuple[tuple[str, ...], ...]
    """Groups of files with the same content."""
    leaks: tuple[tuple[str, ...], ...]
    """Those groups that lie in more than one split."""
    warnings: tuple[str, ...]
    """A sentence for each thing that a person should see; empty: all is well."""

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class _Item:
    split: SplitName
    label: str
    path: Path


def check_folder(folder: Path, progress: Progress = no_progress) -> HealthReport:
    """Read every picture of a folder of class folders, and report what is odd about them.

    Raises:
        DatasetError: there is no such folder, or it can't be listed.
    """
    layout = read_layout(folder, progress)
    items = [
        _Item(split, label, path)
        for split, by_class in layout.pictures.items()
        for label, paths in by_class.items()
        for path in paths
    ]
    counts: dict[SplitName, dict[str, int]] = {
        split: dict.fromkeys(by_class, 0) for split, by_class in layout.pictures.items()
    }
    same: dict[str, list[_Item]] = defaultdict(list)
    unreadable: list[Unreadable] = []
    with contextlib.closing(in_order(lambda item: _examine(item.path), items, ahead=8 * thread_count())) as results:
        for done, (item, result) in enumerate(zip(items, results, strict=True), start=1):
            if isinstance(result, ImageError):
                unreadable.append(Unreadable(_below(item.path, folder), str(result)))
            else:
                counts[item.split][item.label] += 1
                same[result].append(item)
            if done % _REPORT_EVERY == 0 or done == len(items):
                progress(done, len(items))
    groups = [group for group in same.values() if len(group) > 1]
    return HealthReport(
        folder=shown(folder),
        classes=layout.classes,
        counts=counts,
        unreadable=tuple(unreadable),
        duplicates=_names(groups, folder),
        leaks=_names([group for group in groups if len({item.split for item in group}) > 1], folder),
        warnings=(*_layout_warnings(layout), *_picture_warnings(len(unreadable), groups), *_count_warnings(counts)),
    )


def _examine(path: Path) -> str | ImageError:
    """The SHA-256 of a readable picture's file, or why it can't be read."""
    try:
        open_image(path)
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except ImageError as error:
        return error
    except OSError as error:  # gone since it was opened
        return ImageError(f"{shown(path)}: {error.strerror}.")


def _below(path: Path, folder: Path) -> str:
    return shown(Path(path.relative_to(folder).as_posix()))


def _names(groups: list[list[_Item]], folder: Path) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_below(item.path, folder) for item in group) for group in groups)


def _layout_warnings(layout: Layout) -> list[str]:
    try:
        layout.require_classes()
    except DatasetError as error:
        return [str(error), *layout.notices]
    return [*layout.notices]


def _picture_warnings(unreadable: int, groups: list[list[_Item]]) -> list[str]:
    leaks = sum(len({item.split for item in group}) > 1 for group in groups)
    torn = sum(len({item.label for item in group}) > 1 for group in groups)
    findings = (
        (
            unreadable,
            ngettext(
                "{count} picture can't be read and will be left out.",
                "{count} pictures can't be read and will be left out.",
                unreadable,
            ),
        ),
        (
            len(groups),
            ngettext(
                "{count} picture is there more than once.", "{count} pictures are there more than once.", len(groups)
            ),
        ),
        (
            leaks,
            ngettext(
                "{count} picture is in more than one split: the accuracy will look better than it is.",
                "{count} pictures are in more than one split: the accuracy will look better than it is.",
                leaks,
            ),
        ),
        (
            torn,
            ngettext(
                "{count} picture is in more than one class.", "{count} pictures are in more than one class.", torn
            ),
        ),
    )
    return [sentence.format(count=count) for count, sentence in findings if count]


def _count_warnings(counts: Mapping[SplitName, Mapping[str, int]]) -> list[str]:
    training = counts.get("train", {})
    lonely = [label for label, count in training.items() if count == 1]
    emptied = [label for label, count in training.items() if count == 0]
    warnings: list[str] = []
    if emptied:
        warnings.append(_("No training picture can be read of: {names}.").format(names=listed(emptied)))
    if lonely:
        warnings.append(_("There is only one training picture of: {names}.").format(names=listed(lonely)))
    largest = max(training.items(), key=lambda item: item[1], default=None)
    smallest = min(training.items(), key=lambda item: item[1], default=None)
    if largest and smallest and largest[1] >= IMBALANCE * max(smallest[1], 1) and largest[1] > IMBALANCE:
        warnings.append(
            _("The classes are uneven: {most} training pictures of {largest}, {fewest} of {smallest}.").format(
                most=largest[1], largest=largest[0], fewest=smallest[1], smallest=smallest[0]
            )
        )
    return warnings
