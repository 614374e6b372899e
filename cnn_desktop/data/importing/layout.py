"""What a folder of pictures means as a dataset: which classes, which splits, and what was left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnn_desktop.core.errors import DatasetError, listed
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.path_text import shown
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import Skipped, split_title
from cnn_desktop.data.images import is_image_name
from cnn_desktop.data.importing.class_folders import understand_folders
from cnn_desktop.data.importing.labelled import Labelled, Pictures, first_names, shown_below
from cnn_desktop.data.importing.tables import understand_tables
from cnn_desktop.data.walking import Found, natural_text_key, walk


@dataclass(frozen=True)
class Layout:
    """A folder read as a dataset; no picture is opened, names decide."""

    folder: Path
    classes: tuple[str, ...]
    """Those with pictures in any split, in natural order."""
    pictures: Pictures
    """What nobody divided is all `train`."""
    rule: str
    """How the folder was understood, in a sentence."""
    skipped: tuple[Skipped, ...]
    """Every file that was met and isn't a picture of the dataset."""
    notices: tuple[str, ...]
    loose: int
    """So many of what was skipped are pictures that would need a class."""

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
                "{folder} {found}; expected is a folder for each class, such as {first} and {second}, either directly "
                "in it or in train, val and test, or a table (CSV) with the columns “file” and “label”."
            ).format(
                folder=shown(self.folder),
                found=self._found(training),
                first=shown(self.folder / "cats"),
                second=shown(self.folder / "dogs"),
            )
        )

    def _found(self, training: Mapping[str, Sequence[str]]) -> str:
        if training:
            name, pictures = next(iter(training.items()))
            return _("has training pictures of one class only ({name}: {count})").format(name=name, count=len(pictures))
        if self.classes:
            return _("has pictures in {splits} but none in train").format(splits=listed(self.pictures))
        if self.loose:
            return _("has {count} pictures but no class folders").format(count=self.loose)
        return _("has no pictures")


def read_layout(folder: Path, progress: Progress = no_progress) -> Layout:
    """Find classes and splits in `folder`: by its folders, or where these aren't classes, by tables in it.

    Raises:
        DatasetError: there is no such folder, or it can't be listed; or a table in it is meant to say, but can't be
            understood.
    """
    try:
        found = walk(folder, progress)
    except OSError as error:
        message = _("{folder} can't be read as a folder of pictures: {reason}.")
        raise DatasetError(message.format(folder=shown(folder), reason=error.strerror or error)) from error
    labelled = understand_folders(folder, found)
    if len(labelled.ordered().get("train", {})) < 2:
        labelled = understand_tables(folder, found, progress) or labelled
    pictures = labelled.ordered()
    classes = tuple(sorted({label for split in pictures.values() for label in split}, key=natural_text_key))
    others = _others(folder, found, labelled)
    skipped = (*labelled.skipped, *others, *_left_out(folder, found))
    notices = (*_missing(pictures, classes), *labelled.notices, *_notices(found, len(others)))
    return Layout(folder, classes, pictures, labelled.rule, skipped, notices, labelled.loose)


def _others(folder: Path, found: Found, labelled: Labelled) -> list[Skipped]:
    """Files that aren't pictures by their names and say nothing about them either."""
    reason = _("isn't a picture by its name")
    return [
        Skipped(shown_below(folder, place / name), reason)
        for place, names in found.folders.items()
        for name in names
        if not is_image_name(name) and str(place / name) not in labelled.used
    ]


def _left_out(folder: Path, found: Found) -> list[Skipped]:
    """What the walk passed over."""
    hidden = _("is hidden")
    return [
        *(Skipped(shown_below(folder, path), reason) for path, reason in found.problems),
        *(Skipped(shown_below(folder, path), hidden) for path in found.hidden),
    ]


def _missing(pictures: Pictures, classes: tuple[str, ...]) -> list[str]:
    notices: list[str] = []
    for split, by_class in pictures.items():
        names = [name for name in classes if name not in by_class]
        if names:
            text = _("There are no {split} pictures of {names}.")
            notices.append(text.format(split=split_title(split), names=listed(names)))
    return notices


def _notices(found: Found, others: int) -> list[str]:
    notices: list[str] = []
    if others:
        text = ngettext(
            "{count} file that isn't a picture by its name is left out.",
            "{count} files that aren't pictures by their names are left out.",
            others,
        )
        notices.append(text.format(count=others))
    if found.outside:
        names = first_names(shown(path) for path in found.outside)
        text = _("These links lead out of the folder, to pictures that are counted: {names}.")
        notices.append(text.format(names=names))
    if found.problems:
        problems = first_names(f"{shown(path)} {reason}" for path, reason in found.problems)
        notices.append(_("Left out: {problems}.").format(problems=problems))
    return notices
