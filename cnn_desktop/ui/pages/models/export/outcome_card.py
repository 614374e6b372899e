"""How far an export is, what became of it, and the proof that it answers alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.facts_grid import FactsGrid
from cnn_desktop.ui.widgets.sentence import Sentence

if TYPE_CHECKING:
    from cnn_desktop.predict.export.exporting import Exported

_WRITTEN = 50
"""Hundredths of the work after which the proof begins."""


class OutcomeCard(Card):
    """A sentence for now; while it is exported a bar; afterwards figures, or what went wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._headline = Sentence("strong")
        self._headline.setObjectName("exportHeadline")
        self._headline.setAccessibleName(_("Outcome of the export"))
        self._bar = QProgressBar()
        self._bar.setObjectName("exportProgress")
        self._bar.setAccessibleName(_("Progress of the export"))
        self._bar.setTextVisible(False)
        self._status = Sentence()
        self._status.setObjectName("exportStatus")
        self._status.setAccessibleName(_("State of the export"))
        self.proof = FactsGrid(_("Proof of the export"))
        column = QVBoxLayout()
        for part in (self._headline, self._bar, self._status, self.proof):
            column.addWidget(part)
        column.addStretch()
        self.body.addLayout(column)
        self.explain()

    def explain(self) -> None:
        """What is going to happen."""
        self._show(
            _(
                "What is written is tried at once: it and the model look at the same pictures, and the largest "
                "difference between their answers is shown here. Where they differ, nothing is kept."
            )
        )

    def show_progress(self, done: int, total: int) -> None:
        """How far it is; 0: nobody knows."""
        is_written = total > 0 and 100 * done >= _WRITTEN * total
        self._show(_("Comparing its answers with the model’s…") if is_written else _("Writing…"), is_working=True)
        self._bar.setRange(0, total if done else 0)
        self._bar.setValue(done)

    def show_cancelled(self) -> None:
        """The person ended it."""
        self._show(_("Cancelled; nothing was written."))

    def show_error(self, sentence: str) -> None:
        """Why there is no export."""
        self._show(sentence, role="error")

    def show_exported(self, exported: Exported) -> None:
        """Where it is, and why it can be trusted."""
        name, size = exported.place.name, bytes_text(exported.bytes)
        self._show(_compared(exported), headline=_("Saved as {name}, {size}").format(name=name, size=size))
        self.proof.show_facts(_facts(exported))
        self.proof.show()

    def _show(self, text: str, *, headline: str = "", role: str = "caption", is_working: bool = False) -> None:
        self._headline.setText(headline)
        self._headline.setVisible(bool(headline))
        self._bar.setVisible(is_working)
        self.proof.hide()
        self._status.setText(text)
        self._status.setVisible(bool(text))
        if self._status.property("role") != role:
            self._status.setProperty("role", role)
            self._status.style().unpolish(self._status)
            self._status.style().polish(self._status)


def _facts(exported: Exported) -> list[tuple[str, str]]:
    """The differences, then in a second column what is allowed."""
    found = [(proof.what, f"{proof.difference:.1g}") for proof in exported.proofs]
    return [*found, *((_("Allowed"), f"{proof.tolerance:g}") for proof in exported.proofs)]


def _compared(exported: Exported) -> str:
    proof = exported.proofs[-1]
    text = _("Largest difference, as a share of the logits’ range, on {count} pictures, by {runtime}:")
    return "\n".join(filter(None, (exported.notice, text.format(count=proof.pictures, runtime=proof.runtime))))
