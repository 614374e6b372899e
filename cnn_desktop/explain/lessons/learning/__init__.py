"""Networks so small that they learn before one's eyes, on pictures that are always here."""

from cnn_desktop.explain.lessons.learning.dials import Dials
from cnn_desktop.explain.lessons.learning.material import Material, crosses_and_noughts, digits
from cnn_desktop.explain.lessons.learning.network import small_network
from cnn_desktop.explain.lessons.learning.training import Look, SmallTraining
from cnn_desktop.explain.lessons.learning.transfer import Transfer

__all__ = ["Dials", "Look", "Material", "SmallTraining", "Transfer", "crosses_and_noughts", "digits", "small_network"]
