"""The list of models to choose from: runs, opened files, pretrained networks."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QStandardItemModel
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.models.entries import ModelEntry
from cnn_desktop.ui.pages.models.files import is_model_file
from cnn_desktop.ui.theme import colors
from cnn_desktop.ui.widgets.elided_combo import ElidedComboBox

_MORE, _FILE = "?more", "?file"
"""Data of the last lines, which are no models: they ask for a dialog. No file can be called so."""


class ModelPicker(ElidedComboBox):
    """A line a model, its run folder, file or pretrained name as item data; groups have a heading each.

    A file of a model that is dropped on it is asked for as if it were a line.
    """

    chosen = Signal()
    """Another model than before is chosen, or none."""
    more_asked = Signal()
    """The person wants to see all pretrained networks."""
    file_asked = Signal()
    """The person wants to open a file."""
    file_dropped = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[ModelEntry, ...] = ()
        self._last = ""
        self.setAcceptDrops(True)
        self.currentIndexChanged.connect(lambda _index: self._on_changed())
        self.setAccessibleName(_("Model"))
        self.setMaxVisibleItems(20)
        self.setPlaceholderText(_("Looking for models…"))

    @property
    def entries(self) -> tuple[ModelEntry, ...]:
        """What is listed."""
        return self._entries

    @property
    def ref(self) -> str:
        """The chosen model's run folder, file or name; an empty text when none is chosen."""
        data = self.currentData() or ""
        return "" if data in (_MORE, _FILE) else data

    def show_entries(self, entries: Sequence[ModelEntry]) -> None:
        """Replace the lines; the choice stays where it is still listed. Nobody is told."""
        chosen = self.ref
        self._entries = tuple(entries)
        self.blockSignals(True)
        self.clear()
        for group, heading in (("run", _("Runs")), ("file", _("Model files")), ("pretrained", _("Pretrained"))):
            members = [entry for entry in entries if entry.group == group]
            if members:
                self._add_heading(heading)
            for entry in members:
                self.addItem(entry.title, entry.ref)
                self.setItemData(self.count() - 1, entry.tip, Qt.ItemDataRole.ToolTipRole)
        self.insertSeparator(self.count())
        for text, data in ((_("More networks…"), _MORE), (_("Open model file…"), _FILE)):
            self.addItem(text, data)
            self.setItemData(self.count() - 1, QColor(colors().accent), Qt.ItemDataRole.ForegroundRole)
        self.setPlaceholderText(_("Choose a model"))
        self.setCurrentIndex(self.findData(chosen) if chosen else -1)
        self._last = self.ref
        self.blockSignals(False)
        self.view().setMinimumWidth(min(640, self.view().sizeHintForColumn(0) + 48))

    def choose(self, ref: str) -> bool:
        """Choose the line with that item data; False when there is none."""
        index = self.findData(ref)
        if index >= 0:
            self.setCurrentIndex(index)
        return index >= 0

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _model_in(event) is not None:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        file = _model_in(event)
        if file is not None:
            event.acceptProposedAction()
            self.file_dropped.emit(str(file))

    def _on_changed(self) -> None:
        asked = self.currentData()
        if asked in (_MORE, _FILE):
            self.blockSignals(True)
            self.setCurrentIndex(self.findData(self._last) if self._last else -1)
            self.blockSignals(False)
            (self.more_asked if asked == _MORE else self.file_asked).emit()
        else:
            self._last = self.ref
            self.chosen.emit()

    def _add_heading(self, text: str) -> None:
        if self.count():
            self.insertSeparator(self.count())
        self.addItem(text)
        lines = self.model()
        assert isinstance(lines, QStandardItemModel)
        heading = lines.item(self.count() - 1)
        heading.setFlags(Qt.ItemFlag.NoItemFlags)
        font = self.font()
        font.setPixelSize(max(10, font.pixelSize() - 1))
        heading.setFont(font)
        heading.setForeground(QColor(colors().muted))


def _model_in(event: QDropEvent) -> Path | None:
    """The one file of a model that is dragged."""
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return files[0] if len(files) == 1 and is_model_file(files[0]) else None
