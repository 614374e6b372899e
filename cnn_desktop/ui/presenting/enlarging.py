"""Widgets of a fixed size, made larger with their text and small again."""

from typing import NamedTuple

import shiboken6
from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QProgressBar,
    QWidget,
)
from typing_extensions import override

_UNBOUNDED = 16_777_215
_STYLED = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QProgressBar)
"""Whose heights the stylesheet says."""


class _Sizes(NamedTuple):
    """A widget's own bounds."""

    least: QSize
    most: QSize


class Enlargement(QObject):
    """While it lasts, every widget below a window has its fixed width and height times `scale`; new ones too."""

    def __init__(self, window: QWidget, scale: float) -> None:
        super().__init__(window)
        self._window, self._scale = window, scale
        self._before: dict[int, tuple[QWidget, _Sizes]] = {}
        for widget in window.findChildren(QWidget):
            self._enlarge(widget)
        QApplication.instance().installEventFilter(self)  # pyright: ignore[reportOptionalMemberAccess]

    def end(self) -> None:
        """Give every widget its own size back."""
        QApplication.instance().removeEventFilter(self)  # pyright: ignore[reportOptionalMemberAccess]
        for widget, sizes in self._before.values():
            if shiboken6.isValid(widget):
                widget.setMinimumSize(sizes.least)
                widget.setMaximumSize(sizes.most)
        self._before.clear()
        self.deleteLater()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Polish and isinstance(watched, QWidget) and watched.window() is self._window:
            self._enlarge(watched)
        return False

    def _enlarge(self, widget: QWidget) -> None:
        if id(widget) in self._before or widget.isWindow():
            return
        least, most = widget.minimumSize(), widget.maximumSize()
        fixed_width = 0 < least.width() == most.width() < _UNBOUNDED
        fixed_height = 0 < least.height() == most.height() < _UNBOUNDED and not isinstance(widget, _STYLED)
        if not (fixed_width or fixed_height):
            return
        self._before[id(widget)] = (widget, _Sizes(least, most))
        if fixed_width:
            widget.setFixedWidth(round(least.width() * self._scale))
        if fixed_height:
            widget.setFixedHeight(round(least.height() * self._scale))
