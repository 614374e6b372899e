"""Many pictures on the Predict page: how far it is, a table of the answers, and what can be made of them."""

from cnn_desktop.ui.pages.predict.many.panel import ManyPanel

__all__ = ["ManyPanel"]
