"""A grid of pictures in which those that belong together lie side by side on a ground of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from cnn_desktop.ui.pages.data.findings.group_geometry import GroupGeometry
from cnn_desktop.ui.theme import S4, colors
from cnn_desktop.ui.widgets.picture_grid import PictureGrid
from cnn_desktop.ui.widgets.picture_grid.geometry import GridGeometry
from cnn_desktop.ui.widgets.picture_grid.painting import CellLook

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset
    from cnn_desktop.ui.pages.data.findings.standing import GroupPicture

_SIDE = 128
_INSET = 3


class GroupGrid(PictureGrid):
    """Groups in their order; several pictures of a group share a soft ground."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._pictures: list[GroupPicture] = []
        self._groups: list[int] = []
        """For each picture, which group it belongs to."""
        self._sizes: list[int] = []
        self.set_thumbnail_side(_SIDE)

    def show_groups(self, dataset: Dataset | None, groups: Sequence[Sequence[GroupPicture]]) -> None:
        """Show these groups of pictures of `dataset`; what was chosen stays so where the pictures are the same."""
        pictures = [picture for group in groups for picture in group]
        chosen = set(self.selection.chosen) if [p.ref for p in pictures] == [p.ref for p in self._pictures] else set()
        self._pictures = pictures
        self._groups = [number for number, group in enumerate(groups) for _picture in group]
        self._sizes = [len(group) for group in groups]
        marks: Mapping[str, str] = {picture.key: picture.badge for picture in pictures}
        self.show_pictures(dataset, [picture.ref for picture in pictures], marks)
        if chosen:
            self.selection.chosen = chosen
            self.selection_changed.emit()

    def picture(self, place: int) -> GroupPicture:
        """The picture at that place."""
        return self._pictures[place]

    def chosen_keys(self) -> list[str]:
        """The keys of the chosen pictures, as they are shown."""
        return [self._pictures[place].key for place in sorted(self.selection.chosen)]

    @override
    def fitted(self, width: int, least_width: int, cell_height: int) -> GridGeometry:
        return GroupGeometry.of_groups(self._sizes, width, least_width, cell_height)

    @override
    def _look(self, place: int) -> CellLook:
        picture = self._pictures[place]
        return replace(super()._look(place), caption=picture.caption, is_dimmed=picture.is_dimmed)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._paint_grounds()
        super().paintEvent(event)

    def _paint_grounds(self) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors().hover))
        grounds: dict[tuple[int, int], QRect] = {}
        for place in self.places_in_sight():
            if self._sizes[self._groups[place]] > 1:
                cell = self.cell_rect(place)
                row = self._groups[place], cell.top()
                grounds[row] = grounds.get(row, cell).united(cell)
        for ground in grounds.values():
            painter.drawRoundedRect(QRectF(ground).adjusted(_INSET, _INSET, -_INSET, -_INSET), S4, S4)
        painter.end()
