"""What the network sees of the pictures."""

from PySide6.QtWidgets import QWidget

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.train.augmentation_field import AugmentationField
from cnn_desktop.ui.pages.train.setting import Setting, SettingsGroup
from cnn_desktop.ui.widgets.numbers import CountSpin, ShareSpin


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
        self.augmentation = Setting(
            "recipe.augmentation",
            _("Augmentation"),
            _("Random changes to each training picture, so that none is seen twice the same; for small datasets."),
            AugmentationField(),
        )
        self.add(self.validation, self.image_size)
        self.add(self.augmentation)

    def show_augmentation(self, augmentation: Augmentation) -> None:
        """Choose how pictures are varied."""
        self.augmentation.write(augmentation)
