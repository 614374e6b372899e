"""The table of answers: thumbnails are made for the rows in sight, a double click or Enter opens a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.predict.many.catalogue import Column
from cnn_desktop.ui.pages.predict.many.row_painting import ROW_HEIGHT, THUMBNAIL, AnswerDelegate
from cnn_desktop.ui.pages.predict.many.table_model import ANSWER_ROLE, PLACE_ROLE, AnswersModel
from cnn_desktop.ui.widgets.picture_grid.loading import TileLoader
from cnn_desktop.ui.widgets.picture_grid.tile import TileOrder

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import FileSplit

_WIDTHS = {Column.CLASS: 160, Column.PROBABILITY: 104, Column.SECOND: 176, Column.STATE: 88}
_FILE_WIDTH = 160
_FIRST_TO_GO = (Column.SECOND, Column.STATE, Column.PROBABILITY)
_WIDENING = 0.5
"""The share of spare room that goes to the names of classes, half to each of their columns."""


class AnswersTable(QTableView):
    """Shows an `AnswersModel`; which picture is current survives sorting and filtering."""

    opened = Signal(object)
    """The `Path` of a picture."""

    def __init__(self, model: AnswersModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("answersTable")
        self.setAccessibleName(_("Answers"))
        self._answers = model
        self._files: FileSplit | None = None
        self._current = -1
        self._top = 0
        self._loader = TileLoader(self)
        self._loader.arrived.connect(self.viewport().update)
        self._looking = QTimer(self, singleShot=True, interval=0)
        self._looking.timeout.connect(self._load)
        self.setModel(model)
        self.setItemDelegate(AnswerDelegate(self._loader, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self._prepare_headers()
        self.verticalScrollBar().valueChanged.connect(self._look_soon)
        self.doubleClicked.connect(self._open)
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        model.rowsInserted.connect(self._look_soon)

    def show_files(self, files: FileSplit | None) -> None:
        """Take thumbnails from these: the picture at each place of the catalogue."""
        self._files = files
        self._current = -1
        self._loader.forget()
        self._looking.start()

    def shutdown(self) -> None:
        """Wait for the threads that load; called once."""
        self._looking.stop()
        self._loader.shutdown()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()
        self._looking.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._looking.stop()
        self._loader.want(())

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.viewport().update()  # the row under the mouse was lit
        return super().viewportEvent(event)

    def _open(self, index: QModelIndex) -> None:
        answer = index.data(ANSWER_ROLE)
        if answer.top is not None:
            self.opened.emit(answer.image)

    def _look_soon(self, *_news: object) -> None:
        self._looking.start()

    def _load(self) -> None:
        """Ask for the thumbnails of the rows in sight; all others are no longer wanted."""
        if self._files is None or not self.isVisible():
            return
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        rows = range(max(0, first), (last if last >= 0 else self._answers.rowCount() - 1) + 1)
        ratio = self.viewport().devicePixelRatioF()
        answers = self._answers.catalogue.answers
        places = [place for place in map(self._answers.place, rows) if answers[place].top is not None]
        self._loader.want([TileOrder(str(place), self._files, place, THUMBNAIL, ratio) for place in places])

    def show_current(self) -> None:
        """Bring the current picture back into sight, or else the first."""
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
        else:
            self.scrollToTop()

    def _remember(self) -> None:
        index = self.currentIndex()
        self._current = index.data(PLACE_ROLE) if index.isValid() else self._current
        self._top = self.verticalScrollBar().value()

    def _restore(self) -> None:
        """What was current still is; what was in sight stays there while more arrives."""
        self.executeDelayedItemsLayout()  # else there is nowhere to scroll to yet
        row = self._answers.row_of(self._current) if self._current >= 0 else -1
        if row >= 0:
            self.setAutoScroll(False)
            self.setCurrentIndex(self._answers.index(row, 0))
            self.setAutoScroll(True)
        self.verticalScrollBar().setValue(self._top)
        self._looking.start()

    def _prepare_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setAccessibleName(_("Columns of the answers"))
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.FILE, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(Column.ORDER, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def _fit_columns(self) -> None:
        """Hide columns, the least important first, until the name has room; let names of classes share what is left."""
        room = self.viewport().width() - _FILE_WIDTH - sum(_WIDTHS.values())
        for column in _FIRST_TO_GO:
            self.setColumnHidden(column, room < 0)
            room += _WIDTHS[column] if room < 0 else 0
        more = max(0, round(room * _WIDENING / 2))
        for column, width in _WIDTHS.items():
            is_wide = column in (Column.CLASS, Column.SECOND)
            self.horizontalHeader().resizeSection(column, width + (more if is_wide else 0))
