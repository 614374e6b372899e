"""Whether an explanation deserves trust: does it depend on the model, and does what it marks matter?"""

from cnn_desktop.explain.sanity.deletion import Deletion, delete
from cnn_desktop.explain.sanity.randomisation import Randomisation, Stage, randomise

__all__ = ["Deletion", "Randomisation", "Stage", "delete", "randomise"]
