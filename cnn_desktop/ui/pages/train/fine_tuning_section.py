"""The layers of the chosen network, which of them learn, and how fast each."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.train.setting import Setting, SettingsGroup
from cnn_desktop.ui.widgets.card import caption
from cnn_desktop.ui.widgets.layer_rows import LayerRow, LayerRows
from cnn_desktop.ui.widgets.numbers import RateSpin, ShareSpin
from cnn_desktop.ui.widgets.slider import CountSlider

if TYPE_CHECKING:
    from cnn_desktop.models.layers import LayerInfo
    from cnn_desktop.ui.pages.train.network_plan import NetworkPlan

_SHOWN = 5


class FineTuningSection(SettingsGroup):
    """A slider over the list of layers; unfreezing and the layers' rates below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: NetworkPlan | None = None
        self._shows_all = False
        self._slider = CountSlider("freezeSlider", _("none"))
        self._slider.setMaximum(0)
        self.freeze = Setting(
            "freeze",
            _("Frozen layers"),
            _("These keep their weights while the others learn; freeze more the fewer pictures there are."),
            self._slider,
        )
        self._learning = caption()
        self._learning.setObjectName("trainableCount")
        self._rows = LayerRows()
        self._rows.setObjectName("layerRows")
        self._rows.setAccessibleName(_("Layers"))
        self._more = QPushButton()
        self._more.setObjectName("moreLayersButton")
        self._more.setProperty("role", "link")
        self._more.clicked.connect(self._toggle)
        self._unfreeze = Setting(
            "recipe.unfreeze_every",
            _("Unfreeze (epochs)"),
            _("Lets one more frozen layer learn every so many epochs, from the output on."),
            RateSpin("unfreezeSpin", 0, 1000, _("never"), step=1),
        )
        self._layer_decay = Setting(
            "recipe.layer_decay",
            _("Rate of earlier layers"),
            _("Each layer learns at this part of the rate of the layer after it; lower it to keep what was learnt."),
            ShareSpin("layerDecaySpin", 1.0, low=0.01),
        )
        self._lay_out()
        self.freeze.edited.connect(self._refresh)
        self.show_plan(None)

    @property
    def note(self) -> str:
        """What the title of the section says while it is closed."""
        return self._learning.text() if self._plan is not None and self._slider.value() else ""

    def show_plan(self, plan: "NetworkPlan | None") -> None:
        """Show the layers of `plan`; None leaves the list empty."""
        self._plan = plan
        self._shows_all = False
        for widget in (self._rows, self._more, self._learning):
            widget.setVisible(plan is not None)
        if plan is not None:
            self._slider.setMaximum(plan.most_frozen)
        self._refresh()

    def _lay_out(self) -> None:
        self.add(self.freeze)
        self.add_widgets(self._learning)
        self.add_widgets(self._rows)
        link = QWidget()
        row = QHBoxLayout(link)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._more)
        row.addStretch()
        self.add_widgets(link)
        self.add(self._layer_decay, self._unfreeze)

    def _refresh(self) -> None:
        count = self._slider.value()
        layers = self._plan.layers if self._plan else ()
        shown = layers if self._shows_all else layers[:_SHOWN]
        frozen = self._plan.frozen(count) if self._plan else frozenset[str]()
        indexes = frozenset(index for index, layer in enumerate(layers) if layer.name in frozen)
        self._rows.show_rows([_row(layer) for layer in shown], indexes, greyed=max(indexes, default=-1) + 1)
        self.freeze.set_title(_("Frozen layers: {count}").format(count=self._slider.words(count)))
        self._unfreeze.setVisible(bool(count))
        if self._plan is not None:
            text = _("{learning:,} of {all:,} parameters learn")
            self._learning.setText(text.format(learning=self._plan.learning(count), all=self._plan.parameters))
        hidden = len(layers) - len(shown)
        self._more.setVisible(len(layers) > _SHOWN)
        text = _("{count} more…").format(count=hidden) if hidden else _("Show fewer")
        self._more.setText(text)
        self._more.setAccessibleName(_("Layers: {text}").format(text=text))

    def _toggle(self) -> None:
        self._shows_all = not self._shows_all
        self._refresh()


def _row(layer: "LayerInfo") -> LayerRow:
    shape = "×".join(str(side) for side in layer.output_shape)
    name = layer.name if layer.kind in layer.name else f"{layer.name} {layer.kind}"
    return name, layer.detail, shape, f"{layer.parameters:,}" if layer.parameters else "–"
