"""The colour of a number: stronger the further it is from zero."""

import math
from typing import Literal

from PySide6.QtGui import QColor

from cnn_desktop.ui.colors import Colors

Tint = Literal["blue", "orange", "green", "signed", "grey", "red channel", "green channel", "blue channel"]
"""Blue for what is looked at, orange for what was learned, green for what comes out; `signed` has one colour below zero
and another above; `grey` and the channels are how bright a pixel is, from black at 0."""

_PICTURE = {"grey": "#ffffff", "red channel": "#ff4a3d", "green channel": "#35d04a", "blue channel": "#4d7dff"}
_LIGHT = {"blue": "#4a9be8", "orange": "#e2a35c", "green": "#45b894"}
_DARK = {"blue": "#4089d6", "orange": "#8f6238", "green": "#2f7a63"}
LEVELS = 127
"""On each side of zero."""
_EVEN = 0.186
"""The luminance on which both inks are read equally well."""


def level(value: float, reach: float) -> int:
    """-127…127: how far `value` is from zero on a scale that ends at `reach`; what is no number is 0."""
    if not math.isfinite(value):
        return 0 if math.isnan(value) else int(math.copysign(LEVELS, value))
    return round(max(-1.0, min(1.0, value / reach)) * LEVELS)


def color_of(level: int, tint: Tint, now: Colors) -> QColor:
    """The colour of a level."""
    part = abs(level) / LEVELS
    if tint in _PICTURE:
        return mixed(QColor("#000000"), QColor(_PICTURE[tint]), max(0.0, level / LEVELS))
    none = QColor(now.field if now.is_dark else now.hover)
    if tint == "signed":
        full = now.series[0] if level < 0 else now.series[1]
        return mixed(none, QColor(full), part)
    return mixed(none, QColor((_DARK if now.is_dark else _LIGHT)[tint]), part)


def ink(ground: QColor) -> QColor:
    """Near black or near white, whichever is read more easily on `ground`."""
    red, green, blue = (part**2.2 for part in (ground.redF(), ground.greenF(), ground.blueF()))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue  # as WCAG defines contrast
    return QColor("#14171b" if luminance > _EVEN else "#f3f5f7")


def mixed(ground: QColor, color: QColor, part: float) -> QColor:
    """So much of `color` on `ground`."""
    return QColor.fromRgbF(
        ground.redF() + (color.redF() - ground.redF()) * part,
        ground.greenF() + (color.greenF() - ground.greenF()) * part,
        ground.blueF() + (color.blueF() - ground.blueF()) * part,
    )
