"""Where decisions are kept: one small file a dataset, among the program's own data."""

import hashlib
import os
import re
import time
from collections.abc import Collection
from pathlib import Path
from typing import Literal, Self

from pydantic import ValidationError

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.core.files import write_atomic
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.path_text import shown
from cnn_desktop.core.paths import decisions_dir
from cnn_desktop.core.validated import Validated
from cnn_desktop.data.dataset import Dataset, datasets
from cnn_desktop.data.decisions.deciding import split_plan
from cnn_desktop.data.decisions.facts import Decisions
from cnn_desktop.data.splits import SPLIT_SEED

_REMEMBERED = 100
"""So many changes can be undone."""


class _Sidecar(Validated):
    format: Literal[1] = 1
    source: str
    """Of which dataset: for a person who looks into the file."""
    decisions: Decisions


class DecisionBook:
    """The decisions about one dataset; each change is on the disk when the call returns, and can be undone.

    Args:
        file: where they are kept; nothing has to be there.
        source: what a `RunConfig` calls the dataset.

    Raises:
        DatasetError: they can't be read, so nobody knows what is left out.
    """

    def __init__(self, file: Path, source: str) -> None:
        self.file = file
        self.source = source
        self.notice = ""
        """What a person should know about how it was read; mostly nothing."""
        self.decisions = self._read()
        self._before: list[tuple[str, Decisions]] = []

    @classmethod
    def of(cls, source: str, folder: Path | None = None) -> Self:
        """The book of a registered dataset or a folder of pictures.

        Args:
            source: what a `RunConfig` calls it.
            folder: of all books; None: the program's own.

        Raises:
            DatasetError: it can't be read.
        """
        place = _place(source)
        return cls((folder or decisions_dir()) / _file_name(place), shown(Path(place)))

    @property
    def can_undo(self) -> bool:
        """Whether `undo` does anything."""
        return bool(self._before)

    @property
    def undo_title(self) -> str | None:
        """What `undo` would undo, as a person reads it."""
        return self._before[-1][0] if self._before else None

    def change(self, title: str, decisions: Decisions) -> None:
        """Keep `decisions` from now on.

        Args:
            title: what was done, for the menu: “Leave out 3 pictures”.

        Raises:
            DatasetError: they can't be written; those before hold.
        """
        if decisions == self.decisions:
            return
        before = self.decisions
        self._write(decisions)
        self._before = [*self._before, (title, before)][-_REMEMBERED:]

    def undo(self) -> str | None:
        """Go back to before the newest change; its title, or None where there is none.

        Raises:
            DatasetError: it can't be written.
        """
        if not self._before:
            return None
        title, decisions = self._before[-1]
        self._write(decisions)
        self._before.pop()
        return title

    def leave_out(self, keys: Collection[str], why: str) -> None:
        """Leave pictures out; see `change`."""
        text = ngettext("Leave out {count} picture", "Leave out {count} pictures", len(keys))
        self.change(text.format(count=len(keys)), self.decisions.without(keys, why))

    def take_back(self, keys: Collection[str]) -> None:
        """Take in what was left out, or put back what was moved; see `change`."""
        text = ngettext("Take back {count} picture", "Take back {count} pictures", len(keys))
        self.change(text.format(count=len(keys)), self.decisions.with_back(keys))

    def move(self, keys: Collection[str], class_name: str) -> None:
        """Give pictures another class, which may be new; see `change`."""
        text = ngettext("Move {count} picture to {name}", "Move {count} pictures to {name}", len(keys))
        self.change(text.format(count=len(keys), name=class_name), self.decisions.with_class(keys, class_name))

    def keep(self, kind: str, groups: Collection[tuple[str, ...]]) -> None:
        """Let groups of pictures be as they are, whatever a finding of that kind says; see `change`."""
        text = ngettext("Keep {count} group", "Keep {count} groups", len(groups))
        self.change(text.format(count=len(groups)), self.decisions.with_kept(kind, groups))

    def rename_class(self, old: str, new: str) -> None:
        """Rename a class, or merge it with the one that has that name; see `change`.

        Raises:
            BadInputError: no name, or that of a class which is left out.
        """
        self.change(_("Rename {old} to {new}").format(old=old, new=new), self.decisions.with_name(old, new))

    def leave_out_class(self, name: str) -> None:
        """Leave all pictures of a class out; see `change`."""
        self.change(_("Leave out the class {name}").format(name=name), self.decisions.without_class(name))

    def take_back_class(self, name: str) -> None:
        """Take in a class that was left out; see `change`."""
        self.change(_("Take back the class {name}").format(name=name), self.decisions.with_class_back(name))

    def plan_split(self, dataset: Dataset, validation: float, test: float, seed: int = SPLIT_SEED) -> None:
        """Hold pictures of the dataset as found out for all runs; see `split_plan` and `change`."""
        plan = split_plan(dataset, self.decisions, validation, test, seed)
        self.change(_("Divide the pictures"), self.decisions.with_split(plan))

    def forget_split(self) -> None:
        """Leave the splits as the dataset brings them; see `change`."""
        self.change(_("Divide the pictures as found"), self.decisions.with_split(None))

    def _read(self) -> Decisions:
        try:
            return _Sidecar.model_validate_json(self.file.read_bytes()).decisions
        except FileNotFoundError:
            return Decisions()
        except OSError as error:
            raise self._failed(
                _("Your decisions about {source} can't be read from {file}: {reason}."), error
            ) from error
        except ValidationError:
            return self._set_aside()

    def _set_aside(self) -> Decisions:
        aside = self.file.with_name(f"{self.file.name}.broken-{time.strftime('%Y%m%d-%H%M%S')}")
        try:
            self.file.replace(aside)
        except OSError as error:
            raise self._failed(
                _("Your decisions about {source} are damaged, and {file} can't be set aside: {reason}."), error
            ) from error
        self.notice = _(
            "Your decisions about {source} were damaged and don't hold any more; the file was set aside as {file}."
        ).format(source=self.source, file=aside)
        return Decisions()

    def _write(self, decisions: Decisions) -> None:
        sidecar = _Sidecar(source=self.source, decisions=decisions)
        try:
            write_atomic(self.file, sidecar.model_dump_json(indent=1))
        except OSError as error:
            raise self._failed(_("Your decision about {source} can't be kept in {file}: {reason}."), error) from error
        self.decisions = decisions

    def _failed(self, sentence: str, error: OSError) -> DatasetError:
        return DatasetError(sentence.format(source=self.source, file=self.file, reason=error.strerror or error))


def decided_at(source: str) -> int:
    """When anything was decided about a dataset the last time, in nanoseconds; 0: never."""
    try:
        return (decisions_dir() / _file_name(_place(source))).stat().st_mtime_ns
    except OSError:
        return 0


def _place(source: str) -> str:
    return source if source in datasets else os.path.realpath(os.path.expanduser(source))  # noqa: PTH111 - text


def _file_name(place: str) -> str:
    mark = hashlib.sha256(os.fsencode(place)).hexdigest()[:16]
    name = re.sub(r"[^\w.-]", "_", shown(Path(place)).rsplit(os.sep, 1)[-1])[:40]
    return f"{name}-{mark}.json"
