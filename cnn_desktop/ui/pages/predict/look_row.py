"""Beside a picture's caption: whether to show where a model looked, by which method, how strongly, for which class."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup, QFont, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSlider, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.fields import WheelGuard

_STRENGTH = 75
"""Percent, to begin with."""
_FOR_METHOD, _FOR_STRENGTH = 340, 460
"""Pixels of width of the card from which on there is room for it."""


class LookRow(QWidget):
    """Off at first; `toggled`, `method_chosen` and `strength_changed` say what the person wants."""

    toggled = Signal(bool)
    method_chosen = Signal()
    strength_changed = Signal(float)
    """How much of the overlay is seen, 0…1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = _FOR_STRENGTH
        self.switch = QPushButton(_("Where it looked"))
        self.switch.setObjectName("whereItLooked")
        self.switch.setAccessibleName(_("Show where the model looked"))
        self.switch.setToolTip(_("Show which parts of the picture speak for a class; a click on a class too"))
        self.switch.setProperty("role", "toggle")
        self.switch.setCheckable(True)
        bold = QFont(self.switch.font())
        bold.setBold(True)  # as it is while it is on
        self.switch.setMinimumWidth(QFontMetrics(bold).horizontalAdvance(self.switch.text()) + 2 * S8)
        self.method_name = "grad_cam"
        """By which method."""
        self.method = QPushButton()
        self.method.setObjectName("lookMethod")
        self.method.setAccessibleName(_("Method"))
        self.method.setToolTip(_("By which method to find out where the model looked; Inspect checks what they say"))
        self.method.setProperty("role", "toggle")
        self.method.setMenu(QMenu(self.method))
        self._strength = QSlider(Qt.Orientation.Horizontal)
        self._strength.setObjectName("lookStrength")
        self._strength.setAccessibleName(_("How strongly it is shown"))
        self._strength.setToolTip(self._strength.accessibleName())
        self._strength.setRange(0, 100)
        self._strength.setValue(_STRENGTH)
        self._strength.setMinimumWidth(48)
        self._strength.setMaximumWidth(96)
        self._strength.setMinimumHeight(20)
        self._strength.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._strength.installEventFilter(WheelGuard(self._strength))
        self.words = ElidedLabel(Qt.TextElideMode.ElideRight)
        """For which class, and how it was found; laid out elsewhere."""
        self.words.setObjectName("lookWords")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S8)
        row.addStretch()
        row.addWidget(self._strength)
        row.addWidget(self.method)
        row.addWidget(self.switch)
        self._strength.hide()
        self.method.hide()
        self.switch.toggled.connect(self._on_toggled)
        self._strength.valueChanged.connect(lambda percent: self.strength_changed.emit(percent / 100))

    @property
    def is_on(self) -> bool:
        """Whether the person wants to see it."""
        return self.switch.isChecked()

    @property
    def strength(self) -> float:
        """How much of the overlay is seen, 0…1."""
        return self._strength.value() / 100

    def make_room(self, width: int) -> None:
        """Do without the slider, then without the methods, where there is little room."""
        self._room = width
        self._show_more(self.is_on)

    def turn_on(self) -> None:
        """As if the person had; nobody is told."""
        self.switch.blockSignals(True)
        self.switch.setChecked(True)
        self.switch.blockSignals(False)
        self._show_more(True)

    def _on_toggled(self, is_on: bool) -> None:
        self._show_more(is_on)
        self.words.clear()
        self.toggled.emit(is_on)

    def _show_more(self, is_on: bool) -> None:
        if is_on and not self.method.text():
            self._offer_methods()
        self.method.setVisible(is_on and self._room >= _FOR_METHOD)
        self._strength.setVisible(is_on and self._room >= _FOR_STRENGTH)

    def _offer_methods(self) -> None:
        from cnn_desktop.explain.attribution import METHODS

        group = QActionGroup(self)
        for method in METHODS.values():
            action = group.addAction(method.title)
            action.setData(method.name)
            action.setCheckable(True)
            action.setChecked(method.name == self.method_name)
        self.method.menu().addActions(group.actions())
        self.method.setText(METHODS[self.method_name].title)
        group.triggered.connect(lambda action: self._choose(action.data(), action.text()))

    def _choose(self, name: str, title: str) -> None:
        self.method_name = name
        self.method.setText(title)
        self.method_chosen.emit()
