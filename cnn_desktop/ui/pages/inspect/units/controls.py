"""Which unit, and by which rules its picture is searched for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import labelled
from cnn_desktop.ui.widgets.fields import Picker, Switch
from cnn_desktop.ui.widgets.measure_slider import MeasureSlider
from cnn_desktop.ui.widgets.numbers import CountSpin

if TYPE_CHECKING:
    from cnn_desktop.explain.maximisation import Rules

Kind = Literal["channel", "cell", "class"]

_STEPS, _MOST_STEPS = 256, 1024


class Controls(QWidget):
    """`edited` comes with every change, `search_asked` and `cancelled` from the button.

    `whose` is a row with the unit, the widget itself a column with the rules and the button.
    """

    edited = Signal()
    search_asked = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_searching = False
        self.kind = Picker("unitKind", {"channel": _("A channel"), "cell": _("One cell"), "class": _("A class")})
        self.kind.setAccessibleName(_("What is to be excited"))
        self.label = Picker("unitClass")
        self.label.setAccessibleName(_("Class"))
        self.channel = CountSpin("unitChannel", 0, 0)
        self.channel.setAccessibleName(_("Channel"))
        self._steps = MeasureSlider("unitSteps", _MOST_STEPS, 16, lambda value: f"{value:.0f}")
        self._robustness = MeasureSlider("unitRobustness", 2.0, 0.1, lambda value: f"{value:.1f}")
        self._smoothness = MeasureSlider("unitSmoothness", 0.5, 0.01, lambda value: f"{value:.2f}")
        self._is_plain = Switch("unitPlain", _("Pixel by pixel"))
        self._seed = CountSpin("unitSeed", 0, 9999)
        self._seed.setPrefix("#")
        self._seed.setToolTip(_("Seed: with another one, the search begins with other noise"))
        self._seed.setAccessibleName(_("Seed"))
        self.button = QPushButton()
        self.button.setObjectName("unitSearch")
        self.button.setProperty("role", "primary")
        self._explain()
        self._lay_out()
        self._steps.write(_STEPS)
        self._robustness.write(1.0)
        self._smoothness.write(0.05)
        self._connect()
        self.show_searching(False)
        self._on_kind()

    def offer_classes(self, classes: tuple[str, ...]) -> None:
        """Let one of these be chosen."""
        self.label.blockSignals(True)
        self.label.clear()
        for place, name in enumerate(classes):
            self.label.addItem(name, str(place))
        self.label.blockSignals(False)

    @property
    def chosen_kind(self) -> Kind:
        """What is to be excited."""
        return cast("Kind", self.kind.choice())

    @property
    def chosen_class(self) -> int:
        """The class's place."""
        return max(0, self.label.currentIndex())

    def show_channel(self, channel: int, count: int) -> None:
        """Show which of `count` channels is chosen; nobody is told."""
        self.channel.blockSignals(True)
        self.channel.setRange(0, max(0, count - 1))
        self.channel.setValue(channel)
        self.channel.setSuffix(_(" / {last}").format(last=count - 1) if count else "")
        self.channel.blockSignals(False)

    def rules(self) -> Rules:
        """How to search."""
        from cnn_desktop.explain.maximisation import Rules

        return Rules(
            steps=max(16, round(self._steps.read())),
            robustness=self._robustness.read(),
            smoothness=self._smoothness.read(),
            is_plain=self._is_plain.read(),
            seed=self._seed.read() or 0,
        )

    def show_searching(self, is_searching: bool) -> None:
        """Offer to begin, or to cancel."""
        self._is_searching = is_searching
        self.button.setText(_("Cancel") if is_searching else _("Search"))
        self.button.setAccessibleName(self.button.text())

    def _explain(self) -> None:
        for slider, title, tip in (
            (self._steps, _("Steps"), _("More steps excite more, and take longer")),
            (
                self._robustness,
                _("Robustness"),
                _("How far the picture is shifted, scaled and turned at each step: 1 is usual, off finds noise"),
            ),
            (self._smoothness, _("Smoothness"), _("What differences between neighbouring pixels cost")),
        ):
            slider.set_title(title)
            slider.setToolTip(tip)
            slider.value.setMinimumWidth(36)
        self._is_plain.setToolTip(
            _("Instead of among frequencies and independent colours: excites as much, and looks like noise")
        )
        self.channel.setToolTip(_("The channel, counted from 0; or click a map on the Layers tab"))

    def _lay_out(self) -> None:
        self.whose = QHBoxLayout()
        self.whose.setSpacing(S8)
        for field in (self.kind, self.channel, self.label):
            self.whose.addWidget(field, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S8)
        for slider in (self._steps, self._robustness, self._smoothness):
            column.addLayout(labelled(slider.accessibleName(), slider))
        row = QHBoxLayout()
        row.setSpacing(S8)
        row.addWidget(self._is_plain, 1)
        row.addWidget(self._seed)
        column.addLayout(row)
        column.addWidget(self.button)

    def _connect(self) -> None:
        self.kind.edited.connect(self._on_kind)
        for field in (
            self.label,
            self.channel,
            self._steps,
            self._robustness,
            self._smoothness,
            self._is_plain,
            self._seed,
        ):
            field.edited.connect(self.edited)
        self.button.clicked.connect(self._on_button)

    def _on_button(self) -> None:
        asked = self.cancelled if self._is_searching else self.search_asked
        asked.emit()

    def _on_kind(self) -> None:
        is_class = self.chosen_kind == "class"
        self.label.setVisible(is_class)
        self.channel.setVisible(not is_class)
        self.edited.emit()
