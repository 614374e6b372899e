"""What the thread behind the augmentation panel does: pictures in, one image of the original and its variants out."""

from collections import OrderedDict
from functools import partial
from itertools import cycle

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from PySide6.QtGui import QImage

import cnn_desktop.models.archs  # noqa: F401 - fills the registry
from cnn_desktop.core.errors import ImageError
from cnn_desktop.core.language import _
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.core.units import percent_text
from cnn_desktop.data.augment.variants import mixed_variants, variants
from cnn_desktop.data.dataset import Dataset, PictureRef
from cnn_desktop.explain.rendering import resample
from cnn_desktop.models.architecture import choose_preprocessing, find_architecture
from cnn_desktop.ui.pages.data.augmentation.orders import Order, Preview
from cnn_desktop.ui.pages.data.augmentation.placing import COUNT, Box, Placing, place

_KEPT = 64
"""Decoded pictures that are remembered: the chosen one and those that are mixed in."""

_PARTNERS = 2
"""Pictures that are mixed in, in turn: each is varied as well, which takes as long as a variant."""


class Previewer:
    """Makes previews, one at a time; it remembers the pictures that it read last."""

    def __init__(self) -> None:
        self._dataset: Dataset | None = None
        self._pixels: OrderedDict[tuple[PictureRef, Preprocessing], np.ndarray] = OrderedDict()

    def preview(self, order: Order, progress: Progress = no_progress) -> Preview:
        """Read, vary and draw.

        Raises:
            ImageError: the picture can't be read.
        """
        progress(0, 0)
        seen = _preprocessing(order)
        pixels = self._read(order.dataset, order.ref, seen)
        partners = self._partners(order, seen) if order.augmentation.mixes else []
        if partners:
            others = np.stack([self._read(order.dataset, ref, seen) for ref in partners])
            changed, shares = mixed_variants(pixels, others, order.augmentation, seen, COUNT, order.seed)
            captions = tuple(map(partial(_shares_text, order), cycle(partners), shares.tolist()))
        else:
            changed, captions = variants(pixels, order.augmentation, seen, COUNT, order.seed), ()
        placing = place(_scaled(order.space, order.ratio), (seen.height, seen.width), round(order.line * order.ratio))
        image = _drawn(pixels.transpose(1, 2, 0)[None], changed, placing, order)
        return Preview(order, image, placing, _words(order, seen), captions)

    def _partners(self, order: Order, seen: Preprocessing) -> list[PictureRef]:
        """A few pictures of the same split to mix with, by the dice; none where no other can be read."""
        count = len(order.dataset.splits[order.ref.split])
        chosen = np.random.default_rng(order.seed).permutation(count)[: _PARTNERS + 1]
        refs = [PictureRef(order.ref.split, int(index)) for index in chosen if index != order.ref.index]
        return [ref for ref in refs[:_PARTNERS] if self._is_readable(order.dataset, ref, seen)]

    def _is_readable(self, dataset: Dataset, ref: PictureRef, seen: Preprocessing) -> bool:
        try:
            self._read(dataset, ref, seen)
        except ImageError:
            return False
        return True

    def _read(self, dataset: Dataset, ref: PictureRef, seen: Preprocessing) -> np.ndarray:
        """uint8 C×H×W."""
        if dataset is not self._dataset:
            self._dataset = dataset
            self._pixels.clear()
        if (ref, seen) not in self._pixels:
            self._pixels[ref, seen] = dataset.splits[ref.split].pixels(ref.index, seen)
            if len(self._pixels) > _KEPT:
                self._pixels.popitem(last=False)
        self._pixels.move_to_end((ref, seen))
        return self._pixels[ref, seen]


def _preprocessing(order: Order) -> Preprocessing:
    dataset = order.dataset
    return choose_preprocessing(
        find_architecture(order.architecture), dataset.image_size, dataset.channels, None, pretrained=False
    )


def _scaled(space: tuple[int, int], ratio: float) -> tuple[int, int]:
    return round(space[0] * ratio), round(space[1] * ratio)


def _drawn(original: np.ndarray, changed: np.ndarray, placing: Placing, order: Order) -> QImage:
    """One image of the whole view; what lies between the pictures is left as it comes."""
    width, height = _scaled(order.space, order.ratio)
    sheet = np.zeros((height, width, 3), np.uint8)
    _put(sheet, placing.original, _resized(original, placing.original)[0])
    for box, tile in zip(placing.tiles, _resized(changed, placing.tiles[0]), strict=True):
        _put(sheet, box, tile)
    image = QImage(sheet.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
    image.setDevicePixelRatio(order.ratio)
    return image


def _put(sheet: np.ndarray, box: Box, tile: np.ndarray) -> None:
    seen = sheet[box.top : box.top + box.height, box.left : box.left + box.width]
    seen[:] = tile[: seen.shape[0], : seen.shape[1]]


def _resized(pictures: np.ndarray, box: Box) -> np.ndarray:
    """uint8 N×H×W×C in the size of the box: small ones enlarged pixel by pixel, others smoothly."""
    width = pictures.shape[2]
    if box.width >= 3 * width:
        return resample(pictures, box.height, box.width)
    batch = torch.from_numpy(pictures).permute(0, 3, 1, 2)
    size = [box.height, box.width]
    return F.interpolate(batch, size, mode="bilinear", antialias=True).permute(0, 2, 3, 1).numpy()


def _words(order: Order, seen: Preprocessing) -> tuple[str, ...]:
    split, index = order.dataset.splits[order.ref.split], order.ref.index
    name = split.name(index) if order.dataset.folder is None else split.key(index).rsplit("/", 1)[-1]
    size = _("{width} × {height} pixels").format(width=seen.width, height=seen.height)
    return (
        _class_name(order, order.ref),
        name,
        size,
        _("for {network}").format(network=find_architecture(order.architecture).title),
    )


def _shares_text(order: Order, partner: PictureRef, share: float) -> str:
    """“rose 70 %”, and below it “tulip 30 %”; the name alone where all is of one class."""
    own, other = _class_name(order, order.ref), _class_name(order, partner)
    if own == other or share > 0.995:
        return own
    parts = (own, share), (other, 1 - share)
    return "\n".join(_("{name} {percent}").format(name=name, percent=percent_text(part, 0)) for name, part in parts)


def _class_name(order: Order, ref: PictureRef) -> str:
    return order.dataset.classes[int(order.dataset.splits[ref.split].labels[ref.index])]
