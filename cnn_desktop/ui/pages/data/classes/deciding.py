"""What is decided about several classes at once, each as one change that one Undo takes back. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cnn_desktop.core.errors import listed
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.pages.data.opening import Edit

if TYPE_CHECKING:
    from cnn_desktop.data.decisions import DecisionBook


def merge(names: Sequence[str], into: str) -> Edit:
    """Make the classes `names` one with the class `into`."""

    def edit(book: DecisionBook) -> None:
        decisions = book.decisions
        for name in names:
            decisions = decisions.with_name(name, into)
        book.change(_("Merge {names} into {into}").format(names=listed(names), into=into), decisions)

    return edit


def leave_out(names: Sequence[str]) -> Edit:
    """Leave all pictures of these classes out."""

    def edit(book: DecisionBook) -> None:
        decisions = book.decisions
        for name in names:
            decisions = decisions.without_class(name)
        text = ngettext("Leave out the class {names}", "Leave out the classes {names}", len(names))
        book.change(text.format(names=listed(names)), decisions)

    return edit


def take_back(names: Sequence[str]) -> Edit:
    """Take classes in again that were left out."""

    def edit(book: DecisionBook) -> None:
        decisions = book.decisions
        for name in names:
            decisions = decisions.with_class_back(name)
        text = ngettext("Take back the class {names}", "Take back the classes {names}", len(names))
        book.change(text.format(names=listed(names)), decisions)

    return edit
