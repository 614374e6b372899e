"""The list of layers under the buttons that change it."""

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.editor.layer_list import LayerList
from cnn_desktop.ui.pages.editor.layer_painting import COUNT_WIDTH, SHAPE_WIDTH
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.card import Card, caption


class LayersCard(Card):
    """Buttons at the right of the title, the names of the columns above the list."""

    def __init__(self, layers: LayerList, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(_("Layers"), parent)
        self.header.setSpacing(S4)
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAccessibleName(action.text())
            self.header.addWidget(button)
        columns = QHBoxLayout()
        columns.setContentsMargins(0, 0, S8 + layers.verticalScrollBar().sizeHint().width(), 0)
        columns.setSpacing(S8)
        columns.addStretch()
        for text, width in ((_("Output"), SHAPE_WIDTH), (_("Parameters"), COUNT_WIDTH)):
            label = caption(text)
            label.setFixedWidth(width)
            label.setAlignment(label.alignment().AlignRight)
            columns.addWidget(label)
        self.body.addLayout(columns)
        self.body.addWidget(layers, 1)
