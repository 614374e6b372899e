"""How the pictures are divided: what holds now, and another way with what it would come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.data.classes.bars import SplitBar
from cnn_desktop.ui.pages.data.classes.legend import SplitLegend
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.card import Card, caption, labelled
from cnn_desktop.ui.widgets.numbers import CountSpin, ShareSpin

_FIELD_WIDTH = 104


class Shares(NamedTuple):
    """What a split is made by."""

    validation: float
    test: float
    seed: int


class SplitCard(Card):
    """Fields for a split, a bar of its parts, and the buttons that take it up or take it back."""

    edited = Signal()
    """The fields say something else."""
    use_asked = Signal()
    forget_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Splits"), parent)
        self._settled = Shares(0, 0, 0)
        self._state = caption()
        self._state.setObjectName("splitState")
        self.header.addWidget(self._state)
        self._validation = ShareSpin("splitValidationSpin", 0.9, _("none"))
        self._test = ShareSpin("splitTestSpin", 0.9)
        self._seed = CountSpin("splitSeedSpin", 0, 999_999)
        self._seed.setToolTip(_("Another seed draws other pictures; the same one always draws the same."))
        self._bar, self._legend = SplitBar(), SplitLegend()
        self._use = _button("useSplit", _("Use this split"), "primary")
        self._use.clicked.connect(self.use_asked)
        self._forget = _button("forgetSplit", _("Back to how it was found"), "")
        self._forget.clicked.connect(self.forget_asked)
        self._lay_out()
        for field in (self._validation, self._test, self._seed):
            field.edited.connect(self._on_edited)

    @property
    def shares(self) -> Shares:
        """What the fields say."""
        return Shares(self._validation.read(), self._test.read(), self._seed.value())

    @property
    def is_edited(self) -> bool:
        """Whether the fields say something else than what holds."""
        return self.shares != self._settled

    def show_split(self, shares: Shares, state: str, *, is_decided: bool, zero_test: str) -> None:
        """Show what holds; `zero_test` is what no share for the test means."""
        self._settled = shares
        self._state.setText(state)
        self._test.setSpecialValueText(zero_test)
        for field, value in ((self._validation, shares.validation), (self._test, shares.test)):
            field.blockSignals(True)
            field.write(value)
            field.blockSignals(False)
        self._seed.blockSignals(True)
        self._seed.write(shares.seed)
        self._seed.blockSignals(False)
        self._forget.setVisible(is_decided)
        self._use.setEnabled(False)

    def show_counts(self, counts: Mapping[str, int], *, is_preview: bool) -> None:
        """Show pictures by split, as they are or as they would be."""
        self._bar.show_counts(counts)
        self._legend.show_counts(counts)
        self.set_title(_("Splits, preview") if is_preview else _("Splits"))
        self._use.setEnabled(is_preview)

    def show_problem(self, sentence: str) -> None:
        """Say why the fields make no split."""
        self._state.setText(sentence)
        self._use.setEnabled(False)

    def _on_edited(self) -> None:
        self._use.setEnabled(False)
        self.edited.emit()

    def _lay_out(self) -> None:
        fields = QHBoxLayout()
        fields.setSpacing(S8)
        for title, field in ((_("Validation"), self._validation), (_("Test"), self._test), (_("Seed"), self._seed)):
            field.setFixedWidth(_FIELD_WIDTH)
            fields.addLayout(labelled(title, field))
        fields.addStretch()
        buttons = QHBoxLayout()
        buttons.setSpacing(S8)
        buttons.addWidget(self._forget)
        buttons.addWidget(self._use)
        column = QVBoxLayout()
        column.addStretch()
        column.addLayout(buttons)
        fields.addLayout(column)
        self.body.addLayout(fields)
        self.body.addSpacing(S4)
        self.body.addWidget(self._bar)
        self.body.addWidget(self._legend)


def _button(name: str, text: str, role: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setProperty("role", role)
    return button
