"""The tab: which unit, the picture that it wants as it comes about, and how far that is from real pictures."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.files import atomic_path
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.inspect.panel import Panel
from cnn_desktop.ui.pages.inspect.subject import LayerCell, Subject
from cnn_desktop.ui.pages.inspect.units.controls import Controls
from cnn_desktop.ui.pages.inspect.units.rival_card import RivalCard
from cnn_desktop.ui.pages.inspect.units.work import Easel, Granted, Rival, Wish, drawn, find_rival, search
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.pixel_view import PixelView

_SIDE = 252


class UnitsPanel(Panel):
    """What was found stays while the model does; a unit that was searched for shows its picture at once."""

    def __init__(self, context: AppContext, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(context, subject, parent)
        self._searching, self._comparing = self._new_job(), self._new_job()
        self._easel = Easel()
        self._granted: dict[Wish, Granted] = {}
        self._rivals: dict[Wish, Rival] = {}
        self._wish: Wish | None = None
        self._lay_out()
        self._connect()

    @override
    def follow(self) -> None:
        model = self.subject.model
        if self._wish is None or self._wish.model is not model:
            self._granted.clear()
            self._rivals.clear()
            self._cancel()
            self._wish = None
            self._controls.offer_classes(model.classes if model is not None else ())
        cell, layer = self.subject.cell, self.subject.layer
        self._controls.show_channel(cell.channel if cell is not None else 0, self._channels(layer))
        self._settle()

    def _channels(self, layer: str) -> int:
        recording = self.subject.recording
        if recording is None or layer not in recording.operations:
            return 0
        return recording.operations[layer].map_shape[0]

    def _lay_out(self) -> None:
        self._card = Card(_("What a unit wants"))
        self._card.title.setWordWrap(True)
        self._save = QPushButton(_("Save…"))
        self._save.setObjectName("saveUnitPicture")
        self._save.setAccessibleName(_("Save the picture that was found"))
        self._save.setProperty("role", "link")
        self._card.header.addWidget(self._save)
        self._view = PixelView("unitPicture", _("The picture that the unit wants"), is_exact=True)
        self._bar = QProgressBar()
        self._bar.setObjectName("unitProgress")
        self._bar.setAccessibleName(_("Progress of the search"))
        self._bar.setTextVisible(False)
        self._line = ElidedLabel()
        self._line.setObjectName("unitLine")
        self._controls = Controls()
        self._card.body.addLayout(self._controls.whose)
        self._card.body.addWidget(self._view, 1)
        self._card.body.addWidget(self._bar)
        self._card.body.addWidget(self._line)
        settings = Card(_("How it is searched for"))
        settings.body.addWidget(self._controls)
        self._rival = RivalCard()
        inside = QWidget()
        side = QVBoxLayout(inside)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(S16)
        side.addWidget(settings)
        side.addWidget(self._rival, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setFixedWidth(_SIDE)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S16)
        row.addWidget(self._card, 1)
        row.addWidget(area)

    def _connect(self) -> None:
        self._controls.edited.connect(self._settle)
        self._controls.channel.edited.connect(self._choose_channel)
        self._controls.search_asked.connect(self._search)
        self._controls.cancelled.connect(self._cancel)
        self._rival.look_asked.connect(self._look_at_rival)
        self._save.clicked.connect(self._ask_where)

    def _choose_channel(self) -> None:
        cell = self.subject.cell
        row, column = (cell.row, cell.column) if cell is not None else (0, 0)
        self.subject.set_cell(LayerCell(self._controls.channel.value(), row, column))

    def _wished(self) -> Wish | None:
        model, kind = self.subject.model, self._controls.chosen_kind
        if model is None:
            return None
        rules = self._controls.rules()
        if kind == "class":
            return Wish(model, "", self._controls.chosen_class, None, rules)
        cell = self.subject.cell
        place = (cell.row, cell.column) if kind == "cell" and cell is not None else None
        return Wish(model, self.subject.layer, self._controls.channel.value(), place, rules)

    def _settle(self) -> None:
        """Show what is known of the wish; a search for another one ends."""
        wish = self._wished()
        if wish == self._wish:
            return
        if self._wish is not None:
            self._searching.cancel()
            self._comparing.cancel()
        self._wish = wish
        self._controls.show_searching(False)
        self._controls.button.setEnabled(wish is not None)
        self._bar.setValue(0)
        self._card.set_title(_title(wish) if wish is not None else _("What a unit wants"))
        granted = self._granted.get(wish) if wish is not None else None
        if granted is not None:
            self._show_found(granted)
            return
        self._save.setEnabled(False)
        self._rival.clear()
        self._line.clear()
        self._view.show_image(
            None, _("Search for the picture that excites it most: noise is changed step by step, until it does.")
        )

    def _search(self) -> None:
        if self._wish is None:
            return
        self._controls.show_searching(True)
        self._rival.clear()
        self._easel = Easel()
        self._searching.start(
            search,
            self._wish,
            self._easel,
            on_done=self._on_found,
            on_error=self._on_error,
            on_progress=self._on_progress,
        )

    def _cancel(self) -> None:
        self._searching.cancel()
        self._controls.show_searching(False)
        self._line.setText(_("Cancelled."))

    def _on_progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        stage = self._easel.stage
        if stage is not None:
            self._view.show_image(drawn(stage.pixels))
            text = _("step {done} of {total}, excites by {value:.4g} as it was moved")
            self._line.setText(text.format(done=stage.step, total=total, value=stage.excitement))

    def _on_found(self, granted: Granted) -> None:
        self._granted[granted.wish] = granted
        self._controls.show_searching(False)
        self._show_found(granted)

    def _show_found(self, granted: Granted) -> None:
        rules = granted.wish.rules
        self._bar.setRange(0, rules.steps)
        self._bar.setValue(rules.steps)
        self._view.show_image(granted.drawn)
        self._save.setEnabled(True)
        text = _("{width}×{height} pixels after {steps} steps, seed {seed}; measured with these very pixels")
        size = granted.drawn
        self._line.setText(text.format(width=size.width(), height=size.height(), steps=rules.steps, seed=rules.seed))
        self._rival.show_found(granted)
        rival = self._rivals.get(granted.wish)
        if rival is not None:
            self._rival.show_rival(granted, rival)
        else:
            self._comparing.start(find_rival, granted.wish, on_done=self._on_rival, on_error=self._on_no_rival)

    def _on_rival(self, rival: Rival) -> None:
        self._rivals[rival.wish] = rival
        self._rival.show_rival(self._granted[rival.wish], rival)

    def _on_no_rival(self, error: Exception) -> None:
        self._rival.show_no_rival(one_line(error))
        self._tell_unexpected(error)

    def _look_at_rival(self) -> None:
        if self._wish is not None and self._wish in self._rivals:
            self.subject.picture_wanted.emit(self._rivals[self._wish].given)

    def _on_error(self, error: Exception) -> None:
        self._controls.show_searching(False)
        self._view.show_image(None, one_line(error))
        self._tell_unexpected(error)

    def _tell_unexpected(self, error: Exception) -> None:
        if not isinstance(error, CnnDesktopError):
            self.context.notify_error(error)

    def _ask_where(self) -> None:
        name = self._card.title.text().replace("/", "-")
        file, _filter = QFileDialog.getSaveFileName(self, _("Save picture"), f"{name}.png", "PNG (*.png)")
        if file:
            self.save(Path(file))

    def save(self, file: Path) -> None:
        """Write the picture that is shown, pixel by pixel, as PNG."""
        if self._view.image is None:
            return
        try:
            with atomic_path(file.with_suffix(".png")) as temporary:
                if not self._view.image.save(str(temporary), "PNG"):  # pyright: ignore[reportArgumentType, reportCallIssue]
                    raise OSError(_("Qt could not write it"))
        except OSError as error:
            text = _("The picture could not be saved to {file}: {reason}")
            self.context.notify(text.format(file=file, reason=one_line(error)))


def _title(wish: Wish) -> str:
    if not wish.layer:
        return _("What “{label}” wants").format(label=wish.model.classes[wish.channel])
    if wish.cell is None:
        return _("What {layer} wants in channel {channel}").format(layer=wish.layer, channel=wish.channel)
    text = _("What {layer} wants in channel {channel} at ({row}, {column})")
    return text.format(layer=wish.layer, channel=wish.channel, row=wish.cell[0], column=wish.cell[1])
