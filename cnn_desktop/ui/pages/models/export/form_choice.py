"""The forms that a model can take, to choose one of, with what can be chosen about it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.models.export.work import FORMS, FormEntry
from cnn_desktop.ui.theme import S4, S16
from cnn_desktop.ui.widgets.card import caption

_INDENT = 24
"""Pixels: where the text beside an indicator begins."""


class FormChoice(QWidget):
    """A line a form, and below ONNX whether the graph prepares the pictures itself."""

    chosen = Signal(object)
    """A `FormEntry`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = QButtonGroup(self)
        self._with_preprocessing = QCheckBox(_("Pictures go in as they are: the graph resizes and normalises them"))
        self._with_preprocessing.setObjectName("exportPreprocessing")
        self._with_preprocessing.setAccessibleName(self._with_preprocessing.text())
        self._with_preprocessing.setToolTip(
            _("Takes uint8 N×height×width×3, RGB, of any size. Without it, the graph takes what is prepared already.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        for number, entry in enumerate(FORMS):
            column.addLayout(self._line(number, entry))
        column.addStretch()
        self._buttons.button(0).setChecked(True)
        self._buttons.idToggled.connect(self._tell)

    @property
    def entry(self) -> FormEntry:
        """The chosen form."""
        return FORMS[self._buttons.checkedId()]

    @property
    def with_preprocessing(self) -> bool:
        """Whether the graph shall prepare the pictures."""
        return self._with_preprocessing.isEnabled() and self._with_preprocessing.isChecked()

    def choose(self, form: str) -> None:
        """Choose the form of that name."""
        self._buttons.button([entry.form for entry in FORMS].index(form)).setChecked(True)

    def _line(self, number: int, entry: FormEntry) -> QVBoxLayout:
        button = QRadioButton(entry.title)
        button.setObjectName(f"exportForm{entry.form.capitalize()}")
        button.setAccessibleName(entry.title)
        button.setAccessibleDescription(entry.about)
        self._buttons.addButton(button, number)
        about = caption(entry.about)
        about.setWordWrap(True)
        column = QVBoxLayout()
        column.setSpacing(S4)
        column.addWidget(button)
        below = QVBoxLayout()
        below.setContentsMargins(_INDENT, 0, 0, 0)
        below.setSpacing(S4)
        below.addWidget(about)
        if entry.form == "onnx":
            below.addSpacing(S4)
            below.addWidget(self._with_preprocessing)
        column.addLayout(below)
        return column

    def _tell(self, _number: int, is_on: bool) -> None:
        if is_on:
            self._with_preprocessing.setEnabled(self.entry.form == "onnx")
            self.chosen.emit(self.entry)
