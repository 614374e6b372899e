"""The picture as the network receives it, beside it the same with what speaks for the class."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text
from cnn_desktop.ui.pages.inspect.attribution.busy_row import BusyRow
from cnn_desktop.ui.pages.inspect.attribution.choice_bar import ChoiceBar
from cnn_desktop.ui.pages.inspect.attribution.overlay_view import OverlayView
from cnn_desktop.ui.pages.inspect.attribution.work import Explained
from cnn_desktop.ui.theme import S4, S16
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.pixel_view import PixelView
from cnn_desktop.ui.widgets.sentence import Sentence

_LOWEST = 260


class LookCard(Card):
    """Method, class and strength above, what they mean in a sentence, two pictures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.choice = ChoiceBar()
        self.about = Sentence()
        self.about.setObjectName("attributionAbout")
        self.original = PixelView("attributionOriginal", _("The picture as the network receives it"))
        self.view = OverlayView("attributionView", _("What speaks for the class"))
        self.view.set_opacity(self.choice.strength)
        self.busy = BusyRow("attribution", _("Finding out where the model looks"))
        self._original_words = _words("attributionOriginalWords")
        self.words = _words("attributionWords")
        self.body.addWidget(self.choice)
        self.body.addWidget(self.about)
        pictures = QHBoxLayout()
        pictures.setSpacing(S16)
        for view, *below in ((self.original, self._original_words), (self.view, self.words, self.busy)):
            view.setMinimumHeight(_LOWEST)
            column = QVBoxLayout()
            column.setSpacing(S4)
            column.addWidget(view, 1)
            for widget in below:
                column.addWidget(widget)
            pictures.addLayout(column, 1)
        self.body.addLayout(pictures, 1)
        self.choice.strength_changed.connect(self.view.set_opacity)

    def wait(self, text: str) -> None:
        """A question is being answered; what is shown is of another one."""
        self.busy.begin(text)
        self.words.hide()
        self.view.lay_over(None)

    def show_explained(self, found: Explained) -> None:
        """Show what a method says."""
        self._end()
        rules = found.order.model.preprocessing
        self.original.show_image(found.received)
        size = _("what the network receives, {width} × {height}")
        self._original_words.setText(size.format(width=rules.width, height=rules.height))
        if found.overlay is None:
            self.view.show_image(None, found.words)
            self.words.clear()
            return
        self.view.show_image(found.received, "")
        self.view.lay_over(found.overlay)
        text = _("{label} · {share} · {words}")
        share = percent_text(found.probability)
        self.words.setText(text.format(label=found.class_name, share=share, words=found.words))
        self.view.setAccessibleDescription(self.words.text())

    def refuse(self, reason: str) -> None:
        """Say why there is nothing to see."""
        self._end()
        self.view.lay_over(None)
        self.view.show_image(None, reason)
        self.words.clear()

    def _end(self) -> None:
        self.busy.hide()
        self.words.show()


def _words(name: str) -> ElidedLabel:
    label = ElidedLabel(Qt.TextElideMode.ElideRight)
    label.setObjectName(name)
    label.setProperty("role", "caption")
    return label
