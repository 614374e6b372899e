"""The figures of an evaluation: a grey caption, a strong value, and how far the truth may be from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.theme import S20
from cnn_desktop.ui.widgets.card import caption

if TYPE_CHECKING:
    from cnn_desktop.predict.evaluation import Evaluation


@dataclass(frozen=True)
class Tile:
    """A figure; `tip` says what it means."""

    title: str
    value: str
    note: str
    tip: str
    is_link: bool = False
    """Whether the note opens a list."""


def tiles_of(figures: Evaluation) -> tuple[Tile, ...]:
    """Accuracy and top five with their intervals, loss, calibration, and how many pictures."""
    wilson = _("Below: the interval in which the true share lies in 95 of 100 cases (Wilson).")
    tiles = [
        Tile(
            _("Accuracy"),
            percent_text(figures.accuracy, 2),
            str(figures.accuracy_interval),
            wilson,
        )
    ]
    if len(figures.classes) > 5:
        top5 = percent_text(figures.top5_accuracy, 2)
        tiles.append(Tile(_("Top five"), top5, str(figures.top5_interval), wilson))
    f1 = sum(one.f1 for one in figures.classes) / len(figures.classes)
    tiles += [
        Tile(_("Mean F1"), percent_text(f1, 2), _("all classes alike"), _("The mean of the classes’ F1.")),
        Tile(_("Loss"), f"{figures.loss:.4f}", _("cross-entropy"), _("Mean cross-entropy in nats; 0 is best.")),
        _calibration(figures),
        _pictures(figures),
    ]
    return tuple(tiles)


def _calibration(figures: Evaluation) -> Tile:
    tip = _("How far on average the probability of an answer is from how often such answers are right.")
    note = _("temperature {value:.3g}").format(value=figures.temperature)
    return Tile(_("Calibration error"), percent_text(figures.calibration_error, 2), note, tip)


def _pictures(figures: Evaluation) -> Tile:
    skipped = len(figures.skipped)
    note = ngettext("{count:,} unreadable", "{count:,} unreadable", skipped).format(count=skipped)
    wrong = round(figures.count * (1 - figures.accuracy))
    return Tile(
        _("Pictures"),
        f"{figures.count:,}",
        note if skipped else _("{count:,} wrong").format(count=wrong),
        _("Pictures that were answered."),
        is_link=bool(skipped),
    )


class FiguresRow(QWidget):
    """Tiles side by side."""

    skipped_asked = Signal()
    """The person wants to know which pictures couldn't be read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evaluationFigures")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(S20)
        self._columns: list[QWidget] = []

    def show_tiles(self, tiles: tuple[Tile, ...]) -> None:
        """Show these in the place of the earlier ones."""
        for column in self._columns:
            column.hide()
            column.deleteLater()
        self._columns = [self._column(tile) for tile in tiles]
        for column in self._columns:
            self._row.addWidget(column, 1)
        self.setAccessibleName(", ".join(f"{tile.title} {tile.value}, {tile.note}" for tile in tiles))

    def _column(self, tile: Tile) -> QWidget:
        holder = QWidget()
        holder.setToolTip(tile.tip)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        value = QLabel(tile.value)
        font = QFont(self.font())
        font.setPixelSize(self.fontInfo().pixelSize() + 5)
        font.setBold(True)
        value.setFont(font)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(caption(tile.title))
        column.addWidget(value)
        column.addWidget(self._link(tile) if tile.is_link else caption(tile.note))
        return holder

    def _link(self, tile: Tile) -> QPushButton:
        link = QPushButton(tile.note)
        link.setObjectName("skippedPictures")
        link.setAccessibleName(tile.note)
        link.setProperty("role", "link")
        link.setProperty("place", "caption")
        link.clicked.connect(self.skipped_asked)
        return link
