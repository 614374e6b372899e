"""Says that a model is unsure."""

from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text


class UnsureMark(QLabel):
    """“unsure” on a soft ground; hidden where the model is sure."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("unsure"), parent)
        self.setObjectName("unsureMark")
        self.setProperty("role", "mark")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_for(self, is_unsure: bool, threshold: float) -> None:
        """Appear where no class reaches `threshold`, 0…1, or disappear."""
        self.setVisible(is_unsure)
        text = _("No class is as probable as {share}.").format(share=percent_text(threshold, 0))
        self.setToolTip(text)
        self.setAccessibleDescription(text)
