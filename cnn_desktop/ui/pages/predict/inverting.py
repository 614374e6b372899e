"""The offer to ask about a picture's negative, where the model knows no other."""

from PySide6.QtCore import QObject, Signal

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.predict.answering import Answer
from cnn_desktop.ui.widgets.banner import Banner, Choice


class InvertOffer(QObject):
    """Looks at each answer, and says above the picture what can be done about it."""

    asked = Signal(bool)
    """Ask about the picture again: whether as its negative."""

    def __init__(self, banner: Banner) -> None:
        super().__init__(banner)
        self._banner = banner
        self._always: set[str] = set()
        """Models whose pictures are inverted without a question."""

    def withdraw(self) -> None:
        """There is nothing to offer."""
        self._banner.hide()

    def consider(self, answer: Answer, model: str) -> None:
        """Offer to invert the picture, or to undo that; `model` is what the picker calls the model."""
        if answer.asked.is_inverted:
            text = _("The picture was inverted, and its ground evened, before the model saw it.")
            undo = Choice("asItWas", _("As it was"), lambda: self._undo(model), "link")
            self._banner.tell(text, tone="calm", choices=(undo,))
        elif answer.mismatch is None:
            self._banner.hide()
        elif model in self._always:
            self.asked.emit(True)
        else:
            invert = Choice("invertPicture", _("Invert"), lambda: self.asked.emit(True), "primary")
            always = Choice("alwaysInvert", _("Always for this model"), lambda: self._accept(model), "link")
            self._banner.tell(answer.mismatch.sentence, tone="calm", choices=(always, invert))

    def _accept(self, model: str) -> None:
        self._always.add(model)
        self.asked.emit(True)

    def _undo(self, model: str) -> None:
        self._always.discard(model)
        self.asked.emit(False)
