"""The datasets to choose from: the person's own folders, newest first, then the well-known ones."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QListView, QMenu, QPushButton, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.data.data_actions import DataActions
from cnn_desktop.ui.pages.data.entries import DatasetEntry
from cnn_desktop.ui.pages.data.list_model import ENTRY_ROLE, DatasetDelegate, DatasetsModel
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import Card

_WIDTH = 208


class ListCard(Card):
    """The list, and below it the ways to bring in more."""

    chosen = Signal(str)
    """The source of the dataset that the person chose."""

    def __init__(self, actions: DataActions, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._actions = actions
        self.setFixedWidth(_WIDTH)
        self.model = DatasetsModel(self)
        self.view = QListView()
        self._prepare_view()
        self.add_button = QPushButton(_("Add pictures"))
        self.add_button.setObjectName("addPicturesButton")
        self.add_button.setAccessibleName(_("Add pictures of your own"))
        set_icon(self.add_button, "plus")
        self.add_button.setMenu(_menu(self.add_button, actions.ways_in))
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.add_button)
        outer = self.layout()
        assert outer is not None
        outer.setContentsMargins(S8, S8, S8, S8)

    @property
    def entry(self) -> DatasetEntry | None:
        """What is chosen."""
        return self.view.currentIndex().data(ENTRY_ROLE)

    def show_entries(self, entries: Sequence[DatasetEntry], chosen: str) -> None:
        """List these, with `chosen` marked."""
        self.model.show_entries(entries)
        self.mark(chosen)

    def mark(self, source: str) -> None:
        """Mark a dataset as the one that is shown; one that isn't listed leaves nothing marked."""
        index = self.model.index_of(source)
        selection = self.view.selectionModel()
        selection.blockSignals(True)
        self.view.setCurrentIndex(index)
        if not index.isValid():
            selection.clear()
        selection.blockSignals(False)
        self.view.viewport().update()
        self._actions.show_for(self.entry)

    def _prepare_view(self) -> None:
        view = self.view
        view.setObjectName("datasetList")
        view.setAccessibleName(_("Datasets"))
        view.setModel(self.model)
        view.setItemDelegate(DatasetDelegate(view))
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMouseTracking(True)
        view.addAction(self._actions.remove)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.selectionModel().currentChanged.connect(self._on_current)

    def _on_current(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY_ROLE)
        self._actions.show_for(entry)
        if entry is not None:
            self.chosen.emit(entry.source)

    def _show_menu(self, position: QPoint) -> None:
        if self.view.indexAt(position).data(ENTRY_ROLE) is None:
            return
        menu = _menu(self, self._actions.of_entry)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.view.viewport().mapToGlobal(position))


def _menu(parent: QWidget, actions: Sequence[QAction | None]) -> QMenu:
    menu = QMenu(parent)
    for action in actions:
        menu.addSeparator() if action is None else menu.addAction(action)
    return menu
