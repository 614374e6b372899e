"""Which pictures are one picture in another size, quality or mirrored.

Small grey pictures, freed of brightness and contrast, are compared. Other sizes and qualities leave their lowest
frequencies nearly as they are, and a mirror only turns the sign of every second one. So these go into a k-d tree, which
finds the few pairs that are worth a closer look, in far less time than all pairs would take (after Faloutsos,
Ranganathan and Manolopoulos, Fast subsequence matching, 1994).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.fft import dctn
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

GREY_SIDE = 32
"""Pixels of a side of the small grey pictures."""
COLOUR_SIDE = 8
"""The same of their colours."""

_TINY = 40
"""Pixels; pictures with a shorter side than this, such as digits, are alike by nature: more is asked of them."""
_DISTANCE = (0.05, 0.01)
"""1 - correlation to which two pictures (two tiny ones) may be one. Flowers with a third of the pixels of a side, or as
JPEG of quality 10, lie 0.04 from what they were made of."""
_LOW_DISTANCE = 0.01
"""The same in the lowest frequencies alone: 0.002 for those flowers, 0.008 for some in other colours or contrast."""
_DETAIL_DISTANCE = (0.15, 0.05)
"""The same for what is finer than an eighth of a side: up to 0.1 for one picture, from 0.25 on for two that are merely
composed alike, such as fields under the sky."""
_BRIGHTNESS, _COLOUR = 40.0, 20.0
"""Grey levels by which means and colours may differ: a red and a blue shape are not the same picture."""
_NOISE = 4.0
"""Grey levels that compression changes, which must not decide over pictures without contrast."""
_FREQUENCIES = 24
_NEIGHBOURS = 8
"""So many are looked at for each picture; larger groups hang together by the neighbours' neighbours."""
_BLOCK = 4096


@dataclass(frozen=True)
class Looks:
    """Small versions of N pictures."""

    grey: np.ndarray
    """uint8, N×`GREY_SIDE`²."""
    colours: np.ndarray
    """uint8, N×2×`COLOUR_SIDE`²: Cb and Cr."""
    sides: np.ndarray
    """int, N: the shorter side of the picture itself, in pixels."""


def like_groups(looks: Looks) -> list[np.ndarray]:
    """Places of pictures that are one picture: a sorted array for each group of two or more."""
    count = len(looks.grey)
    if count < 2:
        return []
    pairs = np.concatenate([*_pairs(looks, is_mirrored=False), *_pairs(looks, is_mirrored=True)])
    links = coo_array((np.ones(len(pairs), dtype=bool), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    group_of = np.asarray(connected_components(links, directed=False)[1])
    order = np.argsort(group_of, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(group_of[order])) + 1)
    return sorted((group for group in groups if len(group) > 1), key=lambda group: int(group[0]))


def _pairs(looks: Looks, is_mirrored: bool) -> Iterator[np.ndarray]:
    """int64 M×2: pictures of which the first is the second, or the second mirrored."""
    low, is_odd = _low_frequencies(looks.grey)
    sought = np.where(is_odd, -low, low) if is_mirrored else low
    neighbours = min(_NEIGHBOURS, len(low) - 1) + 1  # the picture itself is one
    tree = KDTree(low)
    found = np.asarray(tree.query(sought, neighbours, distance_upper_bound=(2 * _LOW_DISTANCE) ** 0.5)[1])
    places, columns = np.nonzero(found < len(low))  # where nothing was found, it is the number of pictures
    pairs = np.stack([places, found[places, columns]], axis=1)
    pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1), axis=0)
    for start in range(0, len(pairs), _BLOCK):
        block = pairs[start : start + _BLOCK]
        yield block[_is_same(looks, block, is_mirrored)]
    yield np.empty((0, 2), dtype=np.int64)


def _low_frequencies(grey: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """float32 N×`_FREQUENCIES` of the pictures without brightness and contrast; which change their sign in a mirror."""
    down, across = np.divmod(np.arange(GREY_SIDE**2), GREY_SIDE)
    chosen = np.argsort(down**2 + across**2, kind="stable")[1 : _FREQUENCIES + 1]
    blocks: list[np.ndarray] = []
    for start in range(0, len(grey), _BLOCK):
        pictures = _evened(grey[start : start + _BLOCK]).reshape(-1, GREY_SIDE, GREY_SIDE)
        waves = np.asarray(dctn(pictures, axes=(1, 2), norm="ortho"))
        blocks.append(waves.reshape(len(pictures), -1)[:, chosen])
    return np.concatenate(blocks), across[chosen] % 2 == 1


def _is_same(looks: Looks, pairs: np.ndarray, is_mirrored: bool) -> np.ndarray:
    """bool M: the closer look at each pair."""
    first, second = pairs.T
    one, other = looks.grey[first].astype(np.float32), looks.grey[second].astype(np.float32)
    colours, others = looks.colours[first].astype(np.float32), looks.colours[second].astype(np.float32)
    if is_mirrored:
        other, others = _mirrored(other, GREY_SIDE), _mirrored(others, COLOUR_SIDE)
    is_tiny = (np.minimum(looks.sides[first], looks.sides[second]) < _TINY).astype(int)
    return (
        (_distance(one, other) <= np.array(_DISTANCE)[is_tiny])
        & (_distance(_details(one), _details(other)) <= np.array(_DETAIL_DISTANCE)[is_tiny])
        & (np.abs(one.mean(axis=1) - other.mean(axis=1)) <= _BRIGHTNESS)
        & (((colours - others) ** 2).mean(axis=(1, 2)) <= _COLOUR**2)
    )


def _evened(pictures: np.ndarray) -> np.ndarray:
    """float32, each row less its mean, over its spread and length, so that two rows are 2·(1 - correlation) apart."""
    values = pictures.astype(np.float32)
    values -= values.mean(axis=1, keepdims=True)
    return values / np.sqrt(values.shape[1] * (values.var(axis=1, keepdims=True) + _NOISE**2))


def _distance(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return ((_evened(first) - _evened(second)) ** 2).sum(axis=1) / 2


def _details(pictures: np.ndarray) -> np.ndarray:
    """What is left when every square of 4×4 pixels loses its mean."""
    squares = pictures.reshape(-1, GREY_SIDE // 4, 4, GREY_SIDE // 4, 4)
    return (squares - squares.mean(axis=(2, 4), keepdims=True)).reshape(len(pictures), -1)


def _mirrored(pictures: np.ndarray, side: int) -> np.ndarray:
    shape = pictures.shape
    return pictures.reshape(*shape[:-1], side, side)[..., ::-1].reshape(shape)
