"""What stands above the Start button: what a run would take, and what speaks against it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.units import bytes_text, duration_text, percent_text
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.card import caption

if TYPE_CHECKING:
    from cnn_desktop.train.planning.estimate import Estimate
    from cnn_desktop.train.planning.problem import Problem

_SHOWN = 3
"""Problems said in full; more would push the fields out of a small window."""


class EstimateCard(QWidget):
    """A line on time and memory, measured when asked for, and the problems found on the way."""

    asked = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_measuring = False
        self._reason = ""
        self._text = caption()
        self._text.setObjectName("estimateText")
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._link = QPushButton()
        self._link.setObjectName("estimateButton")
        self._link.setProperty("role", "link")
        self._link.clicked.connect(lambda: self.cancelled.emit() if self._is_measuring else self.asked.emit())
        self._problem = _sentence("planProblem", "error")
        self._warnings = _sentence("planWarnings", "caption")
        row = QHBoxLayout()
        row.setSpacing(S8)
        row.addWidget(self._text, 1)
        row.addWidget(self._link)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S4)
        column.addLayout(row)
        column.addWidget(self._problem)
        column.addWidget(self._warnings)
        self.clear()

    def clear(self) -> None:
        """Offer to measure; what was measured before no longer holds."""
        self._show_link(is_measuring=False)
        self._text.setText(_("How long, how much memory?"))
        self._text.setToolTip(_("Measured on a few batches of your pictures, when you ask for it."))

    def show_measuring(self, done: int, total: int) -> None:
        """Say how far the measuring is."""
        self._show_link(is_measuring=True)
        share = percent_text(done / total, 0) if total else ""
        self._text.setText(_("Measuring… {share}").format(share=share).strip())

    def show_estimate(self, estimate: "Estimate") -> None:
        """Show what was measured."""
        self._show_link(is_measuring=False)
        self._text.setText(estimate_text(estimate))
        self._text.setToolTip(estimate.precision_reason)

    def show_reason(self, reason: str) -> None:
        """Say why a run can't be started, as far as dataset and architecture tell; an empty text takes it back."""
        self._reason = reason
        self.show_problems(())

    def show_problems(self, problems: Sequence["Problem"]) -> None:
        """Say what would fail, and below it what might go wrong."""
        stops = [problem.sentence for problem in problems if problem.stops]
        warnings = [problem.sentence for problem in problems if not problem.stops]
        _say(self._problem, [self._reason] if self._reason else stops)
        _say(self._warnings, warnings)

    def _show_link(self, *, is_measuring: bool) -> None:
        self._is_measuring = is_measuring
        text = _("Cancel") if is_measuring else _("Estimate")
        self._link.setText(text)
        self._link.setAccessibleName(_("Cancel the estimate") if is_measuring else _("Estimate time and memory"))


def estimate_text(estimate: "Estimate") -> str:
    """“About 4 min an epoch, 40 min in all · 1.2 GB of 16 GB free · bf16”."""
    parts: list[str] = []
    if estimate.seconds_per_epoch is not None and estimate.seconds is not None:
        text = _("About {epoch} an epoch, {whole} in all")
        parts.append(text.format(epoch=_about(estimate.seconds_per_epoch), whole=_about(estimate.seconds)))
    if estimate.memory_bytes is not None and estimate.free_bytes is not None:
        text = _("{needed} of {free} free")
        parts.append(text.format(needed=bytes_text(estimate.memory_bytes), free=bytes_text(estimate.free_bytes)))
    if estimate.precision is not None:
        parts.append(estimate.precision)
    return " · ".join(parts) or _("Not measured, since this run can't start.")


def _about(seconds: float) -> str:
    """A time as one would say it: nobody plans by the second of an hour."""
    if seconds < 60:
        return duration_text(seconds)
    if seconds < 90 * 60:
        return _("{minutes:.0f} min").format(minutes=seconds / 60)
    if seconds < 48 * 3600:
        return _("{hours:.1f} h").format(hours=seconds / 3600)
    return _("{days:.1f} days").format(days=seconds / 86400)


def _say(label: QLabel, sentences: Sequence[str]) -> None:
    more = len(sentences) - _SHOWN
    lines = list(sentences[:_SHOWN])
    if more > 0:
        lines.append(ngettext("And {count} more.", "And {count} more.", more).format(count=more))
    label.setText("\n".join(lines))
    label.setToolTip("\n".join(sentences) if more > 0 else "")
    label.setVisible(bool(sentences))


def _sentence(object_name: str, role: str) -> QLabel:
    label = QLabel()
    label.setObjectName(object_name)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.hide()
    return label
