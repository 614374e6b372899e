"""Contestant: augments a batch over and over again, on one thread. Run as: augmentation_contestant.py ours|v2.

Both take uint8 pictures and give one normalised float batch; an order says what is done to it on the way.
"""

import math
import sys
import time
from collections.abc import Callable

import torch
from torchvision.transforms import InterpolationMode, v2

from benchmarks.answering import Answer, Answers
from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS, Augmentation
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.augment import Augmenter, Mixer
from cnn_desktop.data.pictures import normalize
from cnn_desktop.train.memory_allocation import freed_memory_kept

SIDE, BATCH = 32, 128
_CLASSES = 10
_SEEN = Preprocessing(height=SIDE, width=SIDE, mean=(0.4914, 0.4822, 0.4465), std=(0.247, 0.2435, 0.2616))

RECIPES = {
    "flip and crop": AUGMENTATION_PRESETS["light"],
    "rotation, shear, zoom and shift": Augmentation(rotation=15, shear=0.1, zoom=0.2, translation=0.1),
    "strong": AUGMENTATION_PRESETS["strong"],
}


def batched(wanted: Augmentation, pixels: torch.Tensor, labels: torch.Tensor) -> Callable[[], object]:
    """Ours, as training does it."""
    augmenter, mixer = Augmenter(wanted, _SEEN), Mixer(wanted, _CLASSES)
    generator = torch.Generator()

    def augment() -> object:
        batch = augmenter(normalize(pixels, _SEEN), generator)
        return mixer(batch, labels, generator) if wanted.mixes else batch

    return augment


def one_by_one(wanted: Augmentation, pixels: torch.Tensor, labels: torch.Tensor) -> Callable[[], object]:
    """The same by torchvision, composed as its documentation does; only mixing is done on the batch there too."""
    compose = v2.Compose(
        [*_moves(wanted), *_colours(wanted), v2.ToDtype(torch.float32, scale=True), *_normalised(wanted)]
    )
    mix = v2.RandomChoice(
        [
            kind(alpha=alpha or 1.0, num_classes=_CLASSES)
            for kind, alpha in ((v2.MixUp, wanted.mixup), (v2.CutMix, wanted.cutmix))
        ]
    )
    pictures = [picture.contiguous() for picture in pixels]

    def augment() -> object:
        batch = torch.stack([compose(picture) for picture in pictures])
        return mix(batch, labels) if wanted.mixes else batch

    return augment


def _moves(wanted: Augmentation) -> list[torch.nn.Module]:
    moves: list[torch.nn.Module] = []
    slant = math.degrees(math.atan(wanted.shear))
    if wanted.rotation:
        moves.append(
            v2.RandomAffine(
                [-wanted.rotation, wanted.rotation],
                translate=(wanted.translation, wanted.translation),
                scale=(1 - wanted.zoom, 1 + wanted.zoom),
                shear=[-slant, slant],
                interpolation=InterpolationMode.BILINEAR,
            )
        )
    if wanted.horizontal_flip:
        moves.append(v2.RandomHorizontalFlip())
    if wanted.crop_padding:
        moves.append(v2.RandomCrop(SIDE, padding=wanted.crop_padding, padding_mode="reflect"))
    return moves


def _colours(wanted: Augmentation) -> list[torch.nn.Module]:
    factors = wanted.brightness, wanted.contrast, wanted.saturation, wanted.hue
    return [v2.ColorJitter(*factors)] if any(factors) else []


def _normalised(wanted: Augmentation) -> list[torch.nn.Module]:
    normalized = v2.Normalize(list(_SEEN.mean), list(_SEEN.std))
    return [normalized, v2.RandomErasing(wanted.erasing)] if wanted.erasing else [normalized]


_WAYS = {"ours": batched, "v2": one_by_one}


def run(way: str, recipe: str, seconds: float) -> Answer:
    """Augment for so long: pictures a second."""
    generator = torch.Generator().manual_seed(0)
    pixels = torch.randint(256, (BATCH, SIDE, SIDE, 3), dtype=torch.uint8, generator=generator).permute(0, 3, 1, 2)
    augment = _WAYS[way](RECIPES[recipe], pixels, torch.randint(_CLASSES, (BATCH,), generator=generator))
    count, began = 0, time.perf_counter()
    while (taken := time.perf_counter() - began) < seconds or not count:
        augment()
        count += BATCH
    return {"rate": count / taken}


def main() -> None:
    """Measure whenever told to."""
    answers = Answers()
    torch.set_num_threads(1)  # as many as operators on so small pictures take by themselves
    with freed_memory_kept():  # as in a training
        answers.serve({}, lambda **order: run(sys.argv[1], **order))


if __name__ == "__main__":
    main()
