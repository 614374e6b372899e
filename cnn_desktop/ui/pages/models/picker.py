"""The list of models to choose from: runs, opened files, pretrained networks."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QStandardItemModel
from PySide6.QtWidgets import QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.models.entries import ModelEntry
from cnn_desktop.ui.theme import colors
from cnn_desktop.ui.widgets.elided_combo import ElidedComboBox


class ModelPicker(ElidedComboBox):
    """A line a model, its run folder, file or pretrained name as item data; groups have a heading each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[ModelEntry, ...] = ()
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
        return self.currentData() or ""

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
        self.setPlaceholderText(_("Choose a model"))
        self.setCurrentIndex(self.findData(chosen) if chosen else -1)
        self.blockSignals(False)
        self.view().setMinimumWidth(min(640, self.view().sizeHintForColumn(0) + 48))

    def choose(self, ref: str) -> bool:
        """Choose the line with that item data; False when there is none."""
        index = self.findData(ref)
        if index >= 0:
            self.setCurrentIndex(index)
        return index >= 0

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
