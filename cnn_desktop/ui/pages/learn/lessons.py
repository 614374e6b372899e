"""Which lessons there are, what each shows, and where it goes on in the program."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.learn.demo import Demo


@dataclass(frozen=True)
class Lesson:
    """A lesson: its text is the file `name` in `resources/lessons`, its demo the module `name` in `demos`.

    Args:
        name: of both, with hyphens.
        page: the page on which a person finds the same in their own work.
        onward: what the button that leads there says.
    """

    name: str
    page: str
    onward: str

    def make_demo(self, context: AppContext) -> Demo:
        """Build what the lesson shows; imports the engine."""
        module = importlib.import_module(f"cnn_desktop.ui.pages.learn.demos.{self.name.replace('-', '_')}")
        make: Callable[[AppContext], Demo] = module.make
        return make(context)


_DATA = "Data", _("Look at your own pictures")
_INSPECT = "Inspect", _("Look at it in your own model")
_TRAIN = "Train", _("Train a network of your own")

LESSONS = (
    Lesson("pictures", *_DATA),
    Lesson("too-many-weights", *_TRAIN),
    Lesson("convolution", *_INSPECT),
    Lesson("stride-and-padding", *_INSPECT),
    Lesson("activation", *_INSPECT),
    Lesson("pooling", *_INSPECT),
    Lesson("stacking", *_INSPECT),
    Lesson("dense", *_INSPECT),
    Lesson("softmax", *_INSPECT),
    Lesson("training", *_TRAIN),
    Lesson("overfitting", *_TRAIN),
    Lesson("fine-tuning", *_TRAIN),
)
