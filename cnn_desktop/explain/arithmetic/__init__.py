"""How one number of a network's operation came to be: what was taken, multiplied, added and changed."""

from cnn_desktop.explain.arithmetic.cell import explain_cell
from cnn_desktop.explain.arithmetic.taken import NoArithmeticError
from cnn_desktop.explain.arithmetic.working import Arithmetic, Cell, Item, Origin, Padding, Patches, Step, Working

__all__ = [
    "Arithmetic",
    "Cell",
    "Item",
    "NoArithmeticError",
    "Origin",
    "Padding",
    "Patches",
    "Step",
    "Working",
    "explain_cell",
]
