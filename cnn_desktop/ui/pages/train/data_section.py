"""What the network sees of the pictures."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS, Augmentation
from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.train.setting import Setting, SettingsGroup
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import labelled
from cnn_desktop.ui.widgets.fields import Editor, Picker, Switch
from cnn_desktop.ui.widgets.numbers import CountSpin, RateSpin, ShareSpin

_PRESETS = {"none": _("None"), "light": _("Light"), "tutorial": _("Tutorial")}
_OWN = "own"


class DataSection(SettingsGroup):
    """Validation part, picture size, augmentation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.validation = Setting(
            "val_fraction",
            _("Validation part"),
            _("Training pictures kept aside to measure on; less leaves more to learn from, none measures nothing."),
            ShareSpin("validationSpin", 0.9, _("none")),
        )
        self.image_size = Setting(
            "image_size",
            _("Picture size (pixels)"),
            _("Side of the square that every picture is brought to; larger shows more and takes longer."),
            CountSpin("imageSizeSpin", 0, 4096, _("automatic"), zero_is_none=True),
        )
        self.add(self.validation, self.image_size)
        self.add(
            Setting(
                "recipe.augmentation",
                _("Augmentation"),
                _("Random changes to each training picture, so that none is seen twice the same; for small datasets."),
                AugmentationField(),
            )
        )


class AugmentationField(QWidget):
    """A preset, and the parts that it is made of; a changed part makes it one's own."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preset = Picker("augmentationPicker", _PRESETS)
        self.preset.setAccessibleName(_("Augmentation"))
        self._parts: dict[str, Editor] = {
            "horizontal_flip": Switch("flipCheck", _("left to right")),
            "crop_padding": CountSpin("cropSpin", 0, 64, _("none")),
            "rotation": RateSpin("rotationSpin", 0, 180, _("none"), step=5),
            "shear": RateSpin("shearSpin", 0, 1, _("none"), step=0.05),
            "zoom": ShareSpin("zoomSpin", 0.95, _("none")),
        }
        self._is_writing = False
        self._lay_out()
        self.preset.edited.connect(self._on_preset)
        for part in self._parts.values():
            part.edited.connect(self._on_part)

    def read(self) -> Augmentation:
        """What the parts say."""
        return Augmentation.checked({name: part.read() for name, part in self._parts.items()})

    def write(self, value: Augmentation) -> None:
        """Show the parts, and the preset that they make."""
        self._is_writing = True
        for name, part in self._parts.items():
            part.write(getattr(value, name))
        self._show_preset()
        self._is_writing = False
        self.edited.emit()

    def words(self, value: Augmentation) -> str:
        """The preset's name, or the list of the parts."""
        return next((_PRESETS[name] for name, preset in AUGMENTATION_PRESETS.items() if preset == value), str(value))

    def _lay_out(self) -> None:
        titles: dict[str, tuple[str, str]] = {
            "horizontal_flip": (_("Flip"), _("Mirrors every other picture; not for letters and digits.")),
            "crop_padding": (_("Crop (pixels)"), _("Shifts the picture by up to so many pixels.")),
            "rotation": (_("Turn (degrees)"), _("Turns the picture by up to so much either way.")),
            "shear": (_("Shear"), _("Slants the picture by up to this tangent either way.")),
            "zoom": (_("Zoom"), _("Makes the picture larger or smaller by up to this part.")),
        }
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(S8)
        grid.setVerticalSpacing(S8)
        grid.addWidget(self.preset, 0, 0, 1, 2)
        for index, (name, part) in enumerate(self._parts.items()):
            title, tip = titles[name]
            assert isinstance(part, QWidget)
            part.setToolTip(tip)
            grid.addLayout(labelled(title, part), 1 + index // 2, index % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)

    def _on_preset(self) -> None:
        name = self.preset.choice()
        if not self._is_writing and name in AUGMENTATION_PRESETS:
            self.write(AUGMENTATION_PRESETS[name])

    def _on_part(self) -> None:
        if not self._is_writing:
            self._is_writing = True
            self._show_preset()
            self._is_writing = False
            self.edited.emit()

    def _show_preset(self) -> None:
        """Choose the preset that the parts make; `own` is offered only while they make none."""
        now: Any = self.read()
        name = next((name for name, preset in AUGMENTATION_PRESETS.items() if preset == now), _OWN)
        if name == _OWN and self.preset.findData(_OWN) < 0:
            self.preset.addItem(_("Your own"), _OWN)
        self.preset.choose(name)
        if name != _OWN and self.preset.findData(_OWN) >= 0:
            self.preset.removeItem(self.preset.findData(_OWN))
