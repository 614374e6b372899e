"""The network while it learns: its first filters, and what it makes of one pinned picture."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.jobs.live_run import LiveRun
from cnn_desktop.ui.pages.pictures import GivenPicture, SeenPicture, from_file, look_at, pasted
from cnn_desktop.ui.pages.train.pinned_picture import PinnedPicture
from cnn_desktop.ui.theme import S4, S16
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.fields import Picker
from cnn_desktop.ui.widgets.map_grid import MapGrid
from cnn_desktop.ui.widgets.tile_layout import TileRules

if TYPE_CHECKING:
    import numpy as np

    from cnn_desktop.train.sight import Sight

_RULES = TileRules(smallest=3, largest=96, gap=3)

_LINE = 20
"""Pixels of the line above a grid."""


class LiveCard(Card):
    """Asks to see the network only while it can be seen itself, so that it costs nothing on another page."""

    look_changed = Signal(object)
    """The `Look` that is wanted from now on, or None."""
    inspect_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Live"), parent)
        self.setObjectName("liveCard")
        self._given: SeenPicture | None = None
        self._reading = JobRunner(self)
        self._picture = PinnedPicture()
        self._picture.paths_given.connect(self._take_files)
        self._picture.data_given.connect(lambda data: self._take(pasted(data)))
        self._picture.refused.connect(self._refuse)
        self._picture.reset_asked.connect(self._forget)
        self._filters = _grid("liveFilterGrid", _("Filters of the first convolution, live"), _("filter {number}"))
        self._maps = _grid("liveMapGrid", _("Feature maps of the pinned picture, live"), _("map {number}"))
        self._filters_line, self._moment = ElidedLabel(), ElidedLabel()
        self._moment.setObjectName("liveMoment")
        self._layer = Picker("liveLayerPicker")
        self._layer.setAccessibleName(_("Layer whose feature maps are shown"))
        self._layer.setProperty("role", "quiet")
        self._layer.setMinimumContentsLength(2)
        self._layer.edited.connect(self._ask)
        self._lay_out()
        self.clear()

    def follow(self, run: LiveRun) -> None:
        """Watch whatever `run` trains, as long as the card can be seen."""
        run.seen.connect(self.show_sight)
        self.look_changed.connect(run.watch)

    def clear(self) -> None:
        """Forget the last run; the pinned picture stays, if it is a person's own."""
        self._show_layers((), "")
        self._filters.show_tiles(None)
        self._maps.show_tiles(None, _("The first look comes with the first steps."))
        self._filters_line.setText("")
        self._moment.setText("")
        self._picture.show_answer("")

    def shutdown(self) -> None:
        """Await what is being read."""
        self._reading.cancel()
        self._reading.wait()

    def show_sight(self, sight: Sight) -> None:
        """Show what was seen of the network."""
        from cnn_desktop.ui.pages.train.live_tiles import filter_tiles, map_tiles, picture_of

        if not self.isVisible():
            return
        self._show_layers(sight.layers, sight.layer)
        if sight.filters is not None:
            self._filters.show_tiles(filter_tiles(sight.filters))
            self._filters_line.setText(_("{layer} filters").format(layer=sight.filter_layer))
        self._maps.show_tiles(map_tiles(sight.maps))
        if self._given is None:
            self._picture.show_picture(picture_of(sight.pixels), sight.picture, is_own=False)
        self._picture.show_answer(*_answer(sight.classes, sight.probabilities))
        text = _("epoch {epoch}, step {step:,}").format(epoch=max(1, math.ceil(sight.epoch)), step=sight.step)
        self._moment.setText(" · ".join(filter(None, (text, sight.problem))))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.look_changed.emit(None)

    def _lay_out(self) -> None:
        self.header.insertWidget(1, self._moment, 1)
        inspect = QPushButton(_("Look inside"))
        inspect.setObjectName("liveInspectButton")
        inspect.setProperty("role", "link")
        inspect.setAccessibleName(_("Look inside the network on the Inspect page"))
        inspect.setToolTip(_("All layers of the newest snapshot, on the Inspect page"))
        inspect.clicked.connect(self.inspect_asked)
        self.header.addWidget(inspect)
        sides = QHBoxLayout()
        sides.setSpacing(S16)
        sides.addWidget(self._picture)
        for line, grid in ((self._filters_line, self._filters), (self._layer, self._maps)):
            column = QVBoxLayout()
            column.setSpacing(S4)
            line.setFixedHeight(_LINE)
            column.addWidget(line)
            column.addWidget(grid, 1)
            sides.addLayout(column, 1)
        self.body.addLayout(sides, 1)

    def _show_layers(self, layers: tuple[str, ...], layer: str) -> None:
        known = [self._layer.itemData(at) for at in range(self._layer.count())]
        if known != list(layers):
            self._layer.blockSignals(True)
            self._layer.clear()
            for name in layers:
                self._layer.addItem(_("maps of {layer}").format(layer=name), name)
            self._layer.choose(layer)
            self._layer.blockSignals(False)
        self._layer.setEnabled(bool(layers))

    def _ask(self) -> None:
        """Say what is to be seen from now on."""
        if self.isVisible():
            from cnn_desktop.train.sight import Look

            opened = None if self._given is None else self._given.opened
            self.look_changed.emit(Look(opened, self._layer.choice()))

    def _take_files(self, paths: list[Path]) -> None:
        self._take(from_file(paths[0]))

    def _take(self, given: GivenPicture) -> None:
        self._reading.start(_read, given, on_done=self._pin, on_error=lambda error: self._refuse(one_line(error)))

    def _pin(self, seen: SeenPicture) -> None:
        self._given = seen
        self._picture.show_picture(seen.drawn, seen.name, is_own=True)
        self._ask()

    def _forget(self) -> None:
        self._reading.cancel()
        self._given = None
        self._ask()

    def _refuse(self, reason: str) -> None:
        self._moment.setText(reason)


def _read(given: GivenPicture, progress: object) -> SeenPicture:
    del progress
    return look_at(given)


def _answer(classes: tuple[str, ...], probabilities: np.ndarray) -> tuple[str, str]:
    best = int(probabilities.argmax())
    return classes[best], percent_text(float(probabilities[best]))


def _grid(object_name: str, name: str, tile_name: str) -> MapGrid:
    grid = MapGrid(tile_name, _RULES)
    grid.setObjectName(object_name)
    grid.setAccessibleName(name)
    grid.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    grid.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
    return grid
