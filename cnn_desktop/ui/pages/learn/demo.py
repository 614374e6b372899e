"""What a lesson shows, and a person may change."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.theme import S4, S16
from cnn_desktop.ui.widgets.card import caption


class Demo(QWidget):
    """Build it in `__init__`, into `column`; override `start_over`, which is also called once at the beginning."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(S16)

    def start_over(self) -> None:
        """Show what the lesson begins with."""
        raise NotImplementedError

    @property
    def takes_pictures(self) -> bool:
        """Whether a picture can be dropped, pasted or opened here, by `take` and `browse`."""
        return False

    def take(self, data: QMimeData) -> bool:
        """Take a picture that was dropped or is on the clipboard; whether there was one."""
        return False

    def browse(self) -> None:
        """Let the person choose a picture."""

    def shutdown(self) -> None:
        """Cancel and await what runs in the background."""

    @override
    def hasHeightForWidth(self) -> bool:
        # Because of a label that may need two lines, the area around would not let matrices become smaller.
        return False

    def add_row(self, *parts: QWidget | QLayout, spacing: int = S16) -> QHBoxLayout:
        """Put parts side by side below what is there, in the middle."""
        row = QHBoxLayout()
        row.setSpacing(spacing)
        row.addStretch()
        for part in parts:
            if isinstance(part, QWidget):
                row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
            else:
                row.addLayout(part)
        row.addStretch()
        self.column.addLayout(row)
        return row


def titled(title: str | QLabel, widget: QWidget) -> QVBoxLayout:
    """A small grey title above what it speaks of."""
    column = QVBoxLayout()
    column.setSpacing(S4)
    column.addStretch()
    column.addWidget(caption(title) if isinstance(title, str) else title)
    column.addWidget(widget)
    column.addStretch()
    return column


def sign(text: str) -> QLabel:
    """What stands between two matrices: ×, =, →."""
    label = QLabel(text)
    label.setProperty("role", "sign")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label


def result_label(name: str) -> QLabel:
    """A line of arithmetic that can be selected; `name` is its object name."""
    label = QLabel()
    label.setObjectName(name)
    label.setProperty("role", "result")
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label
