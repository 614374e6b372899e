"""Whether what is shown deserves trust: two checks, their pictures and curves, and what they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.pages.inspect.attribution.busy_row import BusyRow
from cnn_desktop.ui.pages.inspect.attribution.stage_strip import Shown, StageStrip
from cnn_desktop.ui.pages.inspect.attribution.verdict_row import Tone, VerdictRow
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.fields import WheelGuard
from cnn_desktop.ui.widgets.line_chart import LineChart

if TYPE_CHECKING:
    from cnn_desktop.explain.sanity import Deletion, Randomisation, Stage

_CHART_HEIGHT = 190
_NARROW = 600
"""Pixels of width below which the two checks stand one below the other."""


class CheckCard(Card):
    """`asked` says that the person wants the checks; their results come one after the other."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Does it deserve trust?"), parent)
        self.button = QPushButton(_("Check this explanation"))
        self.button.setObjectName("checkExplanation")
        self.button.setAccessibleName(self.button.text())
        self.button.clicked.connect(self.asked)
        self.busy = BusyRow("check", _("Checking the explanation"))
        self.header.addWidget(self.button)
        self.strip = StageStrip(_("The same question while layer after layer forgets what it learned"))
        self.strip.setObjectName("randomisationMaps")
        self.correlations = _chart(
            "randomisationChart", _("Likeness to the trained model's map"), _("layers that forgot"), -0.5
        )
        self.correlations.add_series("rank", _("rank correlation"), color=0, style="markers")
        self.correlations.add_series("structure", _("SSIM"), color=1, style="markers", dash=1)
        self.curves = _chart("deletionChart", _("Probability of the class"), _("part of the picture removed"), 0.0)
        self.curves.add_series("marked", _("marked first"), color=1, style="line")
        self.curves.add_series("random", _("at random"), color=0, style="line", dash=1)
        self.dependence = VerdictRow("randomisationVerdict")
        self.importance = VerdictRow("deletionVerdict")
        self._results = QWidget()
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self.clear()

    def clear(self) -> None:
        """Nothing is known of what is shown now."""
        self.busy.hide()
        self._about.show()
        self._results.hide()
        self.dependence.hide()
        self.importance.hide()
        self.strip.show_stages(QImage(), ())
        for chart in (self.correlations, self.curves):
            chart.clear()

    def begin(self, text: str) -> None:
        """A check goes on."""
        self.button.setEnabled(False)
        self._about.hide()
        self.busy.begin(text)

    def end(self) -> None:
        """No check goes on any more."""
        self.button.setEnabled(True)
        self.busy.hide()
        self._about.show()

    def show_randomisation(self, check: Randomisation, ground: QImage, overlays: list[QImage]) -> None:
        """Show what became of the map."""
        self._results.show()
        shown = [_shown(stage, overlay) for stage, overlay in zip(check.stages, overlays, strict=True)]
        self.strip.show_stages(ground, shown)
        counts = [stage.count for stage in check.stages]
        self.correlations.set_x_end(counts[-1])
        self.correlations.set_points("rank", counts, [stage.correlation for stage in check.stages])
        self.correlations.set_points("structure", counts, [stage.similarity for stage in check.stages])
        words: dict[str, tuple[Tone, str]] = {
            "depends": ("good", _("depends on the model")),
            "partly": ("doubt", _("depends on it in part")),
            "ignores": ("bad", _("doesn't depend on the model")),
        }
        self.dependence.tell(*words[check.verdict], str(check))

    def show_deletion(self, found: Deletion) -> None:
        """Show how the class's probability fell."""
        self._results.show()
        self.curves.set_points("marked", found.removed, found.marked)
        self.curves.set_points("random", found.removed, found.random.mean(0))
        words: dict[str, tuple[Tone, str]] = {
            "matters": ("good", _("what is marked matters")),
            "chance": ("bad", _("no better than chance")),
            "unknown": ("unknown", _("can't tell")),
        }
        self.importance.tell(*words[found.verdict], str(found))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        self._halves.setDirection(way.TopToBottom if self.width() < _NARROW else way.LeftToRight)

    def _lay_out(self) -> None:
        self._about = caption(
            _(
                "Two checks: does the map change when the weights are random, layer by layer from the last? And does "
                "the probability fall faster when what is marked is removed than when as much is removed at random?"
            )
        )
        self._about.setWordWrap(True)
        inside = QVBoxLayout(self._results)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(S16)
        inside.addWidget(self.strip)
        self._halves.setSpacing(S16)
        for chart, verdict in ((self.correlations, self.dependence), (self.curves, self.importance)):
            half = QVBoxLayout()
            half.setSpacing(S8)
            half.addWidget(chart)
            half.addWidget(verdict)
            half.addStretch()
            self._halves.addLayout(half, 1)
        inside.addLayout(self._halves)
        for widget in (self._about, self.busy, self._results):
            self.body.addWidget(widget)


def _shown(stage: Stage, overlay: QImage) -> Shown:
    if not stage.count:
        return Shown(overlay, _("as trained"), "1.00", _("the map of the trained model"))
    layers = ngettext("{count} layer has random weights", "{count} layers have random weights", stage.count)
    text = _("{layers}, down to {name}: rank correlation {correlation:.2f}, SSIM {similarity:.2f}")
    words = text.format(
        layers=layers.format(count=stage.count),
        name=stage.layer,
        correlation=stage.correlation,
        similarity=stage.similarity,
    )
    figure = f"{stage.correlation:.2f}".replace("-", "−").replace("−0.00", "0.00")
    return Shown(overlay, _("↓ {layer}").format(layer=stage.layer), figure, words)


def _chart(name: str, title: str, x_title: str, low: float) -> LineChart:
    chart = LineChart(title, x_title=x_title, y_range=(low, 1.0), value_text="{:.2f}".format)
    chart.setObjectName(name)
    chart.installEventFilter(WheelGuard(chart))
    chart.setFixedHeight(_CHART_HEIGHT)
    chart.setMinimumWidth(160)  # so that the card can become narrow, and put one below the other
    chart.set_x_end(1.0)
    return chart
