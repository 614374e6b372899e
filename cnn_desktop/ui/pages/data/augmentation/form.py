"""A slider or a switch for every part of an augmentation."""

from collections.abc import Callable
from typing import NamedTuple, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.card import caption, value_label
from cnn_desktop.ui.widgets.fields import Editor, Switch
from cnn_desktop.ui.widgets.measure_slider import MeasureSlider


class _Measure(NamedTuple):
    """How a number of an augmentation is shown."""

    field: str
    title: str
    tip: str
    high: float
    step: float
    text: Callable[[float], str]


def _either_way(value: float) -> str:
    return _("±{percent}").format(percent=percent_text(value, 0))


def _degrees(value: float) -> str:
    return f"±{value:g}°"


def _share(value: float) -> str:
    return percent_text(value, 0)


_POSITION = (
    _Measure(
        "crop_padding",
        _("Crop"),
        _("Shifts by whole pixels and fills with the mean colour: a border of so many pixels, then a random window."),
        32,
        1,
        lambda value: _("{pixels:g} px").format(pixels=value),
    ),
    _Measure(
        "translation", _("Shift"), _("Moves by up to this part of the side, across and down."), 0.5, 0.01, _either_way
    ),
    _Measure("rotation", _("Rotation"), _("Turns by up to so many degrees either way."), 180, 1, _degrees),
    _Measure(
        "shear", _("Shear"), _("Slants by up to this tangent either way."), 1, 0.01, lambda value: f"±{value:.2f}"
    ),
    _Measure("zoom", _("Zoom"), _("Makes larger or smaller by up to this part."), 0.9, 0.01, _either_way),
)
_COLOUR = (
    _Measure("brightness", _("Brightness"), _("Makes brighter or darker by up to this part."), 1, 0.01, _either_way),
    _Measure(
        "contrast", _("Contrast"), _("Makes contrast stronger or weaker by up to this part."), 1, 0.01, _either_way
    ),
    _Measure(
        "saturation", _("Saturation"), _("Makes colours stronger or paler by up to this part."), 1, 0.01, _either_way
    ),
    _Measure(
        "hue",
        _("Hue"),
        _("Turns the colour circle by up to so many degrees either way."),
        0.5,
        0.005,
        lambda value: _degrees(round(360 * value)),
    ),
)
_MORE = (
    _Measure("erasing", _("Erasing"), _("Covers a random rectangle in this part of the pictures."), 1, 0.01, _share),
    _Measure(
        "mixup",
        _("Mixup"),
        _("Blends each picture with another, and their classes with them; α 0.2 is usual, 1 blends all alike."),
        1,
        0.01,
        lambda value: f"α {value:.2f}",
    ),
    _Measure(
        "cutmix",
        _("CutMix"),
        _("Pastes a rectangle of another picture, and mixes the classes by its area; α 1 is usual."),
        1,
        0.01,
        lambda value: f"α {value:.2f}",
    ),
)
_ROW = 20
_OF_COLOURS = ("saturation", "hue")


class AugmentationForm(QWidget):
    """All parts in three groups; `edited` comes with every change of a part."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: dict[str, Editor] = {}
        self._is_writing = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, S8, 0)
        self._grid.setHorizontalSpacing(S8)
        self._grid.setVerticalSpacing(S4)
        self._grid.setColumnStretch(1, 1)
        self._add_heading(_("Position"))
        self._add_flips()
        for title, measures in (("", _POSITION), (_("Colour"), _COLOUR), (_("More"), _MORE)):
            if title:
                self._add_heading(title)
            for measure in measures:
                self._add_measure(measure)
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def read(self) -> Augmentation:
        """What the parts say."""
        return Augmentation.checked({name: part.read() for name, part in self._parts.items()})

    def write(self, value: Augmentation) -> None:
        """Show the parts."""
        self._is_writing = True
        for name, part in self._parts.items():
            part.write(getattr(value, name))
        self._is_writing = False
        self.edited.emit()

    def show_whether_coloured(self, is_coloured: bool) -> None:
        """Offer what changes colours only where there are any."""
        for name in _OF_COLOURS:
            cast("QWidget", self._parts[name]).setEnabled(is_coloured)

    def _add_heading(self, text: str) -> None:
        heading = value_label(text)
        heading.setProperty("role", "strong")
        row = self._grid.rowCount()
        if row > 1:
            heading.setContentsMargins(0, S8, 0, 0)
        self._grid.addWidget(heading, row, 0, 1, 2)

    def _add_flips(self) -> None:
        flips = (
            (
                "horizontal_flip",
                _("left to right"),
                _("Mirrors them in every other epoch; not for letters and digits."),
            ),
            ("vertical_flip", _("top to bottom"), _("Mirrors every other picture; for those without an up and down.")),
        )
        label = caption(_("Flip"))
        self._grid.addWidget(label, self._grid.rowCount(), 0)
        for number, (name, text, tip) in enumerate(flips):
            switch = Switch(f"{name.replace('_f', 'F')}Check", text)
            switch.setMinimumHeight(_ROW)
            switch.setToolTip(tip)
            switch.setAccessibleName(_("Flip {how}").format(how=text))
            self._grid.addWidget(switch, self._grid.rowCount() - (number == 0), 1)
            self._keep(name, switch)

    def _add_measure(self, measure: _Measure) -> None:
        slider = MeasureSlider(f"{measure.field}Slider", measure.high, measure.step, measure.text)
        slider.set_title(measure.title)
        slider.value.setFixedWidth(self.fontMetrics().horizontalAdvance("±100 %") + S4)
        label = caption(measure.title)
        label.setBuddy(slider)
        for widget in (label, slider):
            widget.setToolTip(measure.tip)
        at = self._grid.rowCount()
        self._grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(slider, at, 1)
        self._keep(measure.field, slider)

    def _keep(self, name: str, part: Editor) -> None:
        self._parts[name] = part
        part.edited.connect(self._on_part)

    def _on_part(self) -> None:
        if not self._is_writing:
            self.edited.emit()
