"""The Runs page."""

from cnn_desktop.ui.pages.runs.page import RunsPage

__all__ = ["RunsPage"]
