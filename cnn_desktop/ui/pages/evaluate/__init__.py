"""How good a model is on a labelled dataset, and where it fails."""

from cnn_desktop.ui.pages.evaluate.page import EvaluatePage

__all__ = ["EvaluatePage"]
