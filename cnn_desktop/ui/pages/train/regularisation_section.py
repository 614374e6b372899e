"""What keeps a network from learning its pictures by heart, and a run from going astray."""

from PySide6.QtWidgets import QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.train.setting import Setting, SettingsGroup
from cnn_desktop.ui.widgets.fields import Picker
from cnn_desktop.ui.widgets.numbers import CountSpin, RateSpin, ShareSpin


class RegularisationSection(SettingsGroup):
    """Weight decay, label smoothing, clipping, averaging, class weights, early stopping."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.add(
            Setting(
                "recipe.weight_decay",
                _("Weight decay"),
                _("Pulls weights towards zero; raise it when training pictures do much better than validation ones."),
                RateSpin("weightDecaySpin", 0.0, 10.0, _("none")),
            ),
            Setting(
                "recipe.label_smoothing",
                _("Label smoothing"),
                _("Asks the network not to be surer than this leaves room for; 10 % is usual with many classes."),
                ShareSpin("labelSmoothingSpin", 0.9, _("none")),
            ),
        )
        self.add(
            Setting(
                "recipe.clip_norm",
                _("Clip gradients (norm)"),
                _("Shortens gradients that are longer than this; 1 tames a loss that jumps now and then."),
                RateSpin("clipSpin", 0.0, 1e6, _("none")),
            ),
            Setting(
                "recipe.ema_decay",
                _("Average of weights"),
                _("Keeps a running average of the weights and uses it at the end; 0.999 evens out the last steps."),
                RateSpin("emaSpin", 0.0, 0.99999999, _("none"), step=0.001),
            ),
        )
        weights = {"none": _("All the same"), "balanced": _("Balanced")}
        self.add(
            Setting(
                "recipe.class_weights",
                _("Class weights"),
                _("Balanced makes rare classes count more; choose it when some have far fewer pictures."),
                Picker("classWeightsPicker", weights),
            ),
            Setting(
                "recipe.early_stopping",
                _("Stop early (epochs)"),
                _("Ends the run when the validation loss hasn't improved for so many epochs; 5 to 10 are usual."),
                CountSpin("earlyStoppingSpin", 0, 10_000, _("never")),
            ),
        )
