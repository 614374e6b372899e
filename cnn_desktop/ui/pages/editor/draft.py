"""The design that is being edited, and what it comes to at every change."""

from typing import Any

from PySide6.QtCore import QObject, Signal

from cnn_desktop.core.design import MOST_LAYERS, Activation, Convolution, Dense, Design, Flatten, Layer, Pool
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.models.design.report import Report, report
from cnn_desktop.ui.pages.editor.history import History, State

_FIRST = (Convolution(), Activation(), Pool(), Flatten(), Dense(outputs=64), Activation())


def new_design(title: str, channels: int, side: int) -> Design:
    """A small network that works for most pictures, to begin with."""
    return Design.checked({"name": "new", "title": title, "layers": _FIRST, "channels": channels, "side": side})


class Draft(QObject):
    """Every change goes through here, and can be undone.

    Args:
        design: to begin with.
        classes: for how many the last layer answers.
    """

    changed = Signal()
    """The design, its report, or which layer is chosen."""

    def __init__(self, design: Design, classes: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = History(State(design, 0))
        self._kept = design
        self.classes = classes
        self.report = self._reported()

    @property
    def design(self) -> Design:
        """As it is now."""
        return self._history.now.design

    @property
    def row(self) -> int:
        """The chosen layer; the one behind the last is that which answers."""
        return self._history.now.row

    @property
    def chosen(self) -> Layer | None:
        """The chosen layer; None for that which answers."""
        return self.design.layers[self.row] if self.row < len(self.design.layers) else None

    @property
    def is_changed(self) -> bool:
        """Whether something is lost if it isn't saved."""
        return self.design != self._kept

    @property
    def is_full(self) -> bool:
        """Whether no more layers can be added."""
        return len(self.design.layers) >= MOST_LAYERS

    @property
    def can_undo(self) -> bool:
        """Whether something was changed."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return self._history.can_redo

    def begin(self, design: Design) -> None:
        """Edit another design; as it is, nothing of it would be lost."""
        self._history = History(State(design, 0))
        self._kept = design
        self._tell()

    def mark_saved(self, design: Design) -> None:
        """The design is kept, under a name of its own now."""
        self._history.replace(State(design, self.row))
        self._kept = design
        self._tell()

    def choose(self, row: int) -> None:
        """Choose a layer."""
        if row != self.row and 0 <= row <= len(self.design.layers):
            self._history.replace(State(self.design, row))
            self.changed.emit()

    def add(self, layer: Layer) -> None:
        """Put a layer behind the chosen one, and choose it."""
        if not self.is_full:
            place = min(self.row + 1, len(self.design.layers))
            self._show([*self.design.layers[:place], layer, *self.design.layers[place:]], place)

    def repeat(self) -> None:
        """Put a copy of the chosen layer behind it."""
        if self.chosen is not None:
            self.add(self.chosen)

    def remove(self) -> None:
        """Take the chosen layer out."""
        if self.chosen is not None:
            layers = [*self.design.layers]
            del layers[self.row]
            self._show(layers, min(self.row, max(0, len(layers) - 1)))

    def move(self, source: int, target: int) -> None:
        """Put the layer at `source` where it is the one at `target`, and choose it."""
        layers = [*self.design.layers]
        if source != target and 0 <= source < len(layers) and 0 <= target < len(layers):
            layers.insert(target, layers.pop(source))
            self._show(layers, target)

    def edit(self, field: str, value: Any) -> None:
        """Change a field of the chosen layer."""
        if self.chosen is not None:
            layers = [*self.design.layers]
            layers[self.row] = self.chosen.changed(**{field: value})
            self._record(self.design.changed(layers=layers), self.row, f"{self.row} {field}")

    def describe(self, field: str, value: Any) -> None:
        """Change a field of the design itself; a title that can't be one leaves the last that could."""
        try:
            self._record(self.design.changed(**{field: value}), self.row, field)
        except BadInputError:
            return

    def answer_for(self, classes: int) -> None:
        """Another number of classes, which is no part of the design."""
        self.classes = classes
        self._tell()

    def undo(self) -> None:
        """Undo the last change."""
        self._history.undo()
        self._tell()

    def redo(self) -> None:
        """Do again what was undone."""
        self._history.redo()
        self._tell()

    def _show(self, layers: list[Layer], row: int) -> None:
        self._record(self.design.changed(layers=layers), row)

    def _record(self, design: Design, row: int, key: str = "") -> None:
        if design != self.design:
            self._history.record(State(design, row), key)
            self._tell()

    def _tell(self) -> None:
        self.report = self._reported()
        self.changed.emit()

    def _reported(self) -> Report:
        design = self.design
        return report(design, (design.channels, design.side, design.side), self.classes)
