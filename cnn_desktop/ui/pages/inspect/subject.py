"""What the Inspect page looks at: a model, a picture, what the model made of it, a layer, a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from cnn_desktop.ui.pages.pictures import GivenPicture, SeenPicture

if TYPE_CHECKING:
    from cnn_desktop.explain.recording import Recording
    from cnn_desktop.models.model import Model


class LayerCell(NamedTuple):
    """One number of a layer's output."""

    channel: int
    row: int
    column: int


class Subject(QObject):
    """Shared by the panels of the page: each follows what it needs, and may choose for all."""

    model_changed = Signal()
    picture_changed = Signal()
    """Another picture, or the same seen by another model; `recording` belongs to it, None where it isn't known yet."""
    layer_changed = Signal()
    cell_changed = Signal()
    pointed_changed = Signal()
    picture_wanted = Signal(object)
    """A `GivenPicture` that a panel wants to be looked at instead."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ref = ""
        """The model by run folder, file or name; empty where none is open."""
        self.model: Model | None = None
        self.given: GivenPicture | None = None
        self.picture: SeenPicture | None = None
        self.recording: Recording | None = None
        self.problem = ""
        """Why the picture that was given can't be looked at, in a sentence; else empty."""
        self.layer = ""
        """The name of an operation of the recording."""
        self.cell: LayerCell | None = None
        """The chosen number of the layer's output."""
        self.pointed: LayerCell | None = None
        """The one under the cursor."""

    def set_model(self, ref: str, model: Model | None, recording: Recording | None = None) -> None:
        """Look into `model`, the same as before in another state where `ref` is what it was.

        What it makes of the picture isn't known yet, unless `recording` is that; a layer and a cell of another model
        aren't chosen any more.
        """
        self.layer, self.cell = (self.layer, self.cell) if ref == self.ref else ("", None)
        self.ref, self.model, self.recording = ref, model, recording
        self.model_changed.emit()

    def set_picture(self, given: GivenPicture | None, picture: SeenPicture | None, recording: Recording | None) -> None:
        """Look at `picture`, of which the model made `recording`."""
        self.given, self.picture, self.recording, self.problem = given, picture, recording, ""
        self.picture_changed.emit()

    def refuse_picture(self, problem: str) -> None:
        """Look at no picture: the one that was given can't be read, or the model can't look at it."""
        self.given, self.picture, self.recording, self.problem = None, None, None, problem
        self.picture_changed.emit()

    def set_layer(self, layer: str) -> None:
        """Look at the operation named `layer`."""
        if layer != self.layer:
            self.layer, self.cell, self.pointed = layer, None, None
            self.layer_changed.emit()

    def set_cell(self, cell: LayerCell | None) -> None:
        """Look at one number of the layer's output."""
        if cell != self.cell:
            self.cell = cell
            self.cell_changed.emit()

    def point_at(self, cell: LayerCell | None) -> None:
        """The cursor is over a number of the layer's output, or over none."""
        if cell != self.pointed:
            self.pointed = cell
            self.pointed_changed.emit()
