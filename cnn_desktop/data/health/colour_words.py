"""Colours as a person names them."""

import colorsys

from cnn_desktop.core.language import _


def colour_word(blueness: float, redness: float) -> str:
    """The name of the direction in which a colour is moved by a change of Cb and Cr (ITU-R BT.601)."""
    red = 0.5 + 1.402 * redness / 255
    green = 0.5 - (0.344136 * blueness + 0.714136 * redness) / 255
    blue = 0.5 + 1.772 * blueness / 255
    hue = colorsys.rgb_to_hsv(red, green, blue)[0]
    names = (_("red"), _("yellow"), _("green"), _("turquoise"), _("blue"), _("purple"))
    return names[round(hue * len(names)) % len(names)]
