"""The fields of one layer, in place: below its line in the list."""

from collections.abc import Callable
from functools import cache
from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QGridLayout, QLineEdit, QWidget
from typing_extensions import override

from cnn_desktop.core.design import Layer
from cnn_desktop.core.language import _
from cnn_desktop.core.validated import Validated
from cnn_desktop.models.design.words import ACTIVATIONS, POOLS
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import labelled
from cnn_desktop.ui.widgets.fields import Picker, Switch
from cnn_desktop.ui.widgets.numbers import CountSpin, ShareSpin

_FIELD_WIDTH, _FIELD_HEIGHT = 72, 56
_WORD_WIDTH = 104

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
    """Every setting of a layer's kind, at the lower edge; `edited` carries the field's name and its new value.

    Args:
        layer: whose settings they are.
        per_row: how many fields stand beside each other.
    """

    edited = Signal(str, object)

    def __init__(self, layer: Layer, per_row: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self.per_row = layer.kind, per_row
        self._editors: dict[str, Any] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(S8, 0, S8, S8)
        grid.setSpacing(S8)
        grid.setRowStretch(0, 1)
        grid.setColumnStretch(per_row, 1)
        for place, name in enumerate(fields_of(layer)):
            editor = self._editors[name] = _editor(layer, name)
            if name == "function":
                editor.setMinimumWidth(120)
            elif isinstance(editor, QAbstractSpinBox) and editor.specialValueText():
                editor.setFixedWidth(_WORD_WIDTH)
            else:
                editor.setFixedWidth(_FIELD_WIDTH)
            editor.setAccessibleName(_CAPTIONS[name])
            field = labelled("" if name == "bias" else _CAPTIONS[name], editor)
            grid.addLayout(field, 1 + place // per_row, place % per_row)
        self.write(layer)
        for name, editor in self._editors.items():
            editor.edited.connect(self._teller(name, editor))
        for line in self.findChildren(QLineEdit):
            line.installEventFilter(self)

    @staticmethod
    def height_of(layer: Layer, per_row: int) -> int:
        """Pixels that the fields of such a layer take; 0 where it has none."""
        rows = -(-len(fields_of(layer)) // per_row)
        return rows * (_FIELD_HEIGHT + S8) if rows else 0

    @staticmethod
    def per_row_of(width: int) -> int:
        """How many fields find room beside each other."""
        return max(2, (width - S8) // (_FIELD_WIDTH + S8))

    def suit(self, layer: Layer, per_row: int) -> bool:
        """Whether these are the fields of such a layer, in such rows."""
        return (self.kind, self.per_row) == (layer.kind, per_row)

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

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_undo(event):
            event.ignore()  # the editor's own undo knows more than that of a line of text
            return True
        return super().eventFilter(watched, event)

    def _teller(self, name: str, editor: Any) -> Callable[[], None]:
        return lambda: self.edited.emit(name, editor.read())


def _is_undo(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)


def fields_of(layer: Layer) -> list[str]:
    """The names of what can be set of a layer."""
    return [name for name in type(layer).model_fields if name != "kind"]


@cache
def _schema(kind: type[Validated]) -> dict[str, Any]:
    """What the fields of a kind of layer may be; it takes pydantic milliseconds to find out."""
    return kind.model_json_schema()


def _editor(layer: Layer, name: str) -> QWidget:
    object_name = f"layer{name.capitalize()}"
    match name:
        case "function":
            choices = ACTIVATIONS.items() if layer.kind == "activation" else POOLS.items()
            return Picker(object_name, {str(name): words for name, words in choices})
        case "bias":
            return Switch(object_name, _("Bias"))
        case "share":
            return ShareSpin(object_name, 0.99)
        case _:
            bounds = _schema(type(layer))["properties"][name]
            as_window = layer.kind == "pool" and name == "stride"
            return CountSpin(object_name, bounds["minimum"], bounds["maximum"], _("window") if as_window else "")
