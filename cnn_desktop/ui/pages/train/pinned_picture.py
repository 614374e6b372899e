"""The picture that a training is watched on, and what the network takes it for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.card import caption
from cnn_desktop.ui.widgets.drop_zone import DropZone
from cnn_desktop.ui.widgets.elided_label import ElidedLabel

_WIDTH = 96


class PinnedPicture(QWidget):
    """A small drop zone above the best class; another picture can be dropped, pasted or browsed."""

    paths_given = Signal(list)
    data_given = Signal(QImage)
    refused = Signal(str)
    reset_asked = Signal()
    """The dataset's own picture is wanted again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(_WIDTH)
        self._zone = DropZone(_("Drop a\npicture"))
        self._zone.setObjectName("liveDropZone")
        self._zone.setFixedWidth(_WIDTH)
        self._zone.setMinimumHeight(48)
        self._zone.paths_given.connect(self.paths_given)
        self._zone.picture_given.connect(self.data_given)
        self._zone.refused.connect(self.refused)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self._zone)
        paste.setContext(Qt.ShortcutContext.WidgetShortcut)
        paste.activated.connect(self._zone.paste)
        self._class = ElidedLabel(Qt.TextElideMode.ElideRight)
        self._class.setProperty("role", "strong")
        self._class.setObjectName("liveClass")
        self._class.setAccessibleName(_("Best class for the pinned picture"))
        self._share = caption()
        self._share.setObjectName("liveProbability")
        self._reset = QToolButton()
        self._reset.setObjectName("liveResetPicture")
        self._reset.setAccessibleName(_("Back to the dataset's picture"))
        self._reset.setToolTip(self._reset.accessibleName())
        set_icon(self._reset, "undo")
        self._reset.clicked.connect(self.reset_asked)
        self._reset.hide()
        line = QHBoxLayout()
        line.setSpacing(S8)
        line.addWidget(self._class, 1)
        line.addWidget(self._share)
        line.addWidget(self._reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S4)
        column.addWidget(self._zone, 1)
        column.addLayout(line)

    def show_picture(self, picture: QImage, name: str, *, is_own: bool) -> None:
        """Show the picture; `is_own`: a person gave it."""
        if self._zone.picture is None or is_own or picture != self._zone.picture:
            self._zone.show_picture(picture, name)
        self._zone.setToolTip(_("{picture}. Drop, paste or browse another.").format(picture=name))
        self._reset.setVisible(is_own)

    def show_answer(self, label: str, share: str = "") -> None:
        """Show the best class and its probability."""
        if (label, share) != (self._class.text(), self._share.text()):
            self._class.setText(label)
            self._share.setText(share)
