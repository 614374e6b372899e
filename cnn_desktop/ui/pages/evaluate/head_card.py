"""What was evaluated, its figures, and the ways to keep them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.evaluate.figures_row import FiguresRow, tiles_of
from cnn_desktop.ui.pages.evaluate.work import Evaluated
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import Card
from cnn_desktop.ui.widgets.elided_label import ElidedLabel


class HeadCard(Card):
    """What was asked about what, tiles, and a menu to save."""

    skipped_asked = Signal()

    def __init__(self, saves: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.about = ElidedLabel()
        self.about.setObjectName("evaluationTitle")
        self._save = QPushButton(_("Save…"))
        self._save.setObjectName("saveEvaluation")
        self._save.setAccessibleName(_("Save the evaluation"))
        set_icon(self._save, "save")
        menu = QMenu(self._save)
        menu.addActions(saves)
        self._save.setMenu(menu)
        self.figures = FiguresRow()
        self.figures.skipped_asked.connect(self.skipped_asked)
        row = QHBoxLayout()
        row.setSpacing(S16)
        row.addWidget(self.figures, 1)
        row.addWidget(self._save)
        self.body.addWidget(self.about)
        self.body.addLayout(row)
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(S16, S8, S16, S8)

    def show_result(self, result: Evaluated) -> None:
        """Show what was evaluated and its figures."""
        from cnn_desktop.data.dataset import split_title

        text = _("{model} on {dataset}, {split}")
        names = {"model": result.subject.model.title, "dataset": result.dataset.title}
        self.about.setText(text.format(**names, split=split_title(result.split)))
        self.figures.show_tiles(tiles_of(result.figures))
