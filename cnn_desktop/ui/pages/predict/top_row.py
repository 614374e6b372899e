"""Above everything: which model, which others, from when on it is unsure, and how long an answer took."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.pages.models.picker import ModelPicker
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import caption, labelled
from cnn_desktop.ui.widgets.measure_slider import MeasureSlider

_MOST = 0.99
_STEP = 0.01


class TopRow(QWidget):
    """The page's first line; its parts are the page's to connect.

    Args:
        picker: of the page's own model.
    """

    compare_asked = Signal()
    threshold_changed = Signal(float)
    """Answers are unsure where the best class is less probable, 0…1."""

    def __init__(self, picker: ModelPicker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        picker.setMinimumWidth(200)
        picker.setMaximumWidth(480)
        self.compare = QPushButton(_("Compare with…"))
        self.compare.setObjectName("compareButton")
        self.compare.setAccessibleName(_("Compare with another model"))
        self.compare.setToolTip(_("Ask another model about the same picture, side by side"))
        self.compare.clicked.connect(self.compare_asked)
        self._threshold = MeasureSlider("unsureBelow", _MOST, _STEP, lambda share: percent_text(share, 0))
        self._threshold.setMinimumWidth(140)
        self._threshold.setMaximumWidth(180)
        self._threshold.value.setMinimumWidth(self._threshold.fontMetrics().horizontalAdvance("00 %"))
        self._threshold.setToolTip(_("The program says “unsure” where no class is as probable as this"))
        self._threshold.edited.connect(lambda: self.threshold_changed.emit(self._threshold.read()))
        self.time = caption()
        self.time.setObjectName("answerTime")
        self.time.setMinimumHeight(self.compare.sizeHint().height())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S8)
        row.addLayout(labelled(_("Model"), picker), 1)
        row.addWidget(self.compare, 0, Qt.AlignmentFlag.AlignBottom)
        row.addSpacing(S16)
        row.addLayout(labelled(_("Unsure below"), self._threshold))
        row.addStretch(1)
        row.addWidget(self.time, 0, Qt.AlignmentFlag.AlignBottom)
        self._threshold.set_title(_("Unsure below"))
        self._threshold.setFixedHeight(self.compare.sizeHint().height())

    def show_threshold(self, threshold: float) -> None:
        """Put the slider there; whoever listens is told."""
        self._threshold.write(threshold)
