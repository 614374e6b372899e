"""The Inspect page: any model, any picture, any layer; its filters and feature maps."""

from cnn_desktop.ui.pages.inspect.page import InspectPage

__all__ = ["InspectPage"]
