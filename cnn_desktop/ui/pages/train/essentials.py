"""The settings that everybody looks at: how long, how many at once, how fast, on what."""

from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.recipe import OPTIMIZER_TITLES
from cnn_desktop.ui.pages.train.setting import Setting, SettingsGroup
from cnn_desktop.ui.widgets.fields import Picker
from cnn_desktop.ui.widgets.numbers import CountSpin, RateSpin

RateUse = Literal["planned", "live"]
"""Whether the field holds the rate of a run to come, or that of the run that is on, where it can be changed."""


class Essentials(SettingsGroup):
    """Epochs, batch size, optimizer, learning rate, device."""

    find_asked = Signal()
    rate_asked = Signal(float)
    """The run that is on shall learn at this rate from now on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.epochs = Setting(
            "recipe.epochs",
            _("Epochs"),
            _("How often the network sees every training picture; more when it is still getting better at the end."),
            CountSpin("epochsSpin", 1, 100_000),
        )
        self.batch_size = Setting(
            "recipe.batch_size",
            _("Batch size (pictures)"),
            _("Pictures for each update of the weights; halve it where memory runs out."),
            CountSpin("batchSizeSpin", 1, 65_536),
        )
        self._optimizer = Picker("optimizerPicker", {**OPTIMIZER_TITLES})
        self.optimizer = Setting(
            "recipe.optimizer",
            _("Optimizer"),
            _("How gradients become updates; Adam forgives a wrong rate, SGD often ends a little better."),
            self._optimizer,
        )
        self._rate = RateSpin("learningRateSpin", 1e-8, 100.0)
        self.learning_rate = Setting(
            "recipe.learning_rate",
            _("Learning rate"),
            _("How far each update goes, at the height of the schedule; lower it when the loss jumps or grows."),
            self._rate,
        )
        self.device = Picker("devicePicker")
        self._find: QPushButton = self.learning_rate.add_link("findRateButton", _("Find…"))
        self._find.setToolTip(_("Tries rising rates on a copy of the network, and suggests one."))
        self._find.clicked.connect(self._on_link)
        self._use: RateUse = "planned"
        self._planned = 0.0
        self._running = 0.0
        self._rate.lineEdit().returnPressed.connect(self._ask_rate)
        self._rate.edited.connect(self._show_link)
        self.add(self.epochs, self.batch_size)
        self.add(self.optimizer, self.learning_rate)
        tip = _("What computes; a graphics card is ten times as fast as a processor, or more.")
        self.add(Setting("device", _("Device"), tip, self.device))
        self.show_devices([])

    def show_devices(self, devices: list[tuple[str, str]]) -> None:
        """Offer the devices of this machine, by (name, title); the first is what “auto” takes. The choice stays."""
        chosen = self.device.choice()
        self.device.blockSignals(True)
        self.device.clear()
        first = devices[0][1] if devices else ""
        self.device.addItem(_("Automatic · {device}").format(device=first) if first else _("Automatic"), "auto")
        for name, title in devices:
            self.device.addItem(title, name)
        self.device.write(chosen)
        self.device.blockSignals(False)
        self.device.edited.emit()

    def show_step_limit(self, steps: int | None) -> None:
        """Say beside the epochs that the run ends after `steps`, if it does."""
        self.epochs.set_title(_("Epochs, ≤ {steps:,} steps").format(steps=steps) if steps else _("Epochs"))

    @property
    def planned_rate(self) -> float:
        """The rate for a run to come, whatever the field shows while one is on."""
        return self.learning_rate.read() if self._use == "planned" else self._planned

    def show_use(self, use: RateUse) -> None:
        """Let the rate be that of a run to come, or of the run that is on."""
        if use == self._use:
            return
        self._planned = self.planned_rate
        self._use = use
        self.learning_rate.set_comparing(use == "planned")
        self.learning_rate.set_title(_("Learning rate") if use == "planned" else _("Learning rate now"))
        self._write_quietly(self._planned)

    def show_running_rate(self, rate: float) -> None:
        """Follow the rate of the run that is on, unless the person is typing another one."""
        is_touched = self._rate.hasFocus() or self._rate.value() != self._running
        if self._use == "live" and not is_touched:
            self._write_quietly(float(f"{rate:.3g}"))

    def _write_quietly(self, rate: float) -> None:
        self.learning_rate.blockSignals(True)
        self.learning_rate.write(rate)
        self.learning_rate.blockSignals(False)
        self._running = self._rate.value()
        self._show_link()

    def _on_link(self) -> None:
        if self._use == "planned":
            self.find_asked.emit()
        else:
            self._ask_rate()

    def _ask_rate(self) -> None:
        if self._use == "live" and self._rate.value() != self._running:
            self._running = self._rate.value()
            self._show_link()
            self.rate_asked.emit(self._running)

    def _show_link(self) -> None:
        """“Find…” before a run; “Set” during one, once the field holds another rate than the run."""
        is_planned = self._use == "planned"
        self._find.setText(_("Find…") if is_planned else _("Set"))
        self._find.setAccessibleName(_("Find a learning rate") if is_planned else _("Set the learning rate"))
        self._find.setEnabled(is_planned or self._rate.value() != self._running)
