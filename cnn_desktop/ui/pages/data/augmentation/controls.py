"""Everything that says how pictures are varied: preset, parts, dice, and the text that stands for all of them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QToolButton, QWidget

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS, PRESET_TITLES, Augmentation
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.data.augmentation.form import AugmentationForm
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.card import Card, caption, labelled
from cnn_desktop.ui.widgets.fields import Picker
from cnn_desktop.ui.widgets.numbers import CountSpin

_OWN = "own"
_MOST_DICE = 999
_DICE_WIDTH = 66


class AugmentationControls(Card):
    """The card beside the pictures."""

    edited = Signal()
    """The augmentation or the dice are other ones now."""
    use_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.title.hide()
        self._is_writing = False
        self.preset = Picker("augmentationPreset", PRESET_TITLES)
        self.form = AugmentationForm()
        self.seed = CountSpin("augmentationSeed", 0, _MOST_DICE)
        self.seed.setToolTip(_("The same dice give the same variants."))
        self.seed.setFixedWidth(_DICE_WIDTH)
        self._other = QToolButton()
        self._other.setObjectName("otherDice")
        self._other.setAccessibleName(_("Other dice"))
        self._other.setToolTip(_("Other dice"))
        set_icon(self._other, "repeat")
        self.text = QLineEdit()
        self.text.setObjectName("augmentationText")
        self.text.setToolTip(_("What --augment takes on the command line. Type or paste one, then press Enter."))
        self._wrong = caption()
        self._wrong.setObjectName("augmentationTextError")
        self._wrong.setProperty("role", "error")
        self._wrong.setWordWrap(True)
        self._wrong.hide()
        self._copy = self._button("copyAugmentation", _("Copy"), "")
        self.use = self._button("useForTraining", _("Use for training"), "primary")
        self._lay_out()
        self._connect()
        self.write(AUGMENTATION_PRESETS["light"])

    def read(self) -> Augmentation:
        """What is chosen."""
        return self.form.read()

    def write(self, value: Augmentation) -> None:
        """Show another augmentation."""
        self.form.write(value)

    def _lay_out(self) -> None:
        dice = QHBoxLayout()
        dice.addLayout(labelled(_("Preset"), self.preset), 1)
        dice.addLayout(labelled(_("Dice"), self.seed))
        dice.addWidget(self._other, 0, Qt.AlignmentFlag.AlignBottom)
        dice.setSpacing(S4)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.form)
        text = QHBoxLayout()
        text.setSpacing(S8)
        text.addLayout(labelled(_("As text"), self.text), 1)
        text.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(dice)
        self.body.addWidget(scroll, 1)
        self.body.addLayout(text)
        self.body.addWidget(self._wrong)
        self.body.addWidget(self.use)

    def _connect(self) -> None:
        self.preset.edited.connect(self._on_preset)
        self.form.edited.connect(self._on_form)
        self.seed.edited.connect(self.edited)
        self._other.clicked.connect(lambda: self.seed.setValue((self.seed.value() + 1) % (_MOST_DICE + 1)))
        self.text.returnPressed.connect(self._on_text)
        self.text.textEdited.connect(lambda _text: self._wrong.hide())
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(str(self.read())))
        self.use.clicked.connect(self.use_asked)

    def _on_preset(self) -> None:
        name = self.preset.choice()
        if not self._is_writing and name in AUGMENTATION_PRESETS:
            self.form.write(AUGMENTATION_PRESETS[name])

    def _on_form(self) -> None:
        self._is_writing = True
        self._show_preset()
        self.text.setText(str(self.read()))
        self.text.setCursorPosition(0)
        self._wrong.hide()
        self._is_writing = False
        self.edited.emit()

    def _on_text(self) -> None:
        try:
            self.form.write(Augmentation.parse(self.text.text().strip()))
        except BadInputError as error:
            self._wrong.setText(str(error))
            self._wrong.show()

    def _show_preset(self) -> None:
        """Choose the preset that the parts make; `own` is offered only while they make none."""
        now = self.read()
        name = next((name for name, preset in AUGMENTATION_PRESETS.items() if preset == now), _OWN)
        if name == _OWN and self.preset.findData(_OWN) < 0:
            self.preset.addItem(_("Custom"), _OWN)
        self.preset.choose(name)
        if name != _OWN and self.preset.findData(_OWN) >= 0:
            self.preset.removeItem(self.preset.findData(_OWN))

    @staticmethod
    def _button(name: str, text: str, role: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setProperty("role", role)
        return button
