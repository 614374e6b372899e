"""The pictures that a grid shows, by their places in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cnn_desktop.ui.widgets.picture_grid.tile import TileOrder

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset, PictureRef


@dataclass(frozen=True)
class ShownPictures:
    """Pictures of one dataset in an order of somebody's; nothing is looked up before it is asked for."""

    dataset: Dataset | None = None
    refs: Sequence[PictureRef] = ()
    marks: Mapping[str, str] = field(default_factory=dict)
    """By key: a word or two on the picture."""
    _keys: dict[int, str] = field(default_factory=dict)

    def key(self, place: int) -> str:
        """The picture's key in its dataset."""
        if place not in self._keys:
            ref = self.refs[place]
            self._keys[place] = self._of().splits[ref.split].key(ref.index)
        return self._keys[place]

    def class_name(self, place: int) -> str:
        """The class that it is counted to."""
        ref = self.refs[place]
        return self._of().classes[int(self._of().splits[ref.split].labels[ref.index])]

    def mark(self, place: int) -> str:
        """What is written on it."""
        return self.marks.get(self.key(place), "") if self.marks else ""

    def order(self, place: int, side: int, ratio: float) -> TileOrder:
        """What its tile is to be made of."""
        ref = self.refs[place]
        return TileOrder(self.key(place), self._of().splits[ref.split], ref.index, side, ratio)

    def _of(self) -> Dataset:
        if self.dataset is None:
            raise LookupError("pictures of no dataset")
        return self.dataset
