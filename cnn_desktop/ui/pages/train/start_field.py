"""What a run starts from: scratch, published weights, or a model of the person's."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text
from cnn_desktop.ui.widgets.fields import Picker

if TYPE_CHECKING:
    from cnn_desktop.ui.pages.train.engine import ArchitectureChoice, StartChoice

SCRATCH = "?scratch"
PRETRAINED = "?pretrained"
_CHOOSE_FILE = "?file"
"""Data of entries that are no files; no file can be called so."""


class StartField(Picker):
    """Offers what fits the chosen architecture; files that were browsed for or dropped stay listed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("startPicker", parent=parent)
        self.setAccessibleName(_("Start from"))
        self._choices: Sequence[StartChoice] = ()
        self._architecture: ArchitectureChoice | None = None
        self._files: list[str] = []
        self._last = SCRATCH
        self.activated.connect(self._on_activated)
        self.edited.connect(self._on_edited)
        self._fill(SCRATCH)

    def show_architecture(self, choice: "ArchitectureChoice") -> None:
        """Offer what fits an architecture; what doesn't any more is given up for scratch."""
        self._architecture = choice
        self._fill(self.choice())

    def show_choices(self, choices: Sequence["StartChoice"]) -> None:
        """Offer these runs; the choice stays."""
        self._choices = choices
        self._fill(self.choice())

    def choose_file(self, file: Path) -> None:
        """Start from a model file or the folder of a run, adding it to the list where it is new."""
        if self.findData(str(file)) < 0:
            self._files.insert(0, str(file))
            self._fill(str(file))
        self.choose(str(file))

    def browse(self) -> None:
        """Ask for a model file."""
        text = _("Models (*.cnnmodel);;All files (*)")
        chosen, _filter = QFileDialog.getOpenFileName(self, _("Choose a model to start from"), "", text)
        if chosen:
            self.choose_file(Path(chosen))

    def values(self) -> dict[str, Any]:
        """Fields of the RunConfig."""
        chosen = self.choice()
        is_file = chosen not in (SCRATCH, PRETRAINED, _CHOOSE_FILE, "")
        return {"pretrained": chosen == PRETRAINED, "start_from": Path(chosen) if is_file else None}

    def show_values(self, *, pretrained: bool, start_from: Path | None) -> None:
        """Show what a run started from."""
        if start_from is not None:
            self.choose_file(start_from)
        else:
            self.write(PRETRAINED if pretrained else SCRATCH)

    def _fill(self, chosen: str) -> None:
        """List everything anew; nobody is told unless the choice had to change."""
        self.blockSignals(True)
        self.clear()
        self.addItem(_("Scratch: weights by chance"), SCRATCH)
        if self._architecture is not None and self._architecture.pretrained_bytes:
            self.addItem(_pretrained_text(self._architecture), PRETRAINED)
        name = self._architecture.name if self._architecture else ""
        runs = [choice for choice in self._choices if choice.architecture == name]
        for choice in runs:
            self._add(choice.title, str(choice.path))
        for file in self._files:
            if self.findData(file) < 0:
                self._add(Path(file).name, file)
        self.addItem(_("Model file…"), _CHOOSE_FILE)
        is_there = self.choose(chosen)
        if not is_there:
            self.setCurrentIndex(0)
        self.blockSignals(False)
        if not is_there:
            self.edited.emit()

    def _add(self, text: str, data: str) -> None:
        self.addItem(text, data)
        self.setItemData(self.count() - 1, data, Qt.ItemDataRole.ToolTipRole)

    def _on_activated(self, index: int) -> None:
        if self.itemData(index) == _CHOOSE_FILE:
            self.choose(self._last)
            self.browse()

    def _on_edited(self) -> None:
        if self.choice() != _CHOOSE_FILE:
            self._last = self.choice()


def _pretrained_text(choice: "ArchitectureChoice") -> str:
    if choice.pretrained_present:
        return _("Pretrained weights (ImageNet)")
    return _("Pretrained weights ({size} to download)").format(size=bytes_text(choice.pretrained_bytes))
