"""The tab with the confusion matrix, the most confused pairs, and the pictures of a cell."""

from __future__ import annotations

from typing import get_args

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.evaluate.confusion.class_search import ClassSearch
from cnn_desktop.ui.pages.evaluate.confusion.pairs import MOST, PairsList
from cnn_desktop.ui.pages.evaluate.result_panel import ResultPanel
from cnn_desktop.ui.pages.evaluate.session import EvaluationSession
from cnn_desktop.ui.pages.evaluate.work import Evaluated
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.matrix_view import ConfusionTable, MatrixView, Normalisation
from cnn_desktop.ui.widgets.picture_grid import PictureGrid

_WAYS = {
    "counts": (_("Counts"), _("How many pictures")),
    "row": (_("% of row"), _("Per cent of the pictures of each class: rows add up to 100")),
    "column": (_("% of column"), _("Per cent of the answers with each class: columns add up to 100")),
}


class ConfusionPanel(ResultPanel):
    """A cell or a pair shows its pictures; a click on one of them looks inside."""

    def __init__(self, context: AppContext, session: EvaluationSession, parent: QWidget | None = None) -> None:
        super().__init__(context, session, parent)
        self.matrix = MatrixView()
        self.pairs = PairsList()
        self.search = ClassSearch()
        self.grid = PictureGrid(_("Pictures of the chosen cell"))
        self.grid.empty_text = _("Choose a cell of the matrix, or a pair above, to see its pictures.")
        self.grid.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self._pictures = Card(_("Pictures"))
        self._hint = caption(_("A click looks inside."))
        self._pairs_card = Card(_("Most confused"))
        self._cell: tuple[int, int] | None = None
        self._lay_out()
        self.matrix.cell_chosen.connect(self._show_cell)
        self.pairs.pair_chosen.connect(self._show_pair)
        self.search.found.connect(self.matrix.show_class)
        self.grid.picture_clicked.connect(session.look_inside)
        self.grid.picture_opened.connect(session.look_inside)

    @override
    def show_result(self, result: Evaluated, *, is_revised: bool) -> None:
        classes = result.answers.classes
        table = ConfusionTable(result.confusion.counts, classes)
        self.search.offer(classes)
        pairs = result.confusion.most_confused(MOST)
        self.pairs.pairs.show_pairs(pairs, classes)
        text = _("Most confused") if pairs else _("No class is taken for another")
        self._pairs_card.set_title(text)
        if is_revised:
            self.matrix.revise(table)
        else:
            self.matrix.show_table(table)
            self._cell = None
        if self._cell is not None:
            self._show_cell(*self._cell)
        elif pairs:
            self._show_cell(pairs[0].label, pairs[0].answer)
            self.matrix.current = (pairs[0].label, pairs[0].answer)
        else:
            self.grid.show_pictures(None, ())

    @override
    def show_class(self, place: int) -> None:
        self.search.clear()
        self.matrix.show_class(place)

    @override
    def start_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    @override
    def shutdown(self) -> None:
        self.grid.shutdown()

    def _show_pair(self, label: int, answer: int) -> None:
        self.matrix.show_cell((label, answer))
        self._show_cell(label, answer)

    def _show_cell(self, label: int, answer: int) -> None:
        result = self.session.result
        if result is None:
            return
        self._cell = (label, answer)
        self.pairs.mark(label, answer)
        answers, places = result.answers, result.confusion.places(label, answer)
        marks = {answers.keys[place]: percent_text(float(answers.confidence[place]), 0) for place in places}
        self.grid.show_pictures(result.dataset, answers.refs_at(places), marks)
        assert self.matrix.table is not None
        count = ngettext("{count:,} picture", "{count:,} pictures", len(places)).format(count=len(places))
        self._pictures.set_title(
            _("{cell} · {count}").format(cell=self.matrix.table.title((label, answer)), count=count)
        )
        self._hint.setVisible(len(places) > 0)

    def _lay_out(self) -> None:
        card = Card()
        self._add_ways(card)
        self.search.setMinimumWidth(110)
        self.search.setMaximumWidth(180)
        card.header.addWidget(self._fit_button())
        card.header.addWidget(self.search)
        card.body.addWidget(self.matrix)
        self._pairs_card.body.addWidget(self.pairs)
        self._pictures.title.setTextFormat(Qt.TextFormat.PlainText)
        self._pictures.header.addWidget(self._hint)
        self._pictures.body.addWidget(self.grid)
        side = _splitter(Qt.Orientation.Vertical, self._pairs_card, self._pictures, (2, 3))
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(_splitter(Qt.Orientation.Horizontal, card, side, (1, 1)))

    def _add_ways(self, card: Card) -> None:
        """Buttons for counts and shares, of which one is down."""
        ways = QButtonGroup(self)
        for place, way in enumerate(get_args(Normalisation)):
            title, tip = _WAYS[way]
            button = QPushButton(title)
            button.setObjectName(f"confusion{way.capitalize()}")
            button.setAccessibleName(tip)
            button.setToolTip(tip)
            button.setProperty("role", "toggle")
            button.setCheckable(True)
            button.setChecked(place == 0)
            button.setMinimumWidth(QFontMetrics(_bold(button)).horizontalAdvance(title) + S16)
            button.clicked.connect(lambda _on, way=way: self.matrix.show_normalised(way))
            ways.addButton(button)
            card.header.insertWidget(place, button)

    def _fit_button(self) -> QPushButton:
        """Shown while a part of the matrix is out of sight."""
        fit = QPushButton(_("Show all"))
        fit.setObjectName("fitMatrix")
        fit.setAccessibleName(_("Show the whole matrix"))
        fit.setToolTip(_("The wheel zooms, a drag moves, 0 shows all"))
        fit.setProperty("role", "link")
        fit.hide()
        fit.clicked.connect(self.matrix.fit)
        self.matrix.zoomed.connect(lambda: fit.setVisible(not self.matrix.geometry_of_cells.is_whole))
        return fit


def _splitter(direction: Qt.Orientation, first: QWidget, second: QWidget, parts: tuple[int, int]) -> QSplitter:
    splitter = QSplitter(direction)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(S16)
    for place, (widget, part) in enumerate(zip((first, second), parts, strict=True)):
        splitter.addWidget(widget)
        splitter.setStretchFactor(place, part)
    splitter.setSizes([400 * part for part in parts])
    return splitter


def _bold(widget: QWidget) -> QFont:
    """The font of a button that is held down, for which there must be room when it isn't."""
    font = QFont(widget.font())
    font.setBold(True)
    return font
