"""A confusion matrix that can be read at two classes and at a thousand."""

from cnn_desktop.ui.widgets.matrix_view.table import ConfusionTable, Normalisation
from cnn_desktop.ui.widgets.matrix_view.view import MatrixView

__all__ = ["ConfusionTable", "MatrixView", "Normalisation"]
