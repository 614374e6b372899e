"""A camera whose newest picture is what the Inspect page looks at."""

from cnn_desktop.ui.pages.inspect.camera.bar import CameraBar

__all__ = ["CameraBar"]
