"""A part of a form that opens and closes under its title."""

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.ui.icons import draw_icon
from cnn_desktop.ui.theme import S4, S8, colors
from cnn_desktop.ui.widgets.card import caption

_CHEVRON = 16


class Section(QWidget):
    """A title with a chevron; a click, Space or Enter shows and hides `content`.

    Args:
        object_name: of the button that opens it.
        title: what is inside, in a word or two.
        content: what is shown when it is open.
    """

    opened = Signal()

    def __init__(self, object_name: str, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self.button = _Header(title)
        self.button.setObjectName(object_name)
        self.button.setAccessibleName(title)
        self.button.setProperty("role", "section")
        self.button.setCheckable(True)
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button.toggled.connect(self._show_open)
        self._note: QLabel = caption()
        inside = QHBoxLayout(self.button)
        inside.setContentsMargins(0, 0, S8, 0)
        inside.addStretch()
        inside.addWidget(self._note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S4)
        column.addWidget(self.button)
        column.addWidget(content)
        self._show_open(False)

    @property
    def is_open(self) -> bool:
        """Whether the content is shown."""
        return self.button.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Show or hide the content."""
        self.button.setChecked(is_open)

    def show_note(self, text: str) -> None:
        """Say something at the right of the title, such as how much was changed inside."""
        self._note.setText(text)
        self.button.setAccessibleDescription(text)

    def _show_open(self, is_open: bool) -> None:
        self._content.setVisible(is_open)
        if is_open:
            self.opened.emit()


class _Header(QPushButton):
    """Draws its chevron when it is seen; an icon would be drawn in all sizes at once, at every start."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        top = (self.height() - _CHEVRON) / 2
        name = "chevron-down" if self.isChecked() else "chevron-right"
        draw_icon(painter, name, QRectF(0, top, _CHEVRON, _CHEVRON), colors().text)
        painter.end()
