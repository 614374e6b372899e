"""Pages of which one is in view."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override


class PageStack(QStackedWidget):
    """A stack that takes the room it is given, and asks no hidden page how much it needs.

    Qt's own asks every page at each change of layout, so that all wrapped text of pages that nobody sees is broken
    into lines again: of a window with eight large pages, a tenth of a second.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(lambda _index: self.updateGeometry())

    @override
    def sizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.sizeHint() if page else super().sizeHint()

    @override
    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.minimumSizeHint() if page else super().minimumSizeHint()

    @override
    def hasHeightForWidth(self) -> bool:
        return False
