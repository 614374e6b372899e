"""The Evaluate page."""

from cnn_desktop.ui.pages.page import Page


class EvaluatePage(Page):
    """How good a model is."""
