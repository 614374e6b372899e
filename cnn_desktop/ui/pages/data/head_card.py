"""What the open dataset is: its name, the rule it was read by, its figures, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.data.data_actions import DataActions
from cnn_desktop.ui.pages.data.figures import Figure, figures_of
from cnn_desktop.ui.theme import S4, S20
from cnn_desktop.ui.widgets.card import Card, caption

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset


class HeadCard(Card):
    """Shows a dataset; while it waits to be confirmed, that is asked in the place of the training."""

    details_asked = Signal()
    """The person wants to know which files were skipped, and what else there is to say."""
    confirmed = Signal()
    refused = Signal()

    def __init__(self, actions: DataActions, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.title.setObjectName("datasetTitle")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.rule = QLabel()
        self.rule.setObjectName("datasetRule")
        self.rule.setProperty("role", "caption")
        self.rule.setWordWrap(True)
        self.rule.setTextFormat(Qt.TextFormat.PlainText)
        self.rule.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.figures = FiguresRow()
        self.figures.details_asked.connect(self.details_asked)
        self._undo = _action_button(actions.undo, text=_("Undo"))
        self._train = _action_button(actions.train, "primary")
        self._use = _button("useDataset", _("Use these pictures"), "primary")
        self._use.clicked.connect(self.confirmed)
        self._refuse = _button("refuseDataset", _("Don't use"), "")
        self._refuse.clicked.connect(self.refused)
        for button in (self._undo, self._train, self._refuse, self._use):
            self.header.addWidget(button)
        self._undo.setVisible(actions.undo.isEnabled())
        actions.undo.enabledChanged.connect(self._undo.setVisible)
        for widget in (self.rule, self.figures):
            self.body.addWidget(widget)

    def show_dataset(self, found: Dataset, dataset: Dataset, how_it_came: str, *, is_new: bool) -> None:
        """Show what was found and what comes of it; `is_new`: the person hasn't said yet that they want to use it."""
        self.set_title(_("New pictures: {title}").format(title=dataset.title) if is_new else dataset.title)
        self.title.setToolTip(str(found.folder) if found.folder else "")
        question = _("Change names, classes and splits below where that isn't what you mean; no file is touched.")
        lines = (found.rule, how_it_came, question) if is_new else (found.rule,)
        self.rule.setText("\n".join(filter(None, lines)))
        self.rule.setVisible(bool(self.rule.text()))
        self.figures.show_figures(figures_of(found, dataset))
        self._train.setVisible(not is_new)
        self._use.setVisible(is_new)
        self._refuse.setVisible(is_new)


class FiguresRow(QWidget):
    """Small grey captions above strong figures; a figure with more behind it is a link."""

    details_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("datasetFigures")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, S4, 0, 0)
        self._row.setSpacing(S20)
        self._row.addStretch()
        self._columns: list[QWidget] = []

    def show_figures(self, figures: tuple[Figure, ...]) -> None:
        """Show these in the place of the earlier ones."""
        for column in self._columns:
            column.hide()
            column.deleteLater()
        self._columns = [self._column(figure) for figure in figures]
        for place, column in enumerate(self._columns):
            self._row.insertWidget(place, column)
        self.setAccessibleName(", ".join(f"{figure.title} {figure.text}" for figure in figures))

    def _column(self, figure: Figure) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S4)
        column.addWidget(caption(figure.title))
        if figure.has_details:
            link = _button("skippedFiles", figure.text, "link")
            link.setAccessibleName(f"{figure.title}: {figure.text}")
            link.setProperty("place", "figure")
            link.clicked.connect(self.details_asked)
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            value = QLabel(figure.text)
            value.setProperty("role", "strong")
            column.addWidget(value)
        return holder


def _button(name: str, text: str, role: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setProperty("role", role)
    return button


def _action_button(action: QAction, role: str = "", text: str = "") -> QPushButton:
    """A button that does what the action does; all that the action says is in its tool tip."""
    button = _button(f"{action.objectName()}Button", text or action.text(), role)
    button.clicked.connect(action.trigger)
    action.changed.connect(lambda: button.setToolTip(action.text()))
    action.enabledChanged.connect(button.setEnabled)
    if action.property("iconName"):
        set_icon(button, action.property("iconName"))
    return button
