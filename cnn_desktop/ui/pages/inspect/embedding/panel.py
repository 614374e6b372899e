"""The tab: which pictures, laid out how; the map; its legend; and the pictures that are chosen on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.data.dataset import PictureRef, SplitName, split_title
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.newest import NewestRunner
from cnn_desktop.ui.pages.inspect.embedding.gallery import Gallery
from cnn_desktop.ui.pages.inspect.embedding.legend import Legend
from cnn_desktop.ui.pages.inspect.embedding.map_view import MapView
from cnn_desktop.ui.pages.inspect.embedding.work import (
    Order,
    PictureMap,
    Pointed,
    Progression,
    Way,
    draw_map,
    small_picture,
    splits_of,
)
from cnn_desktop.ui.pages.inspect.model_dataset import given_picture
from cnn_desktop.ui.pages.inspect.panel import Panel
from cnn_desktop.ui.pages.inspect.subject import Subject
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.fields import Picker

if TYPE_CHECKING:
    from cnn_desktop.models.model import Model

_NARROWEST, _SIDE = 160, 264
_TWO_LINES = 420
"""A map narrower than this has its fields in two lines."""
_SIZES = (1000, 3000, 10_000, 30_000)


class EmbeddingPanel(Panel):
    """A map belongs to a model; another model's is drawn when it is asked for."""

    def __init__(self, context: AppContext, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(context, subject, parent)
        self._listing, self._drawing = self._new_job(), self._new_job()
        self._looking = NewestRunner(small_picture, self._show_picture, lambda _error: None, self)
        self._model: Model | None = None
        self._counts: dict[SplitName, int] = {}
        self._map: PictureMap | None = None
        self._progression = Progression()
        self._make_fields()
        self._lay_out()
        self._connect()

    @override
    def follow(self) -> None:
        if self.subject.model is self._model:
            return
        before, self._model = self._model, self.subject.model
        self._drawing.cancel()
        self._forget()
        if before is not None and self._model is not None and _is_about_the_same(before, self._model):
            return  # the same pictures, as when another state of a run is looked into
        self._split.clear()
        self._button.setEnabled(False)
        if self._model is not None:
            self._listing.start(splits_of, self._model, on_done=self._offer_splits, on_error=self._on_error)

    @override
    def shutdown(self) -> None:
        self._looking.cancel()
        super().shutdown()
        self._looking.wait()
        self._gallery.grid.shutdown()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = event.size().width() * 2 // 3 < _TWO_LINES
        self._fields.setDirection(QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight)

    # ---- what is asked for

    def _make_fields(self) -> None:
        self._split = Picker("mapSplit")
        self._split.setAccessibleName(_("Which pictures"))
        self._way = Picker("mapWay", {"directions": _("PCA"), "neighbours": _("t-SNE")})
        self._way.setToolTip(
            _("PCA: the two directions in which the points differ most. t-SNE: neighbours stay together; takes longer")
        )
        self._way.setAccessibleName(_("How they are laid out"))
        self._most = Picker("mapSize")
        self._most.setAccessibleName(_("How many pictures"))
        self._button = QPushButton()
        self._button.setObjectName("drawMap")
        self._button.setProperty("role", "primary")
        self._bar = QProgressBar()
        self._bar.setObjectName("mapProgress")
        self._bar.setAccessibleName(_("Progress of the map"))
        self._bar.setTextVisible(False)
        self._line = caption()
        self._line.setObjectName("mapLine")
        self._line.setWordWrap(True)
        self._view = MapView()
        self._legend = Legend()
        self._gallery = Gallery()
        self._show_drawing(False)

    def _offer_splits(self, counts: dict[SplitName, int]) -> None:
        for name in ("test", "validation", "train"):
            if name in counts:
                title = split_title(name)
                self._split.addItem(title[:1].upper() + title[1:], name)
        self._counts = counts
        self._offer_sizes()
        self._button.setEnabled(True)

    def _offer_sizes(self) -> None:
        count = self._counts.get(cast("SplitName", self._split.choice()), 0)
        before = self._most.choice()
        self._most.blockSignals(True)
        self._most.clear()
        for size in (size for size in _SIZES if size < count):
            self._most.addItem(f"{size:,}", str(size))
        self._most.addItem(_("All {count:,}").format(count=count), str(count))
        self._most.setCurrentIndex(max(0, self._most.findData(before) if before else min(1, self._most.count() - 1)))
        self._most.blockSignals(False)

    def _draw(self) -> None:
        if self._drawing.is_running:
            self._drawing.cancel()
            self._show_drawing(False)
            self._line.setText(_("Cancelled."))
            return
        if self._model is None:
            return
        way = cast("Way", self._way.choice())
        order = Order(self._model, cast("SplitName", self._split.choice()), way, int(self._most.choice() or 0))
        self._progression = Progression()
        self._show_drawing(True)
        self._drawing.start(
            draw_map,
            order,
            self._progression,
            on_done=self._take,
            on_error=self._on_error,
            on_progress=self._on_progress,
        )

    # ---- what comes

    def _on_progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        if total:
            self._line.setText(self._progression.words.format(done=done, total=total))
        if self._progression.map is not None and self._progression.map is not self._map:
            self._show_map(self._progression.map)

    def _take(self, drawn: PictureMap) -> None:
        self._show_drawing(False)
        self._show_map(drawn)
        self._line.setText(_about(drawn))

    def _show_map(self, shown: PictureMap) -> None:
        before, self._map = self._map, shown
        embedded = shown.embedded
        self._view.show_points(shown.places, embedded.labels, shown.is_wrong)
        if before is None or before.embedded is not embedded:
            self._legend.show_classes(shown.dataset.classes, embedded.labels)
            self._gallery.show_points(None, np.zeros(0, np.int64))
        self._legend.wrong_only.setEnabled(bool(shown.is_wrong.any()))
        self._hide()

    def _hide(self) -> None:
        if self._map is None:
            return
        hidden = np.isin(self._map.embedded.labels, list(self._legend.hidden()))
        if self._legend.wrong_only.isChecked():
            hidden |= ~self._map.is_wrong
        self._view.hide_points(hidden)

    def _forget(self) -> None:
        self._map = None
        none = np.zeros(0, np.int64)
        self._view.empty_text = _(
            "Every picture becomes a point: near others that the model finds alike, far from those that it tells apart."
        )
        self._view.show_points(np.zeros((0, 2), np.float32), none, none.astype(bool))
        self._legend.show_classes((), none)
        self._gallery.show_points(None, none)
        self._line.clear()
        self._show_drawing(False)

    def _show_drawing(self, is_drawing: bool) -> None:
        self._button.setText(_("Cancel") if is_drawing else _("Draw"))
        self._button.setAccessibleName(_("Cancel") if is_drawing else _("Draw the map"))
        self._bar.setVisible(is_drawing)
        self._bar.setRange(0, 0)

    def _on_error(self, error: Exception) -> None:
        self._show_drawing(False)
        self._line.setText(one_line(error))
        if not isinstance(error, CnnDesktopError):
            self.context.notify_error(error)

    # ---- pointing and choosing

    def _point(self, point: int) -> None:
        if point < 0 or self._map is None:
            self._looking.cancel()
            return
        self._view.show_bubble(point, None, self._map.words(point))
        self._looking.ask(Pointed(self._map, point))

    def _show_picture(self, answer: tuple[Pointed, QImage]) -> None:
        pointed, picture = answer
        if pointed.map is self._map:
            self._view.show_bubble(pointed.place, picture, pointed.map.words(pointed.place))

    def _choose(self, points: np.ndarray) -> None:
        self._gallery.show_points(self._map, points)

    def _open(self, ref: PictureRef) -> None:
        if self._map is not None:
            self.subject.picture_wanted.emit(given_picture(self._map.dataset, ref.split, ref.index))

    def _open_point(self, point: int) -> None:
        if self._map is not None:
            self._open(self._map.ref(point))

    # ---- wiring

    def _connect(self) -> None:
        self._button.clicked.connect(self._draw)
        self._split.edited.connect(self._offer_sizes)
        self._legend.changed.connect(self._hide)
        self._legend.emphasised.connect(self._view.emphasise)
        self._view.pointed.connect(self._point)
        self._view.opened.connect(self._open_point)
        self._view.chosen.connect(self._choose)
        self._gallery.opened.connect(self._open)

    def _lay_out(self) -> None:
        card = Card()
        self._fields = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._fields.setSpacing(S8)
        for pair in ((self._split, self._most), (self._way, self._button)):
            line = QHBoxLayout()
            line.setSpacing(S8)
            for field in pair:
                line.addWidget(field, 1)
            self._fields.addLayout(line, 1)
        card.body.addLayout(self._fields)
        card.body.addWidget(self._bar)
        card.body.addWidget(self._view, 1)
        card.body.addWidget(self._line)
        classes = Card(_("Classes"))
        classes.body.addWidget(self._legend)
        side = QVBoxLayout()
        side.setSpacing(S16)
        side.addWidget(classes, 2)
        side.addWidget(self._gallery, 3)
        for one in (classes, self._gallery):
            one.setMinimumWidth(_NARROWEST)
            one.setMaximumWidth(_SIDE)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S16)
        row.addWidget(card, 2)
        row.addLayout(side, 1)


def _is_about_the_same(first: Model, second: Model) -> bool:
    return all(first.figures.get(name) == second.figures.get(name) for name in ("dataset", "data_root"))


def _about(drawn: PictureMap) -> str:
    """What the map tells, and what it doesn't."""
    kept = percent_text(drawn.neighbours, 0)
    wrong = int(drawn.is_wrong.sum())
    parts = [_("{count:,} pictures").format(count=len(drawn.embedded))]
    if wrong:
        parts.append(_("{count:,} wrong, ringed").format(count=wrong))
    if drawn.share:
        parts.append(_("the two directions hold {share} of the variance").format(share=percent_text(drawn.share, 0)))
    parts.append(_("of each picture’s ten nearest, {kept} are so on the map").format(kept=kept))
    text = " · ".join(parts) + "."
    if drawn.order.way == "neighbours":
        text += " " + _("Sizes of groups and distances between them mean little.")
    return text
