"""A sentence above the page: what happened and what to do about it, with buttons that do it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.theme import S8, S16

_MOST_FOR_BUTTONS = 0.45
"""Part of the width that buttons may take beside the sentence."""

Tone = Literal["problem", "warning", "calm"]


@dataclass(frozen=True)
class Choice:
    """A button of a banner; `name` becomes its object name."""

    name: str
    text: str
    act: Callable[[], None]
    role: Literal["", "primary", "link"] = ""
    closes: bool = True
    """Whether the banner has served its purpose once the button was pressed."""


class Banner(QFrame):
    """Hidden until `tell`; stays until it is closed, answered or taken back, so that nobody misses it.

    Args:
        name: the object name; those of the parts begin with it.
    """

    closed = Signal()
    """The person closed it."""

    def __init__(self, name: str = "banner", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._details = ""
        self._buttons: list[QPushButton] = []
        self._words = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._words.setSpacing(S8)
        self._choices = QHBoxLayout()
        self._choices.setSpacing(S8)
        self._choices.addStretch()
        self.message = QLabel()
        self.message.setObjectName(f"{name}Message")
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.addWidget(self.message, 1)
        self._words.addLayout(self._choices)
        self._more = QPushButton(_("Details…"))
        self._more.setObjectName(f"{name}Details")
        self._more.setAccessibleName(_("Details of this message"))
        self._more.setProperty("role", "link")
        self._more.clicked.connect(self._show_details)
        self._close = QToolButton()
        self._close.setObjectName(f"{name}Close")
        self._close.setAccessibleName(_("Close this message"))
        self._close.setToolTip(_("Close"))
        set_icon(self._close, "close")
        self._close.clicked.connect(self.hide)
        self._close.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(S16, S8, S8, S8)
        row.setSpacing(S8)
        row.addLayout(self._words, 1)
        row.addWidget(self._more)
        row.addWidget(self._close)
        self.hide()

    def tell(
        self,
        message: str,
        details: str = "",
        *,
        tone: Tone = "problem",
        details_text: str = "",
        choices: Sequence[Choice] = (),
        closable: bool = True,
    ) -> None:
        """Show `message`, in the place of an earlier one; what isn't `closable` goes away by one of its choices."""
        self.message.setText(message)
        self._details = details
        self._more.setText(details_text or _("Details…"))
        self._more.setAccessibleName(details_text or _("Details of this message"))
        self._more.setVisible(bool(details))
        self._close.setVisible(closable)
        self._show_choices(choices)
        self._show_tone(tone)
        self.show()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put wide buttons below the sentence, which would be squeezed beside them."""
        is_wide = self._choices.sizeHint().width() > _MOST_FOR_BUTTONS * self.width()
        way = QBoxLayout.Direction.TopToBottom if is_wide else QBoxLayout.Direction.LeftToRight
        self._words.setDirection(way)

    def _show_choices(self, choices: Sequence[Choice]) -> None:
        for button in self._buttons:
            button.hide()  # deleted only when the event loop comes by
            button.setObjectName("")
            button.deleteLater()
        self._buttons = [self._button(choice) for choice in choices]
        for button in self._buttons:
            self._choices.addWidget(button)
        self._arrange()

    def _button(self, choice: Choice) -> QPushButton:
        button = QPushButton(choice.text)
        button.setObjectName(choice.name)
        button.setAccessibleName(choice.text)
        button.setProperty("role", choice.role)

        def act() -> None:
            if choice.closes:
                self.hide()
            choice.act()

        button.clicked.connect(act)
        return button

    def _show_tone(self, tone: Tone) -> None:
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)

    def _show_details(self) -> None:
        dialog = QDialog(self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setObjectName("detailsDialog")
        dialog.setWindowTitle(self._more.text().removesuffix("…"))
        dialog.resize(760, 420)
        column = QVBoxLayout(dialog)
        text = QPlainTextEdit(self._details)
        text.setReadOnly(True)
        text.setAccessibleName(_("Details"))
        column.addWidget(text)
        dialog.open()
