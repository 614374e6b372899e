"""The rarer settings of a run, folded away until they are asked for."""

from typing import Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import labelled
from cnn_desktop.ui.widgets.numbers import CountSpin, RateSpin, ShareSpin


class MoreFields(QWidget):
    """Validation part, picture size, limit of steps, seed, momentum, weight decay, label smoothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.validation = ShareSpin("validationSpin", 0.9, _("none"))
        self.image_size = CountSpin("imageSizeSpin", 0, 4096, _("automatic"))
        self.image_size.setToolTip(_("Side, in pixels, of the square that every picture is brought to."))
        self.steps = CountSpin("stepsSpin", 0, 1_000_000_000, _("no limit"))
        self.steps.setToolTip(_("Ends the run after this many steps, whatever the number of epochs."))
        self.seed = CountSpin("seedSpin", 0, 2**31 - 1)
        self.momentum = RateSpin("momentumSpin", 0.0, 0.9999)
        self.momentum.setToolTip(_("For SGD and RMSprop."))
        self.weight_decay = RateSpin("weightDecaySpin", 0.0, 10.0)
        self.label_smoothing = ShareSpin("labelSmoothingSpin", 0.9, _("none"))
        self.validation.setValue(RunConfig.model_fields["val_fraction"].default)
        self._unfold = QPushButton()
        self._unfold.setObjectName("moreSettingsButton")
        self._unfold.setProperty("role", "link")
        self._unfold.clicked.connect(lambda: self._show_folded(self._folded.isVisible()))
        self._folded = QWidget()
        self._lay_out()
        self._show_folded(True)

    def _lay_out(self) -> None:
        grid = QGridLayout(self._folded)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(S8)
        grid.setVerticalSpacing(S8)
        pairs = (
            (_("Validation part"), self.validation),
            (_("Picture size"), self.image_size),
            (_("Limit of steps"), self.steps),
            (_("Seed"), self.seed),
            (_("Momentum"), self.momentum),
            (_("Weight decay"), self.weight_decay),
            (_("Label smoothing"), self.label_smoothing),
        )
        for index, (text, field) in enumerate(pairs):
            grid.addLayout(labelled(text, field), index // 2, index % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        row = QHBoxLayout()
        row.addWidget(self._unfold)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S8)
        column.addLayout(row)
        column.addWidget(self._folded)

    def show_recipe(self, recipe: Recipe) -> None:
        """Fill in what an architecture recommends."""
        self.steps.setValue(recipe.steps or 0)
        self.momentum.setValue(recipe.momentum)
        self.weight_decay.setValue(recipe.weight_decay)
        self.label_smoothing.setValue(recipe.label_smoothing)

    def show_config(self, config: RunConfig) -> None:
        """Fill in a whole run's settings."""
        self.show_recipe(config.recipe)
        self.validation.setValue(config.val_fraction)
        self.image_size.setValue(config.image_size or 0)
        self.seed.setValue(min(config.seed, self.seed.maximum()))

    def recipe_values(self) -> dict[str, Any]:
        """Fields of the Recipe."""
        return {
            "steps": self.steps.value() or None,
            "momentum": self.momentum.value(),
            "weight_decay": self.weight_decay.value(),
            "label_smoothing": self.label_smoothing.value(),
        }

    def run_values(self) -> dict[str, Any]:
        """Fields of the RunConfig."""
        return {
            "val_fraction": self.validation.value(),
            "image_size": self.image_size.value() or None,
            "seed": self.seed.value(),
        }

    def _show_folded(self, folded: bool) -> None:
        self._folded.setVisible(not folded)
        self._unfold.setText(_("More settings…") if folded else _("Fewer settings"))
        self._unfold.setAccessibleName(self._unfold.text())
