"""What is evaluated: a model, a dataset, a split, and the button."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.data.entries import DatasetEntry, folder_entry
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import labelled
from cnn_desktop.ui.widgets.fields import Picker

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset

_FOLDER = "?folder"
"""Data of the last entry, which is no dataset: it opens a dialog. No folder can be called so."""


class SetupRow(QWidget):
    """Pickers in a row; the splits are those of the dataset that was opened last."""

    dataset_chosen = Signal(str)
    """The registered name or the folder that is now chosen."""
    evaluate_asked = Signal()

    def __init__(self, model_picker: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: list[DatasetEntry] = []
        self._last = ""
        self.dataset = Picker("evaluateDatasetPicker")
        self.dataset.setPlaceholderText(_("Choose a dataset"))
        self.dataset.activated.connect(self._on_activated)
        self.dataset.currentIndexChanged.connect(lambda _index: self._on_changed())
        self.split = Picker("evaluateSplitPicker")
        self.button = QPushButton(_("Evaluate"))
        self.button.setObjectName("evaluateButton")
        self.button.setAccessibleName(_("Evaluate"))
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self.evaluate_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S8)
        row.addLayout(labelled(_("Model"), model_picker), 5)
        row.addLayout(labelled(_("Dataset"), self.dataset), 3)
        row.addLayout(labelled(_("Split"), self.split), 3)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        self.show_splits(None)

    def show_datasets(self, entries: Sequence[DatasetEntry], own: str) -> None:
        """Offer what is on this machine, the model's own dataset first; the choice stays where it can."""
        chosen = self.dataset.choice()
        self._entries = [entry for entry in entries if entry.is_present or entry.source in (own, chosen)]
        listed = {entry.source for entry in self._entries}
        self._entries += [folder_entry(name) for name in dict.fromkeys((own, chosen)) if name and name not in listed]
        self._entries.sort(key=lambda entry: entry.source != own)
        self.dataset.blockSignals(True)
        self.dataset.clear()
        for entry in self._entries:
            self.dataset.addItem(entry.title, entry.source)
            self.dataset.setItemData(self.dataset.count() - 1, entry.line, Qt.ItemDataRole.ToolTipRole)
        self.dataset.addItem(_("Choose folder…"), _FOLDER)
        self.dataset.setCurrentIndex(self.dataset.findData(chosen) if chosen else -1)
        self.dataset.blockSignals(False)

    def choose_dataset(self, source: str) -> None:
        """Choose a registered dataset or a folder, adding it where it is new."""
        if not self.dataset.choose(source):
            self.dataset.insertItem(0, folder_entry(source).title, source)
            self.dataset.choose(source)

    def show_splits(self, dataset: Dataset | None) -> None:
        """Offer the splits of a dataset with their sizes, test first; None: nothing is open that could be evaluated."""
        chosen = self.split.choice()
        self.split.clear()
        if dataset is not None:
            from cnn_desktop.data.dataset import split_title

            for name in ("test", "validation", "train"):
                if name in dataset.splits:
                    text = _("{split} · {count:,} pictures")
                    title = split_title(name).capitalize()
                    self.split.addItem(text.format(split=title, count=len(dataset.splits[name])), name)
            self.split.write(chosen)
        self.split.setEnabled(dataset is not None)
        self.button.setEnabled(dataset is not None)

    def browse(self) -> None:
        """Ask for a folder."""
        title = _("Choose a folder with one subfolder of pictures for each class")
        if folder := QFileDialog.getExistingDirectory(self, title):
            self.choose_dataset(str(Path(folder)))

    def _on_activated(self, index: int) -> None:
        if self.dataset.itemData(index) == _FOLDER:
            self.dataset.choose(self._last)
            self.browse()

    def _on_changed(self) -> None:
        source = self.dataset.choice()
        if source not in ("", _FOLDER):
            self._last = source
            self.dataset_chosen.emit(source)
