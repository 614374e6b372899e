"""What every tab of the Evaluate page has in common."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.evaluate.session import EvaluationSession
from cnn_desktop.ui.pages.evaluate.work import Evaluated


class ResultPanel(QWidget):
    """Shows something of an evaluation. A panel that isn't seen is not brought up to date."""

    class_asked = Signal(int)
    """A class, by its place, whose confusions the person wants to see."""

    def __init__(self, context: AppContext, session: EvaluationSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context, self.session = context, session
        self._shown: Evaluated | None = None

    def take(self, result: Evaluated | None) -> None:
        """Show `result` where it isn't shown yet."""
        if result is None or result is self._shown:
            return
        before, self._shown = self._shown, result
        self.show_result(result, is_revised=before is not None and _are_alike(before, result))

    def show_result(self, result: Evaluated, *, is_revised: bool) -> None:
        """Show a result; where it is only revised, what the person looks at stays."""
        raise NotImplementedError

    def show_class(self, place: int) -> None:
        """Bring a class to the front, where the panel has classes."""

    def start_search(self) -> None:
        """Let a class be searched for, where the panel has a field for that."""

    def shutdown(self) -> None:
        """End what runs in the background."""


def _are_alike(first: Evaluated, second: Evaluated) -> bool:
    """Whether both are about the same model, pictures and split."""
    is_same_dataset = first.opened.found is second.opened.found
    return first.subject is second.subject and is_same_dataset and first.split == second.split
