"""What every page of the window has in common."""

from collections.abc import Mapping, Sequence
from typing import Literal

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from cnn_desktop.ui.context import AppContext

MenuName = Literal["file", "edit", "view", "run"]


class Page(QWidget):
    """One page of the stack. It imports nothing of the engine before `engine_ready`."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context

    def engine_ready(self) -> None:
        """Torch and what stands on it have been imported; called once, on the UI thread."""

    def menu_actions(self) -> Mapping[MenuName, Sequence[QAction]]:
        """Actions that the menus show while this page is shown; asked for once, after construction."""
        return {}

    def open_model(self, model: str) -> None:
        """Take up a model: a run folder, a model file or a pretrained name."""

    def is_busy(self) -> bool:
        """Whether closing now would break off work that a person would miss; the window asks first."""
        return False

    def end_work(self) -> bool:
        """End what `is_busy` speaks of, saving it; False where that went wrong, and the page says how."""
        return True

    def shutdown(self) -> None:
        """Cancel and wait for everything that runs in the background; called once, before the window closes."""
