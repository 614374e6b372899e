"""How the network is trained: the fields that a recipe fills in, all of which can be changed."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS, Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import labelled
from cnn_desktop.ui.widgets.fields import Picker
from cnn_desktop.ui.widgets.numbers import CountSpin, RateSpin

_OPTIMIZERS = {"sgd": _("SGD"), "adam": _("Adam"), "adamw": _("AdamW"), "rmsprop": _("RMSprop")}
_SCHEDULES = {
    "constant": _("Constant"),
    "step": _("Steps"),
    "cosine": _("Cosine"),
    "one_cycle": _("One cycle"),
}
_PRECISIONS = {"auto": _("Automatic"), "fp32": _("fp32"), "bf16": _("bf16"), "fp16": _("fp16")}
_PRESETS = {"none": _("None"), "light": _("Light"), "tutorial": _("Tutorial")}


class RecipeFields(QWidget):
    """Epochs, batch size, optimizer, rate, schedule, precision, augmentation, device."""

    device_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.epochs = CountSpin("epochsSpin", 1, 100_000)
        self.batch_size = CountSpin("batchSizeSpin", 1, 65_536)
        self.optimizer = _picker("optimizerPicker", _OPTIMIZERS)
        self.learning_rate = RateSpin("learningRateSpin", 1e-8, 100.0)
        self.schedule = _picker("schedulePicker", _SCHEDULES)
        self.schedule.setToolTip(
            _(
                "Steps: divides the rate by ten after each third. Cosine: falls along a cosine. "
                "One cycle: rises for 30 % and falls to zero."
            )
        )
        self.precision = _picker("precisionPicker", _PRECISIONS)
        self.augmentation = Picker("augmentationPicker")
        self.device = Picker("devicePicker")
        self.device.currentIndexChanged.connect(lambda _index: self.device_changed.emit(self.device.choice()))
        self._lay_out()
        self.show_devices([])

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(S8)
        grid.setVerticalSpacing(S8)
        pairs = (
            (_("Epochs"), self.epochs),
            (_("Batch size"), self.batch_size),
            (_("Optimizer"), self.optimizer),
            (_("Learning rate"), self.learning_rate),
            (_("Schedule"), self.schedule),
            (_("Precision"), self.precision),
        )
        for index, (text, field) in enumerate(pairs):
            grid.addLayout(labelled(text, field), index // 2, index % 2)
        grid.addLayout(labelled(_("Augmentation"), self.augmentation), 3, 0, 1, 2)
        grid.addLayout(labelled(_("Device"), self.device), 4, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)

    def show_recipe(self, recipe: Recipe) -> None:
        """Fill in what an architecture recommends."""
        self.epochs.setValue(recipe.epochs)
        self.batch_size.setValue(recipe.batch_size)
        self.optimizer.choose(recipe.optimizer)
        self.learning_rate.setValue(recipe.learning_rate)
        self.schedule.choose(recipe.schedule)
        self._show_augmentation(recipe.augmentation)

    def show_config(self, config: RunConfig) -> None:
        """Fill in a whole run's settings."""
        self.show_recipe(config.recipe)
        self.precision.choose(config.precision)
        self.device.choose(config.device)

    def show_step_limit(self, steps: int) -> None:
        """Say beside the epochs that the run ends after `steps`; 0 means that it doesn't."""
        text = _("Epochs, ≤ {steps:,} steps").format(steps=steps) if steps else _("Epochs")
        for label in self.findChildren(QLabel):
            if label.buddy() is self.epochs:
                label.setText(text)

    def show_devices(self, devices: list[tuple[str, str]]) -> None:
        """Offer the devices of this machine, by (name, title); the first is what “auto” takes."""
        self.device.clear()
        first = devices[0][1] if devices else ""
        self.device.addItem(_("Automatic · {device}").format(device=first) if first else _("Automatic"), "auto")
        for name, title in devices:
            self.device.addItem(title, name)

    def show_automatic_precision(self, name: str) -> None:
        """Say what “auto” stands for on the chosen device."""
        text = _("auto: {precision}").format(precision=name) if name else _PRECISIONS["auto"]
        self.precision.setItemText(0, text)

    def recipe_values(self) -> dict[str, Any]:
        """Fields of the Recipe."""
        return {
            "epochs": self.epochs.value(),
            "batch_size": self.batch_size.value(),
            "optimizer": self.optimizer.choice(),
            "learning_rate": self.learning_rate.value(),
            "schedule": self.schedule.choice(),
            "augmentation": Augmentation.parse(self.augmentation.choice()),
        }

    def run_values(self) -> dict[str, Any]:
        """Fields of the RunConfig."""
        return {"precision": self.precision.choice(), "device": self.device.choice()}

    def _show_augmentation(self, chosen: Augmentation) -> None:
        self.augmentation.clear()
        for name, title in _PRESETS.items():
            preset = AUGMENTATION_PRESETS[name]
            text = title if preset.is_none else f"{title}: {_in_words(preset)}"
            self.augmentation.addItem(text, str(preset))
        if not self.augmentation.choose(str(chosen)):
            self.augmentation.addItem(_in_words(chosen), str(chosen))
            self.augmentation.choose(str(chosen))


def _in_words(augmentation: Augmentation) -> str:
    parts = [
        (augmentation.horizontal_flip, _("flip")),
        (augmentation.crop_padding, _("crop {pixels} px").format(pixels=augmentation.crop_padding)),
        (augmentation.rotation, _("turn {degrees:g}°").format(degrees=augmentation.rotation)),
        (augmentation.shear, _("shear {share:g}").format(share=augmentation.shear)),
        (augmentation.zoom, _("zoom {share:g}").format(share=augmentation.zoom)),
    ]
    return ", ".join(text for is_used, text in parts if is_used)


def _picker(object_name: str, entries: dict[str, str]) -> Picker:
    picker = Picker(object_name)
    for data, text in entries.items():
        picker.addItem(text, data)
    return picker
