"""What stands at the top of a training script: what it is, how it is run, and where it can't be the run."""

import textwrap
from collections.abc import Iterator

from cnn_desktop import __version__
from cnn_desktop.core.units import percent_text
from cnn_desktop.train.scripting.listed import LIST
from cnn_desktop.train.scripting.network import START
from cnn_desktop.train.scripting.subject import Subject

_WIDTH = 120


def summary(subject: Subject) -> str:
    """The text of the script as a whole."""
    title, dataset = subject.architecture.title, subject.dataset.title
    paragraphs = [f"{_what(subject)} of CNN Desktop {__version__} as a script.", *_exactness(subject)]
    beside = [name for name, wanted in ((LIST, subject.is_listed), (START, subject.start is not None)) if wanted]
    if beside:
        paragraphs.append(f"It reads {' and '.join(beside)} beside it.")
    needed = "torch torchvision" + (" scikit-learn" if subject.dataset.name == "digits" else "")
    usage = f"    pip install {needed}\n    python train.py"
    text = [f"Trains {title} on {dataset}.", usage, *(textwrap.fill(part, _WIDTH) for part in paragraphs)]
    remarks = [textwrap.fill(part, _WIDTH, initial_indent="- ", subsequent_indent="  ") for part in _remarks(subject)]
    return "\n\n".join(text) + ("\n\n" + "\n".join(remarks) if remarks else "")


def _what(subject: Subject) -> str:
    return "This is a run" if subject.run is None else f"This is the run {subject.run.resolve().name}"


def _exactness(subject: Subject) -> Iterator[str]:
    accuracy = subject.history.test_accuracy
    reached = "" if accuracy is None else f" The run got {percent_text(accuracy, 2)} of the test pictures right."
    if subject.device == "cpu":
        exact = (
            "It draws the same random numbers and computes the same updates: on the same kind of processor, with as "
            "many threads and the same version of torch, it ends with the same weights, bit for bit."
        )
    else:
        exact = "It draws the same random numbers and computes the same updates, but for rounding."
    yield exact + reached


def _remarks(subject: Subject) -> Iterator[str]:
    """Where script and run may part."""
    if subject.device != "cpu" and not subject.config.deterministic:
        yield "Sums are added up in another order each time on a GPU, so that the last digits of the weights differ."
    if subject.dataset.folder is not None:
        yield "Pictures are decoded by Pillow alone; the program reads some JPEGs in another way, to the same pixels."
    if subject.history.parts > subject.recipe.accumulation:
        yield "The run computed its batches in parts only after memory had run out; here they are from the start."
    if subject.is_changed:
        yield "The dataset was changed since the run began: these are the pictures and labels that it has now."
    if subject.run is not None and not subject.history.is_done:
        yield "The run didn't come to its end; this script does."
