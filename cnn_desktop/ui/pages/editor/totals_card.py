"""What the whole network comes to."""

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text
from cnn_desktop.ui.pages.editor.draft import Draft
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card, caption, value_label

_FIGURES = (
    ("designParameters", _("Parameters"), _("All numbers that training changes, with what they take in float32.")),
    ("designOperations", _("Multiply-adds"), _("Of convolutions and dense layers, for one picture.")),
    ("designActivations", _("Outputs of all layers"), _("For one picture in float32: training keeps them all.")),
    ("designLayers", _("Layers"), ""),
)


class TotalsCard(Card):
    """Four figures, and why there are none."""

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(_("All together"), parent)
        self._draft = draft
        grid = QGridLayout()
        grid.setHorizontalSpacing(S16)
        self._labels: dict[str, QLabel] = {}
        for place, (name, text, tool_tip) in enumerate(_FIGURES):
            label = self._labels[name] = value_label()
            label.setObjectName(name)
            label.setProperty("role", "strong")
            label.setToolTip(tool_tip)
            above = caption(text)
            above.setToolTip(tool_tip)
            grid.addWidget(above, 2 * (place // 2), place % 2)
            grid.addWidget(label, 2 * (place // 2) + 1, place % 2)
        self.body.addLayout(grid)
        draft.changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Show the draft as it is."""
        report = self._draft.report
        if report.wrong is not None:
            texts = ("–", "–", "–", f"{len(report.rows):,}")
        else:
            parameters = _("{count:,} · {size}").format(count=report.parameters, size=bytes_text(report.weight_bytes))
            activations = bytes_text(report.activation_bytes)
            texts = (parameters, f"{report.operations:,}", activations, f"{len(report.rows):,}")
        for (name, caption_text, _tip), text in zip(_FIGURES, texts, strict=True):
            self._labels[name].setText(text)
            self._labels[name].setAccessibleName(f"{caption_text}: {text}")
