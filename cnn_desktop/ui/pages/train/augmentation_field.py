"""How training pictures are varied: a preset, or parts of one's own."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS, PRESET_TITLES, Augmentation
from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.card import labelled
from cnn_desktop.ui.widgets.fields import Editor, Picker, Switch
from cnn_desktop.ui.widgets.numbers import CountSpin, RateSpin, ShareSpin

_OWN = "own"
_ALWAYS_SHOWN = 8

_TEXTS = {
    "horizontal_flip": (
        _("Flip sideways"),
        _("Mirrors pictures left to right in every other epoch; not for letters and digits."),
    ),
    "vertical_flip": (_("Flip over"), _("Mirrors every other picture top to bottom; for pictures without an above.")),
    "crop_padding": (_("Crop (pixels)"), _("Shifts the picture by up to so many pixels.")),
    "rotation": (_("Turn (degrees)"), _("Turns the picture by up to so much either way.")),
    "shear": (_("Shear"), _("Slants the picture by up to this tangent either way.")),
    "zoom": (_("Zoom"), _("Makes the picture larger or smaller by up to this part.")),
    "translation": (_("Shift"), _("Moves the picture by up to this part of its side, across and down.")),
    "erasing": (_("Erase"), _("Covers a random rectangle in this part of the pictures.")),
    "brightness": (_("Brightness"), _("Makes the picture brighter or darker by up to this part.")),
    "contrast": (_("Contrast"), _("Makes contrast stronger or weaker by up to this part.")),
    "saturation": (_("Saturation"), _("Makes colours stronger or paler by up to this part.")),
    "hue": (_("Hue"), _("Turns the colour circle by up to this part either way.")),
    "mixup": (
        _("Mixup (α)"),
        _("Blends pictures of two classes, and the classes; 0.2 is usual. Training accuracy counts the larger part."),
    ),
    "cutmix": (
        _("CutMix (α)"),
        _("Pastes a part of another picture, and mixes the classes by its area; 1 is usual. Counted as for mixup."),
    ),
}


class AugmentationField(QWidget):
    """A preset, and the parts that it is made of; a changed part makes it one's own."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preset = Picker("augmentationPicker", PRESET_TITLES)
        self.preset.setAccessibleName(_("Augmentation"))
        self._parts: dict[str, Editor] = {
            "horizontal_flip": Switch("flipCheck", _("left ↔ right")),
            "vertical_flip": Switch("verticalFlipCheck", _("top ↔ bottom")),
            "crop_padding": CountSpin("cropSpin", 0, 64, _("none")),
            "rotation": RateSpin("rotationSpin", 0, 180, _("none"), step=5),
            "shear": RateSpin("shearSpin", 0, 1, _("none"), step=0.05),
            "zoom": ShareSpin("zoomSpin", 0.95, _("none")),
            "translation": ShareSpin("translationSpin", 1, _("none")),
            "erasing": ShareSpin("erasingSpin", 1, _("none")),
            "brightness": ShareSpin("brightnessSpin", 1, _("none")),
            "contrast": ShareSpin("contrastSpin", 1, _("none")),
            "saturation": ShareSpin("saturationSpin", 1, _("none")),
            "hue": ShareSpin("hueSpin", 0.5, _("none")),
            "mixup": RateSpin("mixupSpin", 0, 2, _("none"), step=0.1),
            "cutmix": RateSpin("cutmixSpin", 0, 2, _("none"), step=0.1),
        }
        self._rest = QWidget()
        self._more = QPushButton(_("Colours and mixing…"))
        self._is_writing = False
        self._written = self._shown = Augmentation()
        self._lay_out()
        self.preset.edited.connect(self._on_preset)
        for part in self._parts.values():
            part.edited.connect(self._on_part)

    def read(self) -> Augmentation:
        """What the parts say; one that was written comes back exactly, though they may show fewer digits."""
        now = self._now()
        return self._written if now == self._shown else now

    def write(self, value: Augmentation) -> None:
        """Show the parts, and the preset that they make."""
        self._is_writing = True
        for name, part in self._parts.items():
            part.write(getattr(value, name))
        self._written, self._shown = value, self._now()
        if any(getattr(value, name) for name in list(self._parts)[_ALWAYS_SHOWN:]):
            self._show_rest()
        self._show_preset()
        self._is_writing = False
        self.edited.emit()

    def words(self, value: Augmentation) -> str:
        """The preset's name, or the list of the parts."""
        return next(
            (PRESET_TITLES[name] for name, preset in AUGMENTATION_PRESETS.items() if preset == value), str(value)
        )

    def _now(self) -> Augmentation:
        return Augmentation.checked({name: part.read() for name, part in self._parts.items()})

    def _lay_out(self) -> None:
        self._more.setObjectName("moreAugmentation")
        self._more.setAccessibleName(_("Show colours and mixing"))
        self._more.setProperty("role", "link")
        self._more.clicked.connect(self._show_rest)
        self._rest.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S8)
        column.addWidget(self.preset)
        names = list(self._parts)
        column.addLayout(self._grid(names[:_ALWAYS_SHOWN]))
        column.addWidget(self._more)
        column.addWidget(self._rest)
        self._rest.setLayout(self._grid(names[_ALWAYS_SHOWN:]))

    def _grid(self, names: list[str]) -> QGridLayout:
        """Two columns of parts."""
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(S8)
        grid.setVerticalSpacing(S8)
        for index, name in enumerate(names):
            part, (title, tip) = self._parts[name], _TEXTS[name]
            assert isinstance(part, QWidget)
            part.setToolTip(tip)
            grid.addLayout(labelled(title, part), index // 2, index % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _show_rest(self) -> None:
        self._more.hide()
        self._rest.show()

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
        now = self.read()
        name = next((name for name, preset in AUGMENTATION_PRESETS.items() if preset == now), _OWN)
        if name == _OWN and self.preset.findData(_OWN) < 0:
            self.preset.addItem(_("Custom"), _OWN)
        self.preset.choose(name)
        if name != _OWN and self.preset.findData(_OWN) >= 0:
            self.preset.removeItem(self.preset.findData(_OWN))
