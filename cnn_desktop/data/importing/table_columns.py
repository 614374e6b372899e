"""Which column of a table names the file, which the class, which the split."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cnn_desktop.core.errors import DatasetError, listed
from cnn_desktop.core.language import _
from cnn_desktop.data.images import is_image_name
from cnn_desktop.data.importing.labelled import split_word
from cnn_desktop.data.importing.table_file import Row

_LABEL_NAMES = (
    *("class_name", "label_name", "classname", "label", "class", "labels", "classes", "category", "target"),
    *("species", "breed", "diagnosis", "class_id", "label_id", "y"),
)
"""Names before numbers: a table that has both is read by names."""
_SPLIT_NAMES = ("split", "set", "subset", "partition", "usage", "phase", "dataset", "fold")
_LOOKED_AT = 500


@dataclass(frozen=True)
class Columns:
    """Places of columns, from 0."""

    file: int
    label: int
    split: int | None
    names: Sequence[str]
    """The first row where it holds names; else empty."""

    @property
    def last(self) -> int:
        """The rightmost of them."""
        return max(self.file, self.label, -1 if self.split is None else self.split)

    def name(self, place: int) -> str:
        """What a person calls a column."""
        return f"“{self.names[place]}”" if self.names else str(place + 1)


def find_columns(rows: Sequence[Row], is_file: Callable[[str], bool], table: str) -> Columns | None:
    """Understand a table by its first row and by what stands in its columns; None where it doesn't name pictures.

    Args:
        rows: of the table, the one with names included.
        is_file: whether a cell names a file that is there.
        table: what errors call it.

    Raises:
        DatasetError: it names pictures, but nothing tells which column holds their classes.
    """
    width = max((len(row.cells) for row in rows[:_LOOKED_AT]), default=0)
    body = rows[1:_LOOKED_AT] or rows

    def names_picture(cell: str) -> bool:
        return is_image_name(cell) or is_file(cell)

    def likeness(place: int) -> tuple[float, ...]:
        cells = [row.cells[place] for row in body if place < len(row.cells)]
        count = max(len(body), 1)
        # A number may be the stem of a file by chance: names with endings count more, then what tells most files apart.
        counts = [sum(map(test, cells)) / count for test in (names_picture, is_image_name, is_file)]
        return (*counts, len(set(cells)))

    file = max(range(width), key=likeness, default=0)
    if width < 2 or likeness(file)[0] < 0.5:
        return None
    first = rows[0].cells
    has_names = not (file < len(first) and names_picture(first[file]))
    names = [*first, *[""] * (width - len(first))] if has_names else []
    others = [place for place in range(width) if place != file]
    split = _split_column(body, others, names) if len(others) > 1 else None
    return Columns(file, _label_column([place for place in others if place != split], names, table), split, names)


def _split_column(body: Sequence[Row], others: Sequence[int], names: Sequence[str]) -> int | None:
    named = _named(_SPLIT_NAMES, others, names)
    for place in others if named is None else [named]:
        cells = [row.cells[place] for row in body if place < len(row.cells) and row.cells[place]]
        meant = [split_word(cell) for cell in cells]
        if meant and (all(meant) or (named is not None and any(meant))):
            return place
    return None


def _label_column(others: Sequence[int], names: Sequence[str], table: str) -> int:
    named = _named(_LABEL_NAMES, others, names)
    if named is not None:
        return named
    if len(others) == 1:
        return others[0]
    if names:
        message = _(
            "{table} has the columns {names}, and none of them is called “label”; rename the one with the classes."
        )
        raise DatasetError(message.format(table=table, names=listed(filter(None, names))))
    message = _("{table} has {count} columns without names; write a first line with “file” and “label” above them.")
    raise DatasetError(message.format(table=table, count=len(others) + 1))


def _named(wanted: Sequence[str], others: Sequence[int], names: Sequence[str]) -> int | None:
    if not names:
        return None
    known = {names[place].casefold().replace(" ", "_").replace("-", "_"): place for place in reversed(others)}
    return next((known[name] for name in wanted if name in known), None)
