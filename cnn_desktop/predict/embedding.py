"""What a network knows of pictures just before it decides: the input of its last layer."""

import contextlib
import threading
from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from cnn_desktop.core.errors import ImageError, ModelError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress
from cnn_desktop.data.dataset import Dataset, PictureRef
from cnn_desktop.data.parallel import in_order
from cnn_desktop.models.described import architecture_of
from cnn_desktop.predict.classifier import Classifier

_BATCH = 16


class Embedder:
    """A classifier's penultimate layer, while the `with` block lasts; other threads may go on asking the classifier."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier
        model = classifier.model
        self._head = classifier.module.get_submodule(architecture_of(model).head)
        self._thread = threading.get_ident()
        self._captured: list[torch.Tensor] = []
        """What the last layer was given, by the parts in which the classifier answers a batch."""

    def __enter__(self) -> "Embedder":
        self._handle = self._head.register_forward_pre_hook(self._capture)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._handle.remove()

    def embed(self, pixels: torch.Tensor) -> torch.Tensor:
        """uint8 N×C×H×W to float32 N×features, on the CPU; the maps of a convolutional head are averaged.

        Raises:
            ModelError: the network's answer isn't a number.
        """
        return self.answer(pixels)[0]

    def answer(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The same, and what the network says: float32 N×classes logits, on the CPU.

        Raises:
            ModelError: the network's answer isn't a number.
        """
        self._captured = []
        logits = self._classifier.logits(pixels)
        if not self._captured:
            raise RuntimeError("the network answered without its last layer")
        captured = torch.cat(self._captured)
        features = (captured.flatten(2).mean(dim=2) if captured.ndim > 2 else captured).float().cpu()
        if not torch.isfinite(features).all():
            message = _("“{title}” computes something that is no number: its weights are damaged or training diverged.")
            raise ModelError(message.format(title=self._classifier.title))
        return features, logits.cpu()

    def _capture(self, _module: nn.Module, arguments: tuple[torch.Tensor, ...]) -> None:
        if threading.get_ident() == self._thread:
            self._captured.append(arguments[0])


def embedded(dataset: Dataset, classifier: Classifier, progress: Progress) -> tuple[np.ndarray, list[PictureRef]]:
    """float32 N×features of all pictures that can be read, in all splits, and which these are.

    Raises:
        ModelError: the network's answer isn't a number.
        CancelledError: `progress`, which is told of pictures, raised it.
    """
    features: list[np.ndarray] = []
    refs: list[PictureRef] = []
    with Embedder(classifier) as embedder:
        for batch_refs, pixels in _batches(dataset, classifier, progress):
            features.append(embedder.embed(pixels).numpy())
            refs += batch_refs
    return np.concatenate(features) if features else np.empty((0, 1), np.float32), refs


def _batches(
    dataset: Dataset, classifier: Classifier, progress: Progress
) -> Iterator[tuple[list[PictureRef], torch.Tensor]]:
    refs = [PictureRef(name, index) for name, split in dataset.splits.items() for index in range(len(split))]

    def read(ref: PictureRef) -> np.ndarray | None:
        try:
            return dataset.splits[ref.split].pixels(ref.index, classifier.model.preprocessing)
        except ImageError:  # the health report says which and why
            return None

    with contextlib.closing(in_order(read, refs, ahead=2 * _BATCH)) as pictures:
        for start in range(0, len(refs), _BATCH):
            batch = refs[start : start + _BATCH]
            known = {ref: pixels for ref in batch if (pixels := next(pictures)) is not None}
            if known:
                yield list(known), torch.from_numpy(np.stack(list(known.values())))
            progress(start + len(batch), len(refs))
