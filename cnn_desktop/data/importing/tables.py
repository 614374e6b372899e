"""Tables that give the class of each picture: a flat folder with a CSV or TSV of file and label."""

import os
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cnn_desktop.core.errors import DatasetError, listed
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import Skipped, SplitName
from cnn_desktop.data.images import is_image_name
from cnn_desktop.data.importing.class_folders import class_name
from cnn_desktop.data.importing.labelled import Labelled, shown_below, split_among, split_word
from cnn_desktop.data.importing.table_columns import Columns, find_columns
from cnn_desktop.data.importing.table_file import Row, is_table_name, read_rows
from cnn_desktop.data.walking import Found, natural_text_key

_REPORT_EVERY = 5_000


@dataclass(frozen=True)
class _Table:
    path: Path
    name: str
    rows: Sequence[Row]
    columns: Columns
    start: str
    """Of paths from its folder; see `_Files.start_of`."""
    split: SplitName | None = None
    """Of all its pictures, by the table's name."""

    @property
    def body(self) -> Sequence[Row]:
        return self.rows[1:] if self.columns.names else self.rows


def understand_tables(folder: Path, found: Found, progress: Progress = no_progress) -> Labelled | None:
    """Take the classes from the tables nearest to the top; None where none of them names pictures.

    Only files that the walk met are ever taken: what a table says decides which, never where to look. `progress`
    counts rows.

    Raises:
        DatasetError: a table names pictures but can't be understood.
    """
    files = _Files(folder, found)
    tables: list[_Table] = []
    problems: list[DatasetError] = []
    for path in _nearest_tables(found):
        name = shown_below(folder, path)
        try:
            rows = read_rows(path)
            start = files.start_of(path)
            columns = find_columns(rows, lambda cell, start=start: isinstance(files.find(cell, start), str), name)
        except DatasetError as error:
            problems.append(error)
        else:
            if columns:
                tables.append(_Table(path, name, rows, columns, start))
    if tables:
        return _Reading(folder, files, _chosen(tables)).labelled(progress)
    if problems:
        raise problems[0]
    return None


def _nearest_tables(found: Found) -> list[Path]:
    depth: int | None = None
    nearest: list[Path] = []
    for place in sorted(found.folders, key=lambda place: len(place.parts)):
        if depth is not None and len(place.parts) > depth:
            break
        nearest += [place / name for name in found.folders[place] if is_table_name(name)]
        depth = len(place.parts) if nearest else None
    return nearest


def _chosen(tables: Sequence[_Table]) -> list[_Table]:
    """Those for training, validation and test where they are called so; else the longest."""
    by_split: dict[SplitName, _Table] = {}
    for table in tables:
        split = split_among(re.split(r"[\W_]+", table.path.stem))
        if split is not None:
            by_split.setdefault(split, table)
    if "train" in by_split:
        return [replace(table, split=split) for split, table in by_split.items()]
    return [max(tables, key=lambda table: len(table.rows))]


class _Outside:
    """What a path that leads out of the folder leads to."""


class _Files:
    """The pictures of a folder, to be found by what a table calls them."""

    def __init__(self, folder: Path, found: Found) -> None:
        self.folder = os.fspath(folder.absolute()).replace(os.sep, "/")
        self.known: dict[str, str] = {}
        """Path below the folder → path."""
        self.by_name: dict[str, str | None] = {}
        """Name or its stem, in small letters → path; None: of several files."""
        for place, names in found.folders.items():
            start = self.start_of(place / "x")
            full = os.path.join(place, "")  # noqa: PTH118 - with the separator at its end
            for name in filter(is_image_name, names):
                self.known[start + name] = full + name
                for called in {name.casefold(), name.rpartition(".")[0].casefold()}:
                    self.by_name[called] = None if called in self.by_name else full + name

    def start_of(self, path: Path) -> str:
        """The folder of a file as the start of paths: empty, or with `/` at its end."""
        below = os.fspath(path.parent.absolute()).replace(os.sep, "/").removeprefix(self.folder).strip("/")
        return below and below + "/"

    def find(self, cell: str, start: str) -> str | type[_Outside] | None:
        """The file that a cell means: a path from the table's folder or from the whole, or a name that only one has."""
        if start + cell in self.known:  # as nearly always
            return self.known[start + cell]
        called = cell.replace("\\", "/")
        if called.startswith(self.folder + "/"):
            called, start = called.removeprefix(self.folder + "/"), ""
        if called.startswith(("/", "~")) or re.match("[A-Za-z]:", called):
            return _Outside
        paths = [posixpath.normpath(place + called) for place in (start, "")]
        if paths[0] == ".." or paths[0].startswith("../"):
            return _Outside
        for path in paths:
            if path in self.known:
                return self.known[path]
        return self.by_name.get(called.casefold()) if "/" not in called else None


