"""What a design is called, for which pictures it is drawn, and how its weights begin."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.editor.draft import Draft
from cnn_desktop.ui.theme import S16
from cnn_desktop.ui.widgets.card import Card, labelled
from cnn_desktop.ui.widgets.fields import Picker
from cnn_desktop.ui.widgets.numbers import CountSpin

_WEIGHTS = {"glorot": _("Glorot"), "he": _("He"), "torch": _("as torch has them")}
_COLOURS = {"3": _("in colour"), "1": _("in grey")}


class HeadCard(Card):
    """Fields that write into the draft as they are changed."""

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._draft = draft
        self.title_field = QLineEdit()
        self.title_field.setObjectName("designTitle")
        self.title_field.setMaxLength(60)
        self.side = CountSpin("designSide", 1, 1024)
        self.side.setSuffix(_(" px"))
        self.colours = Picker("designChannels", _COLOURS)
        self.classes = CountSpin("designClasses", 2, 100_000)
        self.weights = Picker("designWeights", _WEIGHTS)
        self.weights.setToolTip(
            _("How convolutions and dense layers begin: a spread that suits their inputs, or He's wider one for ReLU.")
        )
        row = QHBoxLayout()
        row.setSpacing(S16)
        row.addLayout(labelled(_("Name"), self.title_field), 1)
        for text, field, width in (
            (_("Pictures of"), self.side, 96),
            (_("Colours"), self.colours, 110),
            (_("Classes"), self.classes, 96),
            (_("First weights"), self.weights, 150),
        ):
            field.setFixedWidth(width)
            row.addLayout(labelled(text, field))
        self.body.addLayout(row)
        self.title_field.textEdited.connect(lambda text: draft.describe("title", text.strip()))
        self.side.edited.connect(lambda: draft.describe("side", self.side.read()))
        self.colours.edited.connect(lambda: draft.describe("channels", int(self.colours.read())))
        self.weights.edited.connect(lambda: draft.describe("first_weights", self.weights.read()))
        self.classes.edited.connect(lambda: draft.answer_for(self.classes.value()))
        draft.changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Show the draft as it is."""
        design = self._draft.design
        if self.title_field.text().strip() != design.title and not self.title_field.hasFocus():
            self.title_field.setText(design.title)
        for field, value in (
            (self.side, design.side),
            (self.colours, str(design.channels)),
            (self.classes, self._draft.classes),
            (self.weights, design.first_weights),
        ):
            field.blockSignals(True)
            field.write(value)  # pyright: ignore[reportArgumentType]
            field.blockSignals(False)
