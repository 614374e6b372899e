"""The list of layers: chosen, moved and removed by mouse and by keyboard, edited in place."""

import shiboken6
from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.editor.draft import Draft
from cnn_desktop.ui.pages.editor.layer_fields import LayerFields, fields_of
from cnn_desktop.ui.pages.editor.layer_painting import LayerDelegate
from cnn_desktop.ui.pages.editor.layers_model import LayersModel

_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class LayerList(QListView):
    """Up and Down choose, with Alt they move; Delete removes, Enter goes into the fields."""

    add_asked = Signal()

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layerList")
        self.setAccessibleName(_("Layers of the network"))
        self._draft = draft
        self._model = LayersModel(draft, self)
        self._delegate = LayerDelegate(draft, self)
        self._fields: LayerFields | None = None
        self._is_following = False
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDragDropOverwriteMode(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.selectionModel().currentChanged.connect(self._take_choice)
        draft.changed.connect(self.follow)
        self.follow()

    @property
    def fields(self) -> LayerFields | None:
        """The fields of the chosen layer; None where it has none."""
        return self._fields

    def follow(self) -> None:
        """Show the draft as it is."""
        self._is_following = True
        layer = self._draft.chosen
        per_row = LayerFields.per_row_of(self.viewport().width())
        self._delegate.fields_height = 0 if layer is None else LayerFields.height_of(layer, per_row)
        is_other = self._model.follow()
        index = self._model.index(self._draft.row)
        is_moved = is_other or index != self.currentIndex()
        self.setCurrentIndex(index)
        self._show_fields(index, per_row, is_moved=is_moved)
        self.scheduleDelayedItemsLayout()
        self.executeDelayedItemsLayout()
        self.scrollTo(index)
        self._is_following = False

    def _show_fields(self, index: QModelIndex, per_row: int, *, is_moved: bool) -> None:
        layer, fields = self._draft.chosen, self._fields
        if layer is not None and fields is not None and not is_moved and fields.suit(layer, per_row):
            fields.write(layer)
            return
        self._drop_fields()
        if layer is not None and fields_of(layer):
            self._fields = LayerFields(layer, per_row)
            self._fields.edited.connect(self._draft.edit)
            self.setIndexWidget(index, self._fields)

    def _drop_fields(self) -> None:
        if self._fields is not None and shiboken6.isValid(self._fields):  # another stack of layers takes it along
            self._fields.hide()
            self.setIndexWidget(self.indexAt(self._fields.geometry().center()), None)  # pyright: ignore[reportArgumentType]
        self._fields = None

    def _take_choice(self, index: QModelIndex) -> None:
        if not self._is_following and index.isValid():
            self._draft.choose(index.row())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, is_alt = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if is_alt and key in _MOVES:
            self._draft.move(self._draft.row, self._draft.row + _MOVES[key])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._draft.remove()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            if self._fields is not None:
                self._fields.focus_first()
        elif key in (Qt.Key.Key_Insert, Qt.Key.Key_Plus):
            self.add_asked.emit()
        else:
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.follow()  # sentences and fields may need another number of lines
