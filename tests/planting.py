"""Copies planted in a folder of real flowers, and how many of them a report finds."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

Change = Callable[[Image.Image], Image.Image]
Pair = frozenset[str]

_BY_NATURE = """
daisy/10466290366_cc72e33532 daisy/10994032453_ac7f8d9e2e
daisy/10993710036_2033222c91 daisy/10993818044_4c19b86c82
daisy/33885735373_444ba02d9c_n daisy/34310869690_56cdc84a17_n
dandelion/4278757393_bca8415ed4_n dandelion/4654848357_9549351e0b_n
dandelion/8689302100_be76a16ccc_n dandelion/8689302980_9bd2f7b9fe_n
dandelion/17161833794_e1d92259d2_m dandelion/18304194360_2a4a0be631_m
dandelion/17482158576_86c5ebc2f8 dandelion/23192507093_2e6ec77bef_n
rose/1775233884_12ff5a124f rose/2093263381_afd51358a3
rose/4608559939_3487bf3b62_n rose/4609168052_3d4e1d3804_n
rose/13279526615_a3b0059bec rose/13342823005_16d3df58df_n
rose/15922772266_1167a06620 tulip/15922772266_1167a06620
rose/17104364030_ee31ee279b_n tulip/17104364030_ee31ee279b_n
rose/17291451621_0e39f08b9e_n tulip/17291451621_0e39f08b9e_n
rose/17291930305_79deae6a90_n tulip/17291930305_79deae6a90_n
sunflower/2588234269_c4bfd0d8b9_n sunflower/2588453601_66f2a03cca_n
sunflower/14889392928_9742aed45b_m sunflower/15066430311_fb57fa92b0_m
sunflower/15069459615_7e0fd61914_n sunflower/15072973261_73e2912ef2_n
tulip/2333321040_3960b9d67e_n tulip/2344751399_71620039f2_n
tulip/5635347336_bc1400e939_n tulip/5700394524_dc6f8fa9cd_n
tulip/7166539842_43b7e02883 tulip/7166539842_43b7e02883_n
tulip/7166550328_de0d73cfa9 tulip/7166550328_de0d73cfa9_n
tulip/7166552648_28b6dce578 tulip/7166552648_28b6dce578_n
tulip/7166567320_0a2beb6d42 tulip/7166567320_0a2beb6d42_n
tulip/7166606598_5d2cd307c3 tulip/7166606598_5d2cd307c3_n
tulip/7166644048_b00a14f01b tulip/7166644048_b00a14f01b_n
tulip/12916135413_dafcf3089e_n tulip/12916441224_2ed63596f8_n
"""
BY_NATURE: frozenset[Pair] = frozenset(frozenset(line.split()) for line in _BY_NATURE.split("\n") if line)
"""Pairs of the flowers that are one picture, some in other colours or qualities; each was looked at."""


def _resized(share: float) -> Change:
    return lambda picture: picture.resize(
        (round(picture.width * share), round(picture.height * share)), Image.Resampling.LANCZOS
    )


CHANGES: dict[str, tuple[Change, int]] = {
    "half": (_resized(0.5), 90),
    "a third": (_resized(0.36), 90),
    "double": (_resized(2), 90),
    "quality 60": (_resized(1), 60),
    "quality 25": (_resized(1), 25),
    "mirrored": (ImageOps.mirror, 90),
    "mirrored, smaller and worse": (lambda picture: _resized(0.7)(ImageOps.mirror(picture)), 50),
}
"""What makes near duplicates, and the JPEG quality in which they are saved."""


@dataclass(frozen=True)
class Planted:
    """A folder with `train` and `val`, and which pictures in the one are copies of those in the other."""

    folder: Path
    exact: frozenset[Pair]
    near: dict[str, frozenset[Pair]]
    """By change."""
    original: dict[str, str]
    """By key of a picture: the flower that it is or was made of."""

    def is_right(self, pair: Pair) -> bool:
        """Whether the two are one picture."""
        originals = frozenset(self.original[key] for key in pair)
        return len(originals) == 1 or originals in BY_NATURE


def plant_copies(flowers: Path, folder: Path, count: int, each: int, seed: int = 0) -> Planted:
    """Train on `count` flowers, validate on `each` exact copies and on `each` of every change, of different flowers."""
    random = np.random.default_rng(seed)
    files = sorted(flowers.glob("*/*.jpg"))
    chosen = [files[place] for place in random.permutation(len(files))[:count]]
    original: dict[str, str] = {}
    for path in chosen:
        key = f"train/{path.parent.name}/{path.name}"
        original[key] = f"{path.parent.name}/{path.stem}"
        _copied(path, folder / key)
    waiting = iter(chosen)
    made: dict[str, frozenset[Pair]] = {}
    for name in ("exact", *CHANGES):
        pairs: set[Pair] = set()
        for path in (next(waiting) for _number in range(each)):
            key = f"val/{path.parent.name}/{name} of {path.name}"
            original[key] = f"{path.parent.name}/{path.stem}"
            pairs.add(frozenset({f"train/{path.parent.name}/{path.name}", key}))
            _copied(path, folder / key, CHANGES.get(name))
        made[name] = frozenset(pairs)
    return Planted(folder, made.pop("exact"), made, original)


def pairs_of(groups: Iterable[Iterable[str]]) -> frozenset[Pair]:
    """Every two pictures that are in one group."""
    return frozenset(frozenset(pair) for group in groups for pair in combinations(group, 2))


def _copied(source: Path, target: Path, change: tuple[Change, int] | None = None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if change is None:
        shutil.copyfile(source, target)
        return
    made, quality = change
    with Image.open(source) as picture:
        made(picture.convert("RGB")).save(target, quality=quality)


def wrong_labels(labels: np.ndarray, classes: int, share: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Places of `share` of the labels, drawn by chance, and all labels with those there replaced by another class."""
    random = np.random.default_rng(seed)
    wrong = random.choice(len(labels), round(share * len(labels)), replace=False)
    given = labels.copy()
    given[wrong] = (labels[wrong] + random.integers(1, classes, len(wrong))) % classes
    return wrong, given
