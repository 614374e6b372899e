"""Beside a picture's caption: whether to show where a model looked, how strongly, and for which class it is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.fields import WheelGuard

_STRENGTH = 75
"""Percent, to begin with."""


class LookRow(QWidget):
    """Off at first; `toggled` and `strength_changed` say what the person wants."""

    toggled = Signal(bool)
    strength_changed = Signal(float)
    """How much of the overlay is seen, 0…1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_narrow = False
        self.switch = QPushButton(_("Where it looked"))
        self.switch.setObjectName("whereItLooked")
        self.switch.setAccessibleName(_("Show where the model looked"))
        self.switch.setToolTip(
            _("Show which parts of the picture speak for a class (Grad-CAM); a click on a class too")
        )
        self.switch.setProperty("role", "toggle")
        self.switch.setCheckable(True)
        bold = QFont(self.switch.font())
        bold.setBold(True)  # as it is while it is on
        self.switch.setMinimumWidth(QFontMetrics(bold).horizontalAdvance(self.switch.text()) + 2 * S8)
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
        row.addWidget(self.switch)
        self._strength.hide()
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

    def make_room(self, *, is_narrow: bool) -> None:
        """Do without the slider where there is little room."""
        self._is_narrow = is_narrow
        self._strength.setVisible(self.is_on and not is_narrow)

    def turn_on(self) -> None:
        """As if the person had; nobody is told."""
        self.switch.blockSignals(True)
        self.switch.setChecked(True)
        self.switch.blockSignals(False)
        self._strength.setVisible(not self._is_narrow)

    def _on_toggled(self, is_on: bool) -> None:
        self._strength.setVisible(is_on and not self._is_narrow)
        self.words.clear()
        self.toggled.emit(is_on)
