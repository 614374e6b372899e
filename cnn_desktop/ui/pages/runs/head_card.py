"""What is selected, what can be done with it, and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.units import bytes_text
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.runs.row_painting import state_color
from cnn_desktop.ui.pages.runs.rows import RunRow
from cnn_desktop.ui.pages.runs.run_actions import RunActions
from cnn_desktop.ui.pages.runs.run_texts import accuracy_text, device_text, epochs_text, time_text, when_text
from cnn_desktop.ui.theme import S4, S8, colors
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.chip import draw_chip
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
from cnn_desktop.ui.widgets.facts_grid import FactsGrid


class StateChip(QWidget):
    """The state of a run as a word on a soft ground."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: RunRow | None = None

    def show_row(self, row: RunRow) -> None:
        """Show the state of this run."""
        self._row = row
        self.setAccessibleName(row.run.state_title)
        self.setFixedSize(self.fontMetrics().horizontalAdvance(row.run.state_title) + 2 * S8 + S4, 22)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return self.minimumSize()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._row is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(font.pixelSize() - 1)
        painter.setFont(font)
        color = QColor(state_color(self._row.run.state, colors())).name()
        draw_chip(painter, 0, self.height() / 2, self._row.run.state_title, color)
        painter.end()


class HeadCard(Card):
    """The title of the selection, buttons for its actions, and of one run the figures."""

    def __init__(self, actions: RunActions, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._actions = actions
        self._chip = StateChip()
        self.header.insertWidget(1, self._chip)
        self.header.setStretch(0, 0)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.folder = ElidedLabel()
        self.message = ElidedLabel()
        self.facts = FactsGrid(_("Figures of the run"))
        self.body.addWidget(self.folder)
        self.body.addWidget(self.message)
        self.body.addLayout(self._buttons())
        self.body.addWidget(self.facts)

    def show_one(self, row: RunRow) -> None:
        """Show a run."""
        self.set_title(row.title)
        self._chip.show()
        self._chip.show_row(row)
        self.folder.setText(row.run.title)
        self.message.setText(row.run.message)
        self.message.setVisible(row.run.state == "failed")
        self.facts.show()
        self.facts.show_facts(_facts(row))
        self._show_buttons(1)

    def show_many(self, rows: Sequence[RunRow], most: int) -> None:
        """Show how many runs are selected, of which at most so many are compared."""
        self.set_title(ngettext("{count} run selected", "{count} runs selected", len(rows)).format(count=len(rows)))
        self._chip.hide()
        self.message.hide()
        self.facts.hide()
        first = _("The first {most} of them are compared.").format(most=most)
        self.folder.setText(first if len(rows) > most else _("Compared below."))
        self._show_buttons(len(rows))

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(S8)
        self._repeat = _button(self._actions.repeat, "primary")
        self._go_on = _button(self._actions.go_on, "")
        self._delete = _button(self._actions.delete, "danger")
        self._more = QToolButton()
        self._more.setObjectName("moreActions")
        self._more.setAccessibleName(_("More to do with what is selected"))
        self._more.setToolTip(_("More"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        set_icon(self._more, "more")
        menu = QMenu(self._more)
        for action in self._actions.of_runs:
            menu.addSeparator() if action is None else menu.addAction(action)
        self._more.setMenu(menu)
        for widget in (self._repeat, self._go_on, self._delete):
            row.addWidget(widget)
        row.addWidget(self._more)
        row.addStretch()
        return row

    def _show_buttons(self, count: int) -> None:
        self._repeat.setVisible(count == 1)
        self._go_on.setVisible(count == 1 and self._actions.go_on.isEnabled())
        self._delete.setVisible(count > 1)


def _button(action: QAction, role: str) -> QPushButton:
    """A button that does what the action does, and is enabled as it is."""
    button = QPushButton(action.text())
    button.setObjectName(f"{action.objectName()}Button")
    button.setAccessibleName(action.text())
    button.setProperty("role", role)
    button.setEnabled(action.isEnabled())
    button.clicked.connect(action.trigger)
    action.enabledChanged.connect(button.setEnabled)
    return button


def _facts(row: RunRow) -> list[tuple[str, str]]:
    run = row.run
    best = accuracy_text(run.best_validation_accuracy)
    if run.best_epoch is not None:
        best = _("{accuracy} (epoch {epoch})").format(accuracy=best, epoch=run.best_epoch)
    facts = [
        (_("Test accuracy"), accuracy_text(run.test_accuracy)),
        (_("Best validation"), best),
        (_("Epochs"), _("{epochs}, {steps:,} steps").format(epochs=epochs_text(run), steps=run.steps)),
        (_("Training time"), time_text(run)),
        (_("Device"), device_text(run)),
        (_("Started"), when_text(run.started, datetime.now())),
        (_("Size on disk"), bytes_text(run.size)),
    ]
    return [fact for fact in facts if fact[1] != "–"]
