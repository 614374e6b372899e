"""What a unit wants: a picture made to excite a channel, a cell or a class as much as possible."""

from cnn_desktop.explain.maximisation.search import Found, Rules, Stage, maximise
from cnn_desktop.explain.maximisation.unit import Unit, excitement, unit_of

__all__ = ["Found", "Rules", "Stage", "Unit", "excitement", "maximise", "unit_of"]
