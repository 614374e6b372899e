"""Counting, searching and sorting the answers in a job's thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.pages.predict.many.catalogue import Catalogue, Wanted

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Order:
    """Which answers shall be shown."""

    catalogue: Catalogue
    wanted: Wanted


@dataclass(frozen=True)
class Arranged:
    """Which they are, and how many there are of each group."""

    catalogue: Catalogue
    wanted: Wanted
    places: np.ndarray
    counts: Mapping[int, int]


def arrange(order: Order, progress: Progress = no_progress) -> Arranged:
    """Look through the answers that have arrived so far."""
    progress(0, 0)
    catalogue, wanted = order.catalogue, order.wanted
    return Arranged(catalogue, wanted, catalogue.arranged(wanted), catalogue.counts(wanted.threshold))
