"""From an arithmetic to the lines that tell it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.pages.inspect.arithmetic.sums import Line

if TYPE_CHECKING:
    from cnn_desktop.explain.arithmetic import Arithmetic, Patches, Working

_MANY = 7
"""Digits after the point that nobody counts any more."""


def lines_of(arithmetic: Arithmetic, place: int) -> tuple[Line, ...]:
    """The rows that lead to the number; `place` is the channel that is looked at."""
    working = arithmetic.working
    digits = working.digits(arithmetic.torch)
    agrees = working.agrees_with(arithmetic.torch)
    lines = _on_the_way(working, place, digits)
    last = lines[-1] if lines else Line(_("result"), "")
    result = Line(last.text, number(working.total, digits), number(arithmetic.torch, digits), agrees)
    return (*lines[:-1], result, *_following(arithmetic))


def _on_the_way(working: Working, place: int, digits: int) -> list[Line]:
    if working.kind != "products" or working.patches is None:
        return [Line(step.text, _readable(step.value, digits)) for step in working.steps]
    own = float(working.patches.sums[place])
    total = float(working.patches.sums.sum())
    others = len(working.patches.sums) - 1
    lines = [Line(_own_text(working.patches, place), number(own, digits))]
    if others:
        text = ngettext("{count} other channel", "{count:,} other channels", others)
        lines.append(Line(text.format(count=others), number(total - own, digits)))
    if len(working.steps) == 1:  # there is no bias: this is the result
        return [*lines, Line(_("sum"), "")] if others else [Line(working.steps[0].text, "")]
    return [*lines, *(Line(step.text, number(step.value, digits)) for step in working.steps[1:])]


def _own_text(patches: Patches, place: int) -> str:
    channel = int(patches.channels[place])
    if patches.is_map:
        return _("sum of channel {channel}").format(channel=channel)
    return _("product of input {channel}").format(channel=channel)


def _following(arithmetic: Arithmetic) -> list[Line]:
    lines: list[Line] = []
    for after in arithmetic.follows:
        digits = after.working.digits(after.torch)
        text = _("after {operation}").format(operation=_short(after.operation, after.kind))
        value, torch = number(after.working.total, digits), number(after.torch, digits)
        lines.append(Line(text, value, torch, after.working.agrees_with(after.torch)))
    return lines


def _short(operation: str, kind: str) -> str:
    """What an operation is called without the parts of the network around it."""
    last = operation.rpartition(".")[2]
    return kind if last.split(" ")[0].isdigit() else last


def number(value: float, digits: int) -> str:
    """A number with so many digits after the point, never “-0.0000”; with an exponent where these are many."""
    if digits < _MANY or not value or not math.isfinite(value):
        return f"{round(value, digits) + 0.0:.{min(digits, _MANY)}f}"
    return f"{value:.{max(0, digits + math.floor(math.log10(abs(value))))}e}"


def _readable(value: float, digits: int) -> str:
    """A number on the way, to five digits that count or as far as the result goes."""
    if not value or not math.isfinite(value):
        return number(value, digits)
    return number(value, min(max(digits, 4), max(0, 4 - math.floor(math.log10(abs(value))))))
