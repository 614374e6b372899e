"""The left of the Inspect page: model, picture, layers."""

from PySide6.QtWidgets import QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.inspect.subject import Subject
from cnn_desktop.ui.pages.models.picker import ModelPicker
from cnn_desktop.ui.theme import S4
from cnn_desktop.ui.widgets.card import Card, caption, labelled
from cnn_desktop.ui.widgets.layer_tree import LayerTree
from cnn_desktop.ui.widgets.picture_panel import PicturePanel

_WIDTH = 288


class SideCard(Card):
    """What is looked into, with what, where."""

    def __init__(self, picker: ModelPicker, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._subject = subject
        self.setFixedWidth(_WIDTH)
        self.body.addLayout(labelled(_("Model"), picker))
        self.body.addSpacing(S4)
        self.body.addWidget(caption(_("Picture")))
        self.panel = PicturePanel(_("Drop a picture here,\npaste one, or click to browse"))
        self.panel.zone.setObjectName("inspectDropZone")
        self.panel.setFixedHeight(220)
        self.body.addWidget(self.panel)
        self.body.addSpacing(S4)
        self.body.addWidget(caption(_("Layer")))
        self.layers = LayerTree()
        self.body.addWidget(self.layers, 1)
        self.layers.layer_chosen.connect(subject.set_layer)
        subject.layer_changed.connect(lambda: self.layers.choose(subject.layer))
        subject.picture_changed.connect(self._show_picture)

    def _show_picture(self) -> None:
        picture = self._subject.picture
        if picture is None:
            self.panel.zone.show_picture(None)
            self.panel.label.clear()
        else:
            self.panel.zone.show_picture(picture.drawn, picture.name)
            self.panel.label.setText(picture.caption)
