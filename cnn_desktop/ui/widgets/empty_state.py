"""What a card says while it has nothing to show: what to do next, and one button that does it; or what went wrong."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S16


class EmptyState(QWidget):
    """A sentence in the middle and at most one button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action: Callable[[], None] | None = None
        self.message = QLabel()
        self.message.setObjectName("emptyMessage")
        self.message.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton()
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self._act)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setSpacing(S16)
        column.addStretch()
        column.addWidget(self.message)
        column.addLayout(row)
        column.addStretch()
        self.tell("")

    def tell(self, text: str, button: str = "", action: Callable[[], None] | None = None) -> None:
        """Say what to do next; `button` does it by `action`."""
        self._show(text, "")
        self._action = action
        self.button.setText(button)
        self.button.setAccessibleName(button or _("What to do next"))
        self.button.setVisible(bool(button))

    def tell_error(self, text: str) -> None:
        """Say what went wrong."""
        self._show(text, "error")
        self.button.hide()

    def _show(self, text: str, role: str) -> None:
        self.message.setText(text)
        if self.message.property("role") != role:
            self.message.setProperty("role", role)
            self.message.style().unpolish(self.message)
            self.message.style().polish(self.message)

    def _act(self) -> None:
        if self._action is not None:
            self._action()
