"""The Inspect page: choose a model, a picture and a layer; see its filters and what it makes of the picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.inspect.detail_card import DetailCard
from cnn_desktop.ui.pages.inspect.grid_card import FiltersCard, MapsCard
from cnn_desktop.ui.pages.inspect.looking import Seen, dataset_of, dataset_pictures, find_layers, record
from cnn_desktop.ui.pages.inspect.side_card import SideCard
from cnn_desktop.ui.pages.model_page import ModelPage
from cnn_desktop.ui.pages.picture_actions import picture_actions
from cnn_desktop.ui.pages.pictures import GivenPicture, gather, pasted
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.empty_state import EmptyState
from cnn_desktop.ui.widgets.layer_tree import Layer

if TYPE_CHECKING:
    from cnn_desktop.models.model import Model


class InspectPage(ModelPage):
    """One forward pass gives the maps of every layer; choosing another layer or scale computes nothing anew."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "inspectModelPicker", parent)
        self._finding = self._new_job()
        self._recording = self._new_job()
        self._model: Model | None = None
        self._layers: list[str] = []
        self._pictures: list[GivenPicture] = []
        self._at = 0
        """Which of the pictures is shown."""
        self._are_own = False
        """Whether the pictures were given by the person, and stay when another model is chosen."""
        self._seen: Seen | None = None
        self._lay_out()
        self._actions = picture_actions(self, self._chooser, self._side.panel)
        self._connect()
        self._empty.tell(_("Getting ready…"))

    def _lay_out(self) -> None:
        self._side = SideCard(self._chooser.picker)
        self._from_dataset = self._side.panel.add_link("datasetPicture", _("From the dataset"), self._ask_dataset)
        self._maps = MapsCard()
        self._filters = FiltersCard()
        self._detail = DetailCard()
        self._preferred: MapsCard | FiltersCard = self._maps
        """The grid that was clicked last; the other is enlarged where it is empty."""
        self._empty = EmptyState()
        grids = QVBoxLayout()
        grids.setSpacing(S16)
        grids.addWidget(self._maps, 3)
        grids.addWidget(self._filters, 2)
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S16)
        row.addLayout(grids, 1)
        row.addWidget(self._detail)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(inside)
        right = QVBoxLayout()
        right.setSpacing(S16)
        right.addWidget(self._chooser.panel)
        right.addLayout(self._stack, 1)
        page = QHBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(S16)
        page.addWidget(self._side)
        page.addLayout(right, 1)

    def _connect(self) -> None:
        self._chooser.opened.connect(self._on_model)
        self._chooser.closed.connect(self._on_no_model)
        self._chooser.weights_needed.connect(self._ask_for_weights)
        self._chooser.failed.connect(self._on_error)
        self._chooser.listed.connect(self._on_listed)
        self.context.runs_changed.connect(self._chooser.refresh)
        self.context.inspection_asked.connect(self._look_at)
        zone = self._side.panel.zone
        zone.paths_given.connect(self._on_paths)
        zone.picture_given.connect(self._on_data)
        zone.refused.connect(self._on_bad_picture)
        self._side.panel.stepped.connect(self._step)
        self._side.layers.layer_chosen.connect(self._show_layer)
        for card in (self._maps, self._filters):
            card.chosen.connect(lambda index, card=card: self._on_chosen(card, index))
            card.rescaled.connect(self._enlarge)

    def _on_model(self, model: Model) -> None:
        self._model = model
        self._from_dataset.setVisible(bool(dataset_of(model)))
        self._finding.start(find_layers, model, on_done=self._on_layers, on_error=self._on_error)

    def _on_layers(self, layers: list[Layer]) -> None:
        self._layers = [layer.name for layer in layers]
        self._stack.setCurrentIndex(1)
        self._side.layers.show_layers(layers)
        if self._pictures and self._are_own:
            self._record()
        elif self._model is not None and dataset_of(self._model):
            # Nobody asked for this picture, so that a dataset that has gone is no error here.
            self._gathering.start(
                dataset_pictures, self._model, on_done=self._take_dataset, on_error=lambda _error: self._show_nothing()
            )
        else:
            self._show_nothing()

    def _on_no_model(self) -> None:
        for runner in (self._gathering, self._finding, self._recording):
            runner.cancel()
        self._model = self._seen = None
        self._layers = []
        self._side.layers.show_layers([])
        self._from_dataset.hide()
        self._stack.setCurrentIndex(0)
        self._empty.tell(_("Opening the model…") if self._chooser.ref else _("Choose a model at the left."))

    def _ask_for_weights(self) -> None:
        self._empty.tell(_("The model needs its weights first: download them, or load them from a file."))

    def _on_listed(self, has_models: bool) -> None:
        if self._chooser.ref:
            return
        self._from_dataset.hide()
        if has_models:
            self._empty.tell(_("Choose a model at the left."))
        else:
            text = _(
                "There is no trained model yet.\nTrain one in about a minute, or choose a pretrained one at the left."
            )
            self._empty.tell(text, _("Train one"), lambda: self.context.open_page("Train"))

    def _on_paths(self, paths: list[Path]) -> None:
        self._gathering.start(gather, paths, on_done=self._take_own, on_error=self._on_bad_picture)

    def _on_data(self, data: QImage) -> None:
        self._gathering.cancel()
        self._take_own([pasted(data)])

    def _look_at(self, model: str, picture: GivenPicture) -> None:
        """Look at a picture of another page with the model that it is about there."""
        self._gathering.cancel()
        if self._chooser.ref == model:
            self._take_own([picture])
            return
        self._are_own, self._pictures, self._at = True, [picture], 0
        self._side.panel.show_place(0, 1)
        self._chooser.choose(model)

    def _ask_dataset(self) -> None:
        if self._model is not None:
            self._gathering.start(
                dataset_pictures, self._model, on_done=self._take_dataset, on_error=self._on_bad_picture
            )

    def _take_own(self, pictures: list[GivenPicture]) -> None:
        self._are_own = True
        self._pictures, self._at = pictures, 0
        self._record()

    def _take_dataset(self, pictures: list[GivenPicture]) -> None:
        self._are_own = False
        self._pictures, self._at = pictures, 0
        self._record()

    def _step(self, by: int) -> None:
        if 0 <= self._at + by < len(self._pictures):
            self._at += by
            self._record()

    def _record(self) -> None:
        self._side.panel.show_place(self._at, len(self._pictures))
        if self._model is None:
            return
        given = self._pictures[self._at]
        self._recording.start(
            record, self._model, self._layers, given, on_done=self._on_seen, on_error=self._on_bad_picture
        )

    def _on_seen(self, seen: Seen) -> None:
        self._seen = seen
        self._side.panel.zone.show_picture(seen.picture.drawn, seen.picture.name)
        self._side.panel.label.setText(seen.picture.caption)
        self._show_layer(self._side.layers.current)

    def _show_nothing(self) -> None:
        """A model without a picture: its filters can be seen already."""
        self._pictures, self._seen = [], None
        self._side.panel.show_place(0, 1)
        self._side.panel.zone.show_picture(None)
        self._side.panel.label.clear()
        self._show_layer(self._side.layers.current)

    def _show_layer(self, layer: str) -> None:
        from cnn_desktop.explain.filters import filters

        if self._model is None or not layer:
            return
        self._filters.show_weights(layer, filters(self._model.module, layer))
        if self._seen is None:
            self._maps.clear(_("Drop a picture at the left to see what {layer} makes of it.").format(layer=layer))
        else:
            self._maps.show_maps(layer, self._seen.maps[layer])
        self._on_chosen(self._preferred, max(0, self._enlarged.grid.current))

    def _on_chosen(self, card: MapsCard | FiltersCard, index: int) -> None:
        """A filter makes the map of the same number: both are marked, the one that was clicked is enlarged."""
        self._preferred = card
        is_pair = self._maps.grid.count == self._filters.grid.count
        self._enlarged.grid.set_current(index if index < self._enlarged.grid.count else 0)
        self._other(self._enlarged).grid.set_current(self._enlarged.grid.current if is_pair else -1)
        self._enlarge()

    @property
    def _enlarged(self) -> MapsCard | FiltersCard:
        return self._preferred if self._preferred.grid.count else self._other(self._preferred)

    def _other(self, card: MapsCard | FiltersCard) -> MapsCard | FiltersCard:
        return self._filters if card is self._maps else self._maps

    def _enlarge(self) -> None:
        grid = self._enlarged.grid
        if grid.tiles is None or grid.current < 0:
            self._detail.clear()
            return
        name = grid.tile_name.format(number=grid.current)
        self._detail.show_tile(name[:1].upper() + name[1:], grid.tiles, grid.current)

    def _on_bad_picture(self, problem: Exception | str) -> None:
        """What can't be read leaves no maps behind that could be taken for its own."""
        self._recording.cancel()
        self._seen = None
        self._side.panel.zone.show_picture(None)
        self._side.panel.label.clear()
        if self._layers:
            self._show_layer(self._side.layers.current)
        self._maps.refuse(problem if isinstance(problem, str) else one_line(problem))
        self._tell_unexpected(problem)

    def _on_error(self, error: Exception) -> None:
        self._stack.setCurrentIndex(0)
        self._empty.tell_error(one_line(error))
        self._tell_unexpected(error)

    def _tell_unexpected(self, problem: Exception | str) -> None:
        if isinstance(problem, Exception) and not isinstance(problem, CnnDesktopError):
            self.context.notify_error(problem)
