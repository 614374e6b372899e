"""A small matrix of numbers on coloured cells, to be read, pointed at, marked and edited."""

from cnn_desktop.ui.widgets.number_matrix.content import Cell, Content, Edges
from cnn_desktop.ui.widgets.number_matrix.editing import Editing
from cnn_desktop.ui.widgets.number_matrix.geometry import Arrangement
from cnn_desktop.ui.widgets.number_matrix.marks import Window
from cnn_desktop.ui.widgets.number_matrix.shading import Tint
from cnn_desktop.ui.widgets.number_matrix.view import NumberMatrix

__all__ = ["Arrangement", "Cell", "Content", "Edges", "Editing", "NumberMatrix", "Tint", "Window"]
