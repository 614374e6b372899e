"""By which method, for which class, how strongly drawn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import labelled
from cnn_desktop.ui.widgets.fields import Picker, WheelGuard

_STRENGTH = 75
"""Percent, to begin with."""
_BEST = 10


class ChoiceBar(QWidget):
    """`changed` says that another method or class was chosen by the person; `strength_changed` that only looks are."""

    changed = Signal()
    strength_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.methods = Picker("attributionMethod")
        self.classes = Picker("attributionClass")
        self.classes.setMaxVisibleItems(20)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("attributionStrength")
        self._slider.setAccessibleName(_("How strongly the map is drawn"))
        self._slider.setRange(0, 100)
        self._slider.setValue(_STRENGTH)
        self._slider.setMinimumSize(80, 34)
        self._slider.setMaximumWidth(160)
        self._slider.installEventFilter(WheelGuard(self._slider))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S16)
        row.addLayout(labelled(_("Method"), self.methods), 3)
        row.addLayout(labelled(_("Class"), self.classes), 4)
        row.addLayout(labelled(_("Strength"), self._slider), 2)
        self.methods.edited.connect(self.changed)
        self.classes.edited.connect(self.changed)
        self._slider.valueChanged.connect(lambda percent: self.strength_changed.emit(percent / 100))

    @property
    def strength(self) -> float:
        """How much of the map is seen, 0…1."""
        return self._slider.value() / 100

    @property
    def class_index(self) -> int:
        """The place of the chosen class."""
        return int(self.classes.choice())

    def show_methods(self, titles: Sequence[tuple[str, str]]) -> None:
        """Offer methods by name and title."""
        self.methods.blockSignals(True)
        for name, title in titles:
            self.methods.addItem(title, name)
        self.methods.blockSignals(False)

    def show_classes(self, names: Sequence[str], ranking: Sequence[tuple[int, float]], chosen: int) -> None:
        """Offer all classes: the most probable ones first with their probabilities, the others by name."""
        self.classes.blockSignals(True)
        self.classes.clear()
        for index, probability in ranking[:_BEST]:
            text = _("{name} · {share}").format(name=names[index], share=percent_text(probability))
            self.classes.addItem(text, str(index))
        others = sorted((names[index].casefold(), index) for index, _share in ranking[_BEST:])
        if others:
            self.classes.insertSeparator(self.classes.count())
        for _key, index in others:
            self.classes.addItem(names[index], str(index))
        self.classes.choose(str(chosen))
        self.classes.blockSignals(False)
        self.classes.update()