def _where(row: Row, table: _Table) -> str:
    return _("{table}, line {line}").format(table=table.name, line=row.line)


@dataclass
class _Reading:
    """What the rows of tables come to."""

    folder: Path
    files: _Files
    tables: Sequence[_Table]
    said: dict[str, tuple[str, SplitName]] = field(default_factory=dict)
    """Path → class and split."""
    skipped: dict[str, Skipped] = field(default_factory=dict)
    """Path, or what a table calls it → why."""

    def labelled(self, progress: Progress) -> Labelled:
        for table in self.tables:
            for number, row in enumerate(table.body):
                if not number % _REPORT_EVERY:
                    progress(number, len(table.body))
                self._take(row, table)
        result = Labelled(self._rule(), used=frozenset(str(table.path) for table in self.tables))
        for path, (name, split) in self.said.items():
            result.pictures[split][name].append(path)
        wrong = len(self.skipped)
        unnamed = [path for path in self.files.known.values() if path not in self.said and path not in self.skipped]
        reason = _("isn't named in {table}").format(table=listed(table.name for table in self.tables))
        result.skipped = [
            *self.skipped.values(),
            *(Skipped(shown_below(self.folder, path), reason) for path in unnamed),
        ]
        result.loose = len(unnamed)
        result.notices = self._notices(wrong, len(unnamed))
        return result

    def _take(self, row: Row, table: _Table) -> None:
        columns = table.columns
        if columns.last >= len(row.cells):
            where = _where(row, table)
            self._skip(where, where, _("has fewer columns than it should"))
            return
        called, name = row.cells[columns.file], class_name(row.cells[columns.label])
        path = self.files.find(called, table.start)
        if not isinstance(path, str):
            reason = (
                _("is named in {where}, but leads out of the folder")
                if path is _Outside
                else _("is named in {where}, but isn't there")
            )
            self._skip(called, called, reason.format(where=_where(row, table)))
        elif path not in self.skipped:
            reason = self._take_picture(path, name, self._split(row, table, path))
            if reason is not None:
                self._skip(path, called, reason.format(where=_where(row, table)))

    def _take_picture(self, path: str, name: str, split: SplitName | None) -> str | None:
        """Note class and split of a file, or say why it has none."""
        if not name:
            return None if path in self.said else _("has no class in {where}")
        if split is None:
            return _("has a split in {where} that isn't known")
        if self.said.setdefault(path, (name, split)) != (name, split):
            del self.said[path]
            return _("is given two classes or splits, the second in {where}")
        return None

    def _skip(self, path: str, called: str, reason: str) -> None:
        self.skipped.setdefault(path, Skipped(called, reason))

    def _split(self, row: Row, table: _Table, path: str) -> SplitName | None:
        """By the column, by the table's name, by the folder; else for training."""
        if table.columns.split is not None and row.cells[table.columns.split]:
            return split_word(row.cells[table.columns.split])
        if table.split:
            return table.split
        folders = path.removeprefix(os.fspath(self.folder)).replace(os.sep, "/").split("/")[:-1]
        return split_among(folders) or "train"

    def _rule(self) -> str:
        columns = self.tables[0].columns
        text = (
            _("{table} gives the class of each picture: column {file} names the file, column {label} the class.")
            if columns.split is None
            else _(
                "{table} gives the class of each picture: column {file} names the file, column {label} the class, "
                "column {split} the split."
            )
        )
        split = "" if columns.split is None else columns.name(columns.split)
        tables = sorted((table.name for table in self.tables), key=natural_text_key)
        return text.format(
            table=listed(tables), file=columns.name(columns.file), label=columns.name(columns.label), split=split
        )

    def _notices(self, wrong: int, unnamed: int) -> list[str]:
        notices: list[str] = []
        tables = listed(table.name for table in self.tables)
        if wrong:
            text = ngettext(
                "{count} line of {tables} names no picture that can be used.",
                "{count} lines of {tables} name no picture that can be used.",
                wrong,
            )
            notices.append(text.format(count=wrong, tables=tables))
        if unnamed:
            text = ngettext(
                "{count} picture that {tables} doesn't name is left out.",
                "{count} pictures that {tables} doesn't name are left out.",
                unnamed,
            )
            notices.append(text.format(count=unnamed, tables=tables))
        return notices
