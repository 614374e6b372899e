"""The Layers tab: the maps of the chosen layer, one of them enlarged, its filters, and how a number came to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.inspect.arithmetic.panel import ArithmeticPanel
from cnn_desktop.ui.pages.inspect.exciting.panel import ExcitingPanel
from cnn_desktop.ui.pages.inspect.faces import FacesCard
from cnn_desktop.ui.pages.inspect.layers.detail_card import DetailCard
from cnn_desktop.ui.pages.inspect.layers.filters_face import FiltersFace
from cnn_desktop.ui.pages.inspect.layers.maps_card import MapsCard
from cnn_desktop.ui.pages.inspect.panel import Panel
from cnn_desktop.ui.pages.inspect.subject import LayerCell, Subject
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.map_grid import Cell

if TYPE_CHECKING:
    from cnn_desktop.explain.recording import Recording


class LayersPanel(Panel):
    """A click on a map chooses its cell, a click on a filter the map that it makes.

    A cell that is chosen in the enlarged map is asked for as a number: how it came to be is shown.
    """

    def __init__(self, context: AppContext, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(context, subject, parent)
        self._maps = MapsCard()
        self._filters = FiltersFace(context, subject)
        self._faces = FacesCard("layerFaces", _("Filters, or how a number came to be"))
        self._faces.add_face(_("Filters"), self._filters)
        self._arithmetic = ArithmeticPanel(context, subject)
        self._faces.add_face(_("How this number came to be"), self._arithmetic)
        self._detail = DetailCard()
        self._exciting = ExcitingPanel(context, subject)
        self._detail.body.addSpacing(S8)
        self._detail.body.addWidget(self._exciting, 1)
        self._prefers_filter = False
        """Whether a filter was clicked last, which is then enlarged instead of the map that it makes."""
        self._recording: Recording | None = None
        """Whose maps are shown."""
        self._words = ("", "")
        """The layer and the problem that are shown."""
        self._lay_out()
        self._connect()

    @override
    def follow(self) -> None:
        subject = self.subject
        words = (subject.layer, subject.problem)
        if self._recording is not subject.recording or self._words != words:
            self._recording, self._words = subject.recording, words
            self._show_maps()
        if subject.cell is not None:
            self._maps.grid.set_current(subject.cell.channel)
        self._enlarge()

    @override
    def shutdown(self) -> None:
        self._faces.shutdown()
        self._exciting.shutdown()
        super().shutdown()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(S16)
        row.addWidget(self._maps, 5)
        row.addWidget(self._detail, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addLayout(row, 9)
        column.addWidget(self._faces, 5)
        for card in (self._maps, self._detail, self._faces):
            # What they show changes with every click; how the space is shared must not.
            card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)

    def _connect(self) -> None:
        self._maps.grid.cell_chosen.connect(self._choose_cell)
        self._maps.grid.pointed.connect(self._point)
        self._maps.redrawn.connect(self._on_redrawn)
        self._filters.chosen.connect(self._choose_filter)
        self._filters.redrawn.connect(self._enlarge)
        self._detail.cell_chosen.connect(self._choose_place)
        self._detail.pointed.connect(self._point_in_map)

    def _show_maps(self) -> None:
        subject = self.subject
        if subject.problem:
            self._maps.clear(subject.problem)
        elif not subject.layer:
            self._maps.clear("")
        elif subject.recording is not None and subject.layer in subject.recording.operations:
            self._maps.show_maps(subject.layer, subject.recording.maps(subject.layer))
            self._settle_cell()
        elif subject.given is None:
            text = _("Drop a picture at the left to see what {layer} makes of it.")
            self._maps.clear(text.format(layer=subject.layer))

    def _on_redrawn(self) -> None:
        self._filters.set_order(self._maps.order)
        self._enlarge()

    def _settle_cell(self) -> None:
        """Keep the chosen place where the layer has it; else begin where its first map is strongest."""
        tiles, cell = self._maps.grid.tiles, self.subject.cell
        assert tiles is not None
        height, width = tiles.shape
        if cell is None or cell.channel >= tiles.count or cell.row >= height or cell.column >= width:
            row, column = divmod(int(tiles.values[0].argmax()), width)
            self.subject.set_cell(LayerCell(0, row, column))

    def _choose_cell(self, cell: Cell) -> None:
        self._prefers_filter = False
        self.subject.set_cell(LayerCell(cell.tile, cell.row, cell.column))
        self._enlarge()

    def _choose_filter(self, number: int) -> None:
        self._prefers_filter = True
        here = self.subject.cell or LayerCell(0, 0, 0)
        self.subject.set_cell(here._replace(channel=number))
        self._enlarge()

    def _choose_place(self, cell: Cell) -> None:
        here = self.subject.cell
        if here is not None and not self._is_filter_enlarged:
            self.subject.set_cell(LayerCell(here.channel, cell.row, cell.column))
            self._faces.show_face(self._arithmetic)

    def _point(self, cell: Cell | None) -> None:
        self.subject.point_at(None if cell is None else LayerCell(cell.tile, cell.row, cell.column))

    def _point_in_map(self, cell: Cell | None) -> None:
        here = self.subject.cell
        if here is None or self._is_filter_enlarged:
            return
        self._point(None if cell is None else Cell(here.channel, cell.row, cell.column))

    @property
    def _is_filter_enlarged(self) -> bool:
        return bool(self._filters.grid.count) and (self._prefers_filter or not self._maps.grid.count)

    def _enlarge(self) -> None:
        grid = self._filters.grid if self._is_filter_enlarged else self._maps.grid
        cell = self.subject.cell
        if grid.tiles is None:
            self._detail.clear()
            return
        channel = cell.channel if cell is not None and cell.channel < grid.count else 0
        name = grid.tile_name.format(number=channel)
        place = None if cell is None or self._is_filter_enlarged else Cell(0, cell.row, cell.column)
        self._detail.show_tile(name[:1].upper() + name[1:], grid.tiles, channel, place)
