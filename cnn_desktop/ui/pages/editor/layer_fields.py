"""The fields of one layer, in place: below its line in the list."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cnn_desktop.core.design import Layer
from cnn_desktop.core.language import _
from cnn_desktop.models.design.words import ACTIVATIONS, POOLS
from cnn_desktop.ui.pages.editor.layer_painting import ROW_HEIGHT
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import labelled
from cnn_desktop.ui.widgets.fields import Picker, Switch
from cnn_desktop.ui.widgets.numbers import CountSpin, ShareSpin

HEIGHT = 64
_NARROW = 76

_CAPTIONS = {
    "filters": _("Filters"),
    "kernel": _("Kernel"),
    "stride": _("Stride"),
    "padding": _("Padding"),
    "dilation": _("Dilation"),
    "groups": _("Groups"),
    "size": _("Window"),
    "outputs": _("Outputs"),
    "share": _("Share"),
    "function": _("Function"),
    "left": _("Left"),
    "right": _("Right"),
    "top": _("Top"),
    "bottom": _("Bottom"),
    "bias": _("Bias"),
}


class LayerFields(QWidget):
    """Every setting of a layer's kind; `edited` carries the field's name and its new value."""

    edited = Signal(str, object)

    def __init__(self, layer: Layer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = layer.kind
        self._editors: dict[str, Any] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(S16, ROW_HEIGHT - S8, S16, S8)
        row.setSpacing(S8)
        for name in fields_of(layer):
            editor = self._editors[name] = _editor(layer, name)
            if name == "function":
                editor.setMinimumWidth(120)
            elif name != "bias":
                editor.setFixedWidth(_NARROW)
            editor.setAccessibleName(_CAPTIONS[name])
            row.addLayout(labelled("" if name == "bias" else _CAPTIONS[name], editor))
        row.addStretch()
        self.write(layer)
        for name, editor in self._editors.items():
            editor.edited.connect(self._teller(name, editor))

    def write(self, layer: Layer) -> None:
        """Show the values of another layer of this kind."""
        for name, editor in self._editors.items():
            value = getattr(layer, name)
            if editor.read() != value:
                editor.blockSignals(True)
                editor.write(value)
                editor.blockSignals(False)

    def focus_first(self) -> None:
        """Let the keyboard write into the first field."""
        if self._editors:
            next(iter(self._editors.values())).setFocus()

    def _teller(self, name: str, editor: Any) -> Callable[[], None]:
        return lambda: self.edited.emit(name, editor.read())


def fields_of(layer: Layer) -> list[str]:
    """The names of what can be set of a layer."""
    return [name for name in type(layer).model_fields if name != "kind"]


def _editor(layer: Layer, name: str) -> QWidget:
    object_name = f"layer{name.capitalize()}"
    match name:
        case "function":
            choices = ACTIVATIONS if layer.kind == "activation" else POOLS
            return Picker(object_name, dict(choices))
        case "bias":
            return Switch(object_name, _("Bias"))
        case "share":
            return ShareSpin(object_name, 0.99)
        case _:
            bounds = type(layer).model_json_schema()["properties"][name]
            as_window = layer.kind == "pool" and name == "stride"
            return CountSpin(object_name, bounds["minimum"], bounds["maximum"], _("window") if as_window else "")
