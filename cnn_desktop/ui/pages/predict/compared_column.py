"""Another model beside the first, asked about the same picture."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.models.chooser import ModelChooser
from cnn_desktop.ui.pages.predict.answer_column import AnswerColumn


class ComparedColumn(AnswerColumn):
    """A column that heads its classes with a picker of its own, and can be removed.

    Args:
        number: counted from 1; the object names end in it.
    """

    removed = Signal()
    """The person wants it no longer."""

    def __init__(self, context: AppContext, number: int, parent: QWidget) -> None:
        chooser = ModelChooser(f"comparePicker{number}", parent, picks_newest=False)
        super().__init__(context, chooser, f"compareTable{number}", parent)
        chooser.setParent(self)
        chooser.picker.setMinimumWidth(80)
        close = QToolButton()
        close.setObjectName(f"closeCompare{number}")
        close.setAccessibleName(_("Stop comparing with this model"))
        close.setToolTip(close.accessibleName())
        set_icon(close, "close")
        close.clicked.connect(self.removed)
        self.show_picker(chooser.picker)
        self.head.addWidget(close)
        self.body.insertWidget(1, chooser.panel)
        chooser.opened.connect(lambda _model: chooser.panel.clear())  # what was supposed takes too much room here
