"""The Data page."""

from cnn_desktop.ui.pages.data.page import DataPage

__all__ = ["DataPage"]
