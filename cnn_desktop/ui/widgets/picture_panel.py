"""A drop zone with what belongs to it: the picture's caption, the way through several, and links to more."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.card import caption
from cnn_desktop.ui.widgets.drop_zone import DropZone
from cnn_desktop.ui.widgets.elided_label import ElidedLabel


class PicturePanel(QWidget):
    """The zone above its caption, ‹ 2 of 5 › where there are several pictures, Browse… and Paste.

    Args:
        hint: what the empty zone says.
        invitation: text before the links; may be empty.
    """

    stepped = Signal(int)
    """-1 or 1."""

    def __init__(self, hint: str, invitation: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.zone = DropZone(hint)
        self.zone.stepped.connect(self.stepped)
        self.label = ElidedLabel()
        self.label.setObjectName("pictureCaption")
        self._place = caption()
        self._back = self._arrow("previousPicture", _("Previous picture"), "chevron-left", -1)
        self._on = self._arrow("nextPicture", _("Next picture"), "chevron-right", 1)
        self.about = QHBoxLayout()
        """The caption's line."""
        self.about.setSpacing(S4)
        self.about.addWidget(self.label, 1)
        for widget in (self._back, self._place, self._on):
            self.about.addWidget(widget)
        self.links = QHBoxLayout()
        """The line of links, below the caption."""
        self.links.setSpacing(S4)
        self._link_count = 0
        if invitation:
            self.links.addWidget(caption(invitation))
            self._link_count = 1
        self.links.addStretch()
        self.add_link("browsePicture", _("Browse…"), self.zone.browse)
        self.add_link("pastePicture", _("Paste"), self.zone.paste)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S8)
        column.addWidget(self.zone, 1)
        column.addLayout(self.about)
        column.addLayout(self.links)
        self.show_place(0, 1)

    def add_link(self, name: str, text: str, action: Callable[[], object]) -> QPushButton:
        """Add a link after the others."""
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setProperty("role", "link")
        button.clicked.connect(action)
        self.links.insertWidget(self._link_count, button)
        self._link_count += 1
        return button

    def insert_line(self, line: QWidget) -> None:
        """Put a line between the caption and the links."""
        self._column.insertWidget(2, line)

    def show_place(self, at: int, count: int) -> None:
        """Say which of `count` pictures is shown, counted from 0."""
        self._place.setText(_("{at:,} of {count:,}").format(at=at + 1, count=count))
        for widget in (self._back, self._place, self._on):
            widget.setVisible(count > 1)
        self._back.setEnabled(at > 0)
        self._on.setEnabled(at < count - 1)

    def _arrow(self, name: str, text: str, icon_name: str, step: int) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setToolTip(text)
        set_icon(button, icon_name)
        button.clicked.connect(lambda: self.stepped.emit(step))
        return button
