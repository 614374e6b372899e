"""How the learning rate changes over a run, drawn before the start."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.train.setting import Setting, SettingsGroup
from cnn_desktop.ui.widgets.curve_view import CurveView
from cnn_desktop.ui.widgets.fields import Picker, Switch
from cnn_desktop.ui.widgets.numbers import RateSpin

_SCHEDULES = {
    "constant": _("Constant"),
    "step": _("Steps"),
    "cosine": _("Cosine"),
    "one_cycle": _("One cycle"),
}


class RateSection(SettingsGroup):
    """Schedule, warm-up, the curve of both; momentum and Nesterov's for SGD; the biases of norms."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        schedule = _(
            "How the rate changes over the run. Steps: divides it by ten after each third. Cosine: lets it fall along "
            "a cosine. One cycle: lets it rise for 30 % and fall to zero."
        )
        warmup = _("The rate rises in a straight line for so long first; it helps large batches over a rough start.")
        momentum = _("How much of the last update each one keeps; lower it when the loss swings.")
        nesterov = _("Looks ahead along the momentum; often a little faster, never much worse.")
        self.add(
            Setting("recipe.schedule", _("Schedule"), schedule, Picker("schedulePicker", _SCHEDULES)),
            Setting(
                "recipe.warmup_epochs",
                _("Warm-up (epochs)"),
                warmup,
                RateSpin("warmupSpin", 0, 1000, _("none"), step=1),
            ),
        )
        self.curve = CurveView(_("epoch"))
        self.curve.setObjectName("scheduleCurve")
        self.curve.setAccessibleName(_("Learning rate over the run"))
        self.add_widgets(self.curve)
        self._momentum = Setting(
            "recipe.momentum", _("Momentum"), momentum, RateSpin("momentumSpin", 0.0, 0.9999, _("none"), step=0.05)
        )
        self._nesterov = Setting("recipe.nesterov", _("Nesterov"), nesterov, Switch("nesterovCheck", _("look ahead")))
        self.add(self._momentum, self._nesterov)
        biases = _(
            "The biases of batch norms, and of other norms, learn so many times as fast. 4 can save epochs when "
            "training from scratch, more needs thousands of steps; keep 1 for pretrained weights."
        )
        self.add(
            Setting(
                "recipe.norm_bias_rate",
                _("Rate of norm biases ×"),
                biases,
                RateSpin("normBiasRateSpin", 1.0, 1000.0, step=1),
            )
        )

    def show_optimizer(self, optimizer: str) -> None:
        """Show what only SGD has."""
        self._momentum.setVisible(optimizer == "sgd")
        self._nesterov.setVisible(optimizer == "sgd")

    def show_curve(self, points: Sequence[tuple[float, float]]) -> None:
        """Draw the rate over the epochs."""
        self.curve.show_line(points)
