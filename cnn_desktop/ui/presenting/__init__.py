"""Presenter mode: the window for a whole room."""

from cnn_desktop.ui.presenting.presenter import Presenter

__all__ = ["Presenter"]
