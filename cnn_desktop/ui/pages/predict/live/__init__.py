"""A video or a webcam on the Predict page, with the best classes of what is seen now."""

from cnn_desktop.ui.pages.predict.live.panel import LivePanel

__all__ = ["LivePanel"]
