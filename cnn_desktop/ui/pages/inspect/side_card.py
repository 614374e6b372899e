"""The left of the Inspect page: model, picture, layers."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.inspect.sight import sight_of, sight_text
from cnn_desktop.ui.pages.inspect.subject import Subject
from cnn_desktop.ui.pages.models.picker import ModelPicker
from cnn_desktop.ui.theme import S4
from cnn_desktop.ui.widgets.card import Card, caption, labelled
from cnn_desktop.ui.widgets.elided_label import ElidedLabel
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
        self.about_picture = QHBoxLayout()
        """The line above the picture."""
        self.about_picture.addWidget(caption(_("Picture")), 1)
        self.body.addLayout(self.about_picture)
        self.panel = PicturePanel(_("Drop a picture here,\npaste one, or click to browse"))
        self.panel.zone.setObjectName("inspectDropZone")
        self.panel.setFixedHeight(244)
        self._sight = ElidedLabel()
        self._sight.setObjectName("receptiveField")
        self.panel.insert_line(self._sight)
        self.body.addWidget(self.panel)
        self.body.addSpacing(S4)
        self.body.addWidget(caption(_("Layer")))
        self.layers = LayerTree()
        self.body.addWidget(self.layers, 1)
        self.layers.layer_chosen.connect(subject.set_layer)
        subject.layer_changed.connect(lambda: self.layers.choose(subject.layer))
        subject.picture_changed.connect(self._show_picture)
        for change in (subject.layer_changed, subject.cell_changed, subject.pointed_changed):
            change.connect(self._show_sight)

    def _show_picture(self) -> None:
        picture = self._subject.picture
        if picture is None:
            self.panel.zone.show_picture(None)
            self.panel.label.clear()
        else:
            self.panel.zone.show_picture(picture.drawn, picture.name)
            self.panel.label.setText(picture.caption)
        self._show_sight()

    def _show_sight(self) -> None:
        """Frame what the cell under the cursor sees of the picture, else what the chosen one does."""
        subject = self._subject
        cell = subject.pointed or subject.cell
        recording, picture, model = subject.recording, subject.picture, subject.model
        if cell is None or recording is None or picture is None or model is None or not subject.layer:
            self.panel.zone.show_mark(None)
            self._sight.clear()
            return
        place = cell.row, cell.column
        sight = sight_of(recording, subject.layer, place, model.preprocessing, picture.opened.size)
        has_extent = len(recording.operation(subject.layer).map_shape) == 3
        self.panel.zone.show_mark(sight.part)
        self._sight.setText(sight_text(subject.layer, place if has_extent else None, sight))
