"""What can be added to a network: a button for each kind of layer."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from cnn_desktop.core.design import (
    Activation,
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    GlobalPool,
    Layer,
    Padding,
    Pool,
    Residual,
)
from cnn_desktop.core.language import _
from cnn_desktop.models.design.words import KINDS
from cnn_desktop.ui.theme import S4
from cnn_desktop.ui.widgets.card import Card, caption

_LAYERS: tuple[tuple[Layer, str], ...] = (
    (Convolution(), _("Square filters slide over the maps; each finds one pattern wherever it is.")),
    (BatchNorm(), _("Brings each channel to mean 0 and variance 1 over the batch: training gets faster and steadier.")),
    (Activation(), _("The same bend for every value; without it, two layers are no more than one.")),
    (Pool(), _("Keeps the largest value, or the mean, of each window: smaller maps.")),
    (GlobalPool(), _("One value of each map, whatever its size.")),
    (Dropout(), _("Leaves values out by chance while it is trained, so that none is relied on.")),
    (Flatten(), _("Makes one row of numbers of all maps, for the dense layers.")),
    (Dense(), _("Every output sees every input.")),
    (Residual(), _("Two convolutions whose output is added to their input: deep networks learn better.")),
    (Padding(), _("Zeros around the maps, not the same at each side.")),
)

_WIDTH = 168


class Palette(Card):
    """A click adds the layer behind the chosen one."""

    asked = Signal(object)
    """The `Layer` to add."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Add"), parent)
        self.setFixedWidth(_WIDTH)
        self.body.setSpacing(S4)
        self.buttons: dict[str, QPushButton] = {}
        for layer, tool_tip in _LAYERS:
            button = QPushButton(f"+  {KINDS[layer.kind]}")
            button.setObjectName(f"add_{layer.kind}")
            button.setAccessibleName(_("Add: {kind}").format(kind=KINDS[layer.kind]))
            button.setToolTip(tool_tip)
            button.setProperty("role", "quiet")
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, layer=layer: self.asked.emit(layer))
            self.buttons[layer.kind] = button
            self.body.addWidget(button)
        self.body.addStretch()
        keys = caption(_("Alt with ↑ or ↓ moves a layer, Delete takes it out, Enter edits it. Or drag it."))
        keys.setWordWrap(True)
        self.body.addWidget(keys)
