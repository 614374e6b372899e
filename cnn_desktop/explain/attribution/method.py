"""What every method of attribution has in common, and what it gives."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.explain.attribution.question import Question
from cnn_desktop.models.model import Model


@dataclass(frozen=True, eq=False)
class Attribution:
    """How much each part of what the network received speaks for a class."""

    map: np.ndarray
    """float32 h×w, 0…1 of the strongest part; coarser than the picture where it comes from inside the network."""
    values: np.ndarray
    """float32 h×w: what `map` was made of, in the method's own unit; below zero what speaks against the class."""
    note: str = ""
    """How it was found, in a few words."""
    layer: str = ""
    """The layer whose maps were weighed; empty where the method looks at pixels."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing speaks for the class."""
        return not self.map.any()


class Method(ABC):
    """A way to find out which parts of a picture speak for a class."""

    name: str
    title: str
    summary: str
    """What it does, in a sentence."""
    paper: str
    """Who says so, and where."""
    asks_often: bool = False
    """Whether it takes hundreds of forward passes."""

    def misfit(self, model: Model) -> str | None:
        """Why the method can't be used with `model`, in a sentence; None where it can."""
        return None

    @abstractmethod
    def explain(self, question: Question, progress: Progress = no_progress) -> Attribution:
        """Answer the question; `progress` counts pictures that went through the network.

        Raises:
            ModelError: the method doesn't fit the network.
        """


def shares(values: np.ndarray, cut: float = 0.0) -> np.ndarray:
    """What is above zero as float32 shares of the strongest; `cut` is the part of all places that may be beyond 1.

    Single pixels can count so much that beside them nothing else would be seen.
    """
    positive = np.clip(np.nan_to_num(values, posinf=0, neginf=0), 0, None)
    largest = float(np.quantile(positive, 1 - cut)) if cut else 0.0
    largest = largest or float(positive.max(initial=0.0))
    if largest <= 0:
        return np.zeros(values.shape, np.float32)
    return np.clip(positive / largest, 0, 1).astype(np.float32)
