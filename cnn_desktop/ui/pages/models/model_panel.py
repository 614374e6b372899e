"""What there is to say about the chosen model, below its picker: absent weights, suppositions, what doesn't fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnn_desktop.core.errors import MisfitError
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.pages.models.entries import AbsentWeights
from cnn_desktop.ui.pages.models.weights_panel import WeightsPanel
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.banner import Banner

if TYPE_CHECKING:
    from cnn_desktop.models.model import Model


class ModelPanel(QWidget):
    """Takes no room while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.weights = WeightsPanel(self)
        self.notes = Banner("modelNotes", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addWidget(self.weights)
        column.addWidget(self.notes)
        self.notes.closed.connect(self.hide)
        self.hide()

    def clear(self) -> None:
        """Say nothing."""
        self.weights.hide()
        self.notes.hide()
        self.hide()

    def ask(self, absent: AbsentWeights) -> None:
        """Offer to download weights, or to load them from a file."""
        self.clear()
        self.weights.ask(absent)
        self.show()

    def show_model(self, model: Model) -> None:
        """Say what was supposed about a model whose file doesn't tell all."""
        self.clear()
        if model.assumptions:
            self.notes.tell(" ".join(model.assumptions), tone="calm")
            self.show()

    def show_error(self, error: Exception) -> None:
        """Offer to see every tensor that doesn't fit; the page says the rest."""
        self.clear()
        if isinstance(error, MisfitError) and error.differences:
            count = len(error.differences)
            self.notes.tell(
                _("The tensors in the file aren’t those of the network."),
                "\n".join(error.differences),
                details_text=ngettext("{count} difference…", "{count} differences…", count).format(count=count),
            )
            self.show()
