"""The layers of the chosen network, and how many of them keep their weights."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S4
from cnn_desktop.ui.widgets.card import caption
from cnn_desktop.ui.widgets.numbers import CountSpin
from cnn_desktop.ui.widgets.layer_rows import LayerRow, LayerRows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cnn_desktop.models.layers import LayerInfo
    from cnn_desktop.ui.pages.train.engine import Plan

_SHOWN = 5


class LayersList(QWidget):
    """Five layers and “9 more…”, which opens the rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: Plan | None = None
        self._shows_all = False
        self.freeze = CountSpin("freezeSpin", 0, 0)
        self.freeze.setProperty("role", "quiet")
        self.freeze.setAccessibleName(_("Layers that keep their weights, counted from the input"))
        self.freeze.setToolTip(_("These layers keep their weights while the others learn."))
        self.freeze.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.freeze.setPrefix(_("freeze first "))
        self.freeze.valueChanged.connect(self._refresh)
        self._rows = LayerRows()
        self._rows.setObjectName("layerRows")
        self._rows.setAccessibleName(_("Layers"))
        self._more = QPushButton()
        self._more.setObjectName("moreLayersButton")
        self._more.setProperty("role", "link")
        self._more.clicked.connect(self._toggle)
        header = QHBoxLayout()
        header.addWidget(caption(_("Layers")))
        header.addStretch()
        header.addWidget(self.freeze)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S4)
        column.addLayout(header)
        column.addWidget(self._rows)
        below = QHBoxLayout()
        below.addWidget(self._more)
        below.addStretch()
        column.addLayout(below)
        self.show_plan(None)

    def show_plan(self, plan: "Plan | None") -> None:
        """Show the layers of `plan`; None leaves the list empty."""
        self._plan = plan
        self._shows_all = False
        self.setVisible(plan is not None)
        if plan is not None:
            self.freeze.setMaximum(len(plan.freezable))
            self.freeze.setSuffix(_(" of {count}").format(count=len(plan.freezable)))
        self._refresh()

    def _refresh(self) -> None:
        layers = self._plan.layers if self._plan else ()
        shown = layers if self._shows_all else layers[:_SHOWN]
        self._rows.show_rows([_row(layer) for layer in shown], self._frozen())
        hidden = len(layers) - len(shown)
        self._more.setVisible(len(layers) > _SHOWN)
        text = _("{count} more…").format(count=hidden) if hidden else _("Show fewer")
        self._more.setText(text)
        self._more.setAccessibleName(_("Layers: {text}").format(text=text))

    def _frozen(self) -> frozenset[int]:
        """The rows whose weights stay: all up to the last frozen one."""
        kept = self._plan.freezable[: self.freeze.value()] if self._plan else ()
        if self._plan is None or not kept:
            return frozenset()
        names = [layer.name for layer in self._plan.layers]
        return frozenset(range(names.index(kept[-1]) + 1)) if kept[-1] in names else frozenset()

    def _toggle(self) -> None:
        self._shows_all = not self._shows_all
        self._refresh()


def _row(layer: "LayerInfo") -> LayerRow:
    shape = "×".join(str(side) for side in layer.output_shape)
    name = layer.name if layer.kind in layer.name else f"{layer.name} {layer.kind}"
    return name, layer.detail, shape, f"{layer.parameters:,}" if layer.parameters else "–"
