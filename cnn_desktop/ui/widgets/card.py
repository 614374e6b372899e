"""Cards on a soft ground, and the two kinds of text inside them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cnn_desktop.ui.theme import S4, S8, S16


class Card(QFrame):
    """A quiet frame with a title at the top left; `header` takes more at its right, `body` the content."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(S16, S16, S16, S16)
        outer.setSpacing(S8)
        self.header = QHBoxLayout()
        self.header.setSpacing(S8)
        self.title = QLabel(title)
        self.title.setProperty("role", "title")
        self.title.setVisible(bool(title))
        self.header.addWidget(self.title)
        self.header.addStretch()
        outer.addLayout(self.header)
        self.body = QVBoxLayout()
        self.body.setSpacing(S8)
        outer.addLayout(self.body, 1)

    def set_title(self, title: str) -> None:
        """Change the title; an empty one is hidden."""
        self.title.setText(title)
        self.title.setVisible(bool(title))


def caption(text: str = "") -> QLabel:
    """Small grey text above or beside a value."""
    label = QLabel(text)
    label.setProperty("role", "caption")
    return label


def value_label(text: str = "") -> QLabel:
    """Strong text with tabular figures, which can be selected and copied."""
    label = QLabel(text)
    label.setProperty("role", "value")
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def labelled(text: str, field: QWidget) -> QVBoxLayout:
    """A caption above its field; the caption names the field for screen readers too."""
    column = QVBoxLayout()
    column.setSpacing(S4)
    label = caption(text)
    label.setBuddy(field)
    column.addWidget(label)
    column.addWidget(field)
    if not field.accessibleName():
        field.setAccessibleName(text)
    return column
