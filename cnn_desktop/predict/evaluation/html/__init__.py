"""An evaluation as one page that needs nothing beside itself: figures, matrix, curves and pictures are in it."""

from cnn_desktop.predict.evaluation.html.page import page

__all__ = ["page"]
