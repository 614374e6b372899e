"""Convolution: a kernel that slides over a small picture."""
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.learn.demo import Demo


def make(context: AppContext) -> Demo:
    """Build it."""
    return Demo(context)
