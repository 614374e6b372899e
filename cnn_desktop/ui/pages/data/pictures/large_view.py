"""One picture, large, beside what a network receives of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.jobs.newest import NewestRunner
from cnn_desktop.ui.pages.data.pictures.looking import Look, LookOrder, look, networks
from cnn_desktop.ui.theme import S4, S8, S16
from cnn_desktop.ui.widgets.card import Card, caption
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.fields import Picker
from cnn_desktop.ui.widgets.pixel_view import PixelView
from cnn_desktop.ui.widgets.sentence import Sentence

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}


class LargeView(QWidget):
    """Left and right go through the pictures, Escape goes back to all of them."""

    closed = Signal()
    stepped = Signal(int)
    """By how many pictures to go on."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("largePicture")
        self.setAccessibleName(_("Picture, large"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._context = context
        self._order: LookOrder | None = None
        self._look = NewestRunner(look, self._show_look, context.notify_error, self)
        self._listing = JobRunner(self)
        self.original = PixelView("originalPicture", _("The picture"))
        self.received = PixelView("receivedPicture", _("What the network receives"), is_exact=True)
        self.networks = Picker("receivingNetwork")
        self.networks.setAccessibleName(_("Network that receives the picture"))
        self.networks.edited.connect(self._ask)
        self.networks.setPlaceholderText(_("Listing the networks…"))
        self.name = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.name.setProperty("role", "title")
        self.facts, self.words = Sentence(), Sentence()
        self._known = ""
        self._place = caption()
        self.actions_row = QHBoxLayout()
        """Where the owner puts buttons."""
        self._lay_out()

    def show_picture(self, order: LookOrder, name: str, facts: str, place: int, count: int) -> None:
        """Show a picture, number `place` of `count`; `facts` is what is known of it without reading it."""
        self._order = order
        self.name.setText(name)
        self._known = facts
        self._place.setText(_("{at:,} of {count:,}").format(at=place + 1, count=count))
        self._back.setEnabled(place > 0)
        self._on.setEnabled(place < count - 1)
        if self.networks.count() == 0 and not self._listing.is_running:
            self._listing.start(networks, on_done=self._offer, on_error=self._context.notify_error)
        self._ask()

    def shutdown(self) -> None:
        """Drop and await what runs."""
        self._look.cancel()
        self._listing.cancel()
        self._look.wait()
        self._listing.wait()

    def _offer(self, titles: dict[str, str]) -> None:
        self.networks.blockSignals(True)
        for name, title in titles.items():
            self.networks.addItem(title, name)
        self.networks.write(self._context.settings.settings.architecture)
        self.networks.blockSignals(False)
        self._ask()

    def _ask(self) -> None:
        if self._order is not None:
            self._look.ask(LookOrder(self._order.dataset, self._order.ref, self.networks.choice()))

    def _show_look(self, seen: Look) -> None:
        if self._order is None or seen.order.ref != self._order.ref:
            return  # the next is being read already
        self.original.show_image(seen.original, seen.size)
        self.facts.setText(self._known if seen.original is None else f"{seen.size}\n{self._known}")
        self.received.show_image(seen.received, seen.words)
        self.words.setText("" if seen.received is None else seen.words)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace):
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addWidget(self._head())
        cards = QHBoxLayout()
        cards.setSpacing(S16)
        left = Card()
        left.body.addWidget(self.name)
        left.body.addWidget(self.original, 1)
        left.body.addWidget(self.facts)
        right = Card(_("What the network receives"))
        right.body.addWidget(self.networks)
        right.body.addWidget(self.received, 1)
        right.body.addWidget(self.words)
        cards.addWidget(left, 1)
        cards.addWidget(right, 1)
        column.addLayout(cards, 1)

    def _head(self) -> Card:
        back = QPushButton(_("All pictures"))
        back.setObjectName("backToGrid")
        back.setAccessibleName(_("Back to all pictures"))
        back.setProperty("role", "link")
        set_icon(back, "chevron-left")
        back.clicked.connect(self.closed)
        self._back = self._arrow("previousPicture", _("Previous picture"), "chevron-left", -1)
        self._on = self._arrow("nextPicture", _("Next picture"), "chevron-right", 1)
        row = QHBoxLayout()
        row.setSpacing(S8)
        row.addWidget(back)
        row.addStretch()
        row.addLayout(self.actions_row)
        for widget in (self._back, self._place, self._on):
            row.addWidget(widget)
        self.actions_row.setSpacing(S4)
        card = Card()
        card.layout().setContentsMargins(S16, S8, S16, S8)  # pyright: ignore[reportOptionalMemberAccess]
        card.body.addLayout(row)
        return card

    def _arrow(self, name: str, text: str, icon_name: str, step: int) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setToolTip(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_icon(button, icon_name)
        button.clicked.connect(lambda: self.stepped.emit(step))
        return button
