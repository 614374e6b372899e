"""What was evaluated, its figures, and the ways to keep them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.evaluate.figures_row import FiguresRow, tiles_of
from cnn_desktop.ui.pages.evaluate.work import Evaluated
from cnn_desktop.ui.widgets.card import Card, caption


class HeadCard(Card):
    """Title, tiles, and a menu to save."""

    skipped_asked = Signal()

    def __init__(self, saves: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.title.setObjectName("evaluationTitle")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self._about = caption()
        self.header.insertWidget(1, self._about)
        self._save = QPushButton(_("Save…"))
        self._save.setObjectName("saveEvaluation")
        self._save.setAccessibleName(_("Save the evaluation"))
        set_icon(self._save, "save")
        menu = QMenu(self._save)
        menu.addActions(saves)
        self._save.setMenu(menu)
        self.header.addWidget(self._save)
        self.figures = FiguresRow()
        self.figures.skipped_asked.connect(self.skipped_asked)
        self.body.addWidget(self.figures)

    def show_result(self, result: Evaluated) -> None:
        """Show what was evaluated and its figures."""
        from cnn_desktop.data.dataset import split_title

        self.set_title(result.subject.model.title)
        text = _("on {dataset}, {split}")
        self._about.setText(text.format(dataset=result.dataset.title, split=split_title(result.split)))
        self.figures.show_tiles(tiles_of(result.figures))
