"""The picture, where a person gives one, and what can be seen in it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.pictures import SeenPicture
from cnn_desktop.ui.pages.predict.look_row import LookRow
from cnn_desktop.ui.pages.predict.looking import Looked
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.banner import Banner
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.picture_panel import PicturePanel

_NARROW, _NARROWEST = 340, 240
"""Pixels of width below which more and more gives way to the picture."""


class PictureCard(Card):
    """The drop zone with its caption and links, the offer to invert above it, where the model looked below."""

    camera_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        hint = _("Drop a picture, pictures or a folder here,\npaste one, or click to browse")
        self.back = QPushButton(_("All pictures"))
        """To the table from which the picture was taken; hidden at first."""
        self.back.setObjectName("backToMany")
        self.back.setAccessibleName(_("Back to all pictures"))
        self.back.setProperty("role", "link")
        set_icon(self.back, "chevron-left")
        self.back.hide()
        self.header.insertWidget(0, self.back)
        self.banner = Banner("polarityBanner")
        self.panel = PicturePanel(hint)
        self.zone = self.panel.zone
        self.look = LookRow()
        self.look.hide()
        self._more = (
            self.panel.add_link("browseFolder", _("Folder…"), self.zone.browse_folder),
            self.panel.add_link("watchCamera", _("Camera"), self.camera_asked.emit),
        )
        self.panel.about.addWidget(self.look)
        self.panel.links.addSpacing(S8)
        self.panel.links.addWidget(self.look.words, 1)
        self.body.addWidget(self.banner)
        self.body.addWidget(self.panel, 1)
        self.zone.set_overlay_opacity(self.look.strength)
        self.look.strength_changed.connect(self.zone.set_overlay_opacity)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.look.make_room(self.width())
        self.look.words.setVisible(self.width() >= _NARROW)
        for widget in (*self._more, self.panel.label):
            widget.setVisible(self.width() >= _NARROWEST)

    def show_picture(self, seen: SeenPicture | None) -> None:
        """Show a picture, without anything over it, or with None the invitation to give one."""
        self.zone.show_picture(seen.drawn if seen else None, seen.name if seen else "")
        self.panel.label.setText(seen.caption if seen else "")
        self.look.words.clear()
        self.look.setVisible(seen is not None)

    def show_looked(self, looked: Looked) -> None:
        """Lay over the picture where a model looked, or say why that can't be."""
        self.zone.show_overlay(looked.overlay)
        self.look.words.setText(looked.words)

    def hide_looked(self) -> None:
        """Show the picture alone."""
        self.zone.show_overlay(None)
        self.look.words.clear()
