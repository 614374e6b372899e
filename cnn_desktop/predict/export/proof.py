"""Proof that an export answers as its model does: both look at the same pictures."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice

import numpy as np
import torch
from PIL import Image

from cnn_desktop.core.errors import ExportError
from cnn_desktop.core.language import _
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress
from cnn_desktop.data.pictures import to_pixels
from cnn_desktop.predict.classifier import Classifier

FP32_TOLERANCE = 1e-4
"""Of the logits' range. Adding 32-bit numbers up in another order stays far below."""

RESIZED_TOLERANCE = 0.02
"""Of the logits' range, where the export resizes the pictures: it may round their values differently."""

Pictures = Sequence[np.ndarray]
"""Each uint8 height×width×3, RGB."""

Answering = Callable[[Pictures], np.ndarray]
"""A batch of N pictures to float32 N×classes logits."""

_BATCHES = (1, 3, 4)
"""How many pictures are looked at together, the last again and again: an export must take any number."""


@dataclass(frozen=True)
class Proof:
    """How far an export's answers are from its model's."""

    what: str
    """What was compared, for a person."""
    runtime: str
    """What ran the export."""
    pictures: int
    difference: float
    """The largest between two logits, as a share of the range of the model's."""
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether the export answers as the model does; not where a logit is no number."""
        return self.difference <= self.tolerance

    def __str__(self) -> str:
        text = _(
            "{what}: largest difference {difference:.1g} of the logits’ range on {count} pictures, "
            "where {tolerance:g} is allowed ({runtime})"
        )
        facts = {"what": self.what, "difference": self.difference, "count": self.pictures}
        return text.format(**facts, tolerance=self.tolerance, runtime=self.runtime)

    def to_json(self) -> dict[str, object]:
        """Plain values, by name."""
        return asdict(self)


def prove(
    what: str,
    runtime: str,
    model: Answering,
    export: Answering,
    batches: Sequence[Pictures],
    tolerance: float,
    progress: Progress,
) -> Proof:
    """Let both look at the pictures in `batches`; `progress` counts these.

    Raises:
        ExportError: the answers differ by more than `tolerance`.
    """
    given: list[np.ndarray] = []
    wanted: list[np.ndarray] = []
    for done, batch in enumerate(batches):
        progress(done, len(batches))
        wanted.append(model(batch))
        given.append(export(batch))
    difference = _difference(np.concatenate(wanted), np.concatenate(given))
    proof = Proof(what, runtime, sum(map(len, batches)), difference, tolerance)
    if not proof.holds:
        raise ExportError(
            _("The export failed, and nothing was written, for it answers something else. {proof}.").format(proof=proof)
        )
    return proof


def in_batches(pictures: Pictures) -> list[Pictures]:
    """`pictures` in batches of several sizes."""
    waiting, sizes = iter(pictures), iter(_BATCHES)
    batches: list[Pictures] = []
    while batch := list(islice(waiting, next(sizes, _BATCHES[-1]))):
        batches.append(batch)
    return batches


def answering(classifier: Classifier) -> Answering:
    """The classifier as what looks at pictures that are decoded, of any sizes."""
    preprocessing = classifier.model.preprocessing
    return lambda pictures: classifier.logits(as_pixels(pictures, preprocessing)).cpu().numpy()


def as_pixels(pictures: Pictures, preprocessing: Preprocessing) -> torch.Tensor:
    """What a network is given of `pictures` before they are normalised: uint8 N×C×H×W."""
    return torch.from_numpy(np.stack([to_pixels(Image.fromarray(picture), preprocessing) for picture in pictures]))


def _difference(wanted: np.ndarray, given: np.ndarray) -> float:
    if wanted.shape != given.shape:
        return float("inf")
    width = float(np.ptp(wanted.astype(np.float64)))
    largest = float(np.abs(wanted.astype(np.float64) - given).max())
    if largest == 0:
        return 0.0
    return largest / width if width else float("inf")
