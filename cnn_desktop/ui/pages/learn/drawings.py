"""The pictures of −1 and 1 that several lessons begin with."""

from cnn_desktop.core.language import _
from cnn_desktop.explain.lessons.examples import CROOKED_CROSS, CROSS, NOUGHT, SMALL_CROSS, Matrix
from cnn_desktop.ui.pages.learn.choices import Choices

DRAWINGS: dict[str, Matrix] = {"cross": CROSS, "nought": NOUGHT, "crooked": CROOKED_CROSS, "small": SMALL_CROSS}


def drawing_choices(*more: tuple[str, str]) -> Choices:
    """A button for each of them, and for `more`, by name and text."""
    entries = (("cross", _("X")), ("nought", _("O")), ("crooked", _("Crooked X")), ("small", _("Small X")), *more)
    return Choices("picture", _("Picture"), entries)
