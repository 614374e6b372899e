"""How a run computes, and whether it can be repeated to the last bit."""

from PySide6.QtWidgets import QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.train.setting import Setting, SettingsGroup
from cnn_desktop.ui.widgets.card import caption
from cnn_desktop.ui.widgets.fields import Picker, Switch
from cnn_desktop.ui.widgets.numbers import CountSpin

_PRECISIONS = {"auto": _("Automatic"), "fp32": _("fp32"), "bf16": _("bf16"), "fp16": _("fp16")}


class ExactnessSection(SettingsGroup):
    """Precision, parts of a batch, seed, limit of steps, deterministic mode."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._precision = Picker("precisionPicker", _PRECISIONS)
        self.add(
            Setting(
                "precision",
                _("Precision"),
                _("The size of numbers while computing; automatic takes the fastest that trains as well as fp32."),
                self._precision,
            ),
            Setting(
                "recipe.accumulation",
                _("Parts of a batch"),
                _("Computes a batch in so many parts, one after the other, to take less memory; the run is the same."),
                CountSpin("accumulationSpin", 1, 65_536),
            ),
        )
        self.add(
            Setting(
                "seed",
                _("Seed"),
                _("Where chance starts from; the same seed repeats a run, another shows how much was luck."),
                CountSpin("seedSpin", 0, 2**31 - 1),
            ),
            Setting(
                "recipe.steps",
                _("Limit of steps"),
                _("Ends the run after so many updates, whatever the number of epochs; for a quick try."),
                CountSpin("stepsSpin", 0, 2**31 - 1, _("no limit"), zero_is_none=True),
            ),
        )
        self._deterministic = Switch("deterministicCheck", _("only exact operations"))
        self.add(
            Setting(
                "deterministic",
                _("Deterministic mode"),
                _("Makes a GPU give the same bits every time; slower, and needed only to repeat a run exactly."),
                self._deterministic,
            ),
            Setting(
                "snapshot_megabytes",
                _("Snapshots (MB)"),
                _("What the weights that are kept along the way, for the time machine of Inspect, may take on disk."),
                CountSpin("snapshotsSpin", 0, 1_000_000, _("none")),
            ),
        )
        self._sentence = caption()
        self._sentence.setObjectName("exactnessSentence")
        self._sentence.setWordWrap(True)
        self.add_widgets(self._sentence)
        self._deterministic.edited.connect(self._show_sentence)
        self._is_processor = True
        self._show_sentence()

    def show_device(self, is_processor: bool, precision: str) -> None:
        """Say what holds on the chosen device, and what “auto” stands for there; empty where that is unknown."""
        self._is_processor = is_processor
        self.show_automatic(precision)
        self._show_sentence()

    def show_automatic(self, precision: str) -> None:
        """Say what “auto” stands for."""
        text = _("auto: {precision}").format(precision=precision) if precision else _PRECISIONS["auto"]
        self._precision.setItemText(0, text)

    def _show_sentence(self) -> None:
        if self._is_processor:
            text = _("Bit-exact on this processor: a run that is interrupted ends as if it had never been.")
        elif self._deterministic.isChecked():
            text = _("Bit-exact on this GPU too, at some cost in speed.")
        else:
            text = _("Not bit-exact on a GPU: tiny differences add up. Deterministic mode makes it so.")
        self._sentence.setText(text)
