"""A grid of any number of pictures, of which only those in sight are loaded and drawn."""

from cnn_desktop.ui.widgets.picture_grid.grid import PictureGrid
from cnn_desktop.ui.widgets.picture_grid.view import LARGEST, SMALLEST

__all__ = ["LARGEST", "SMALLEST", "PictureGrid"]
