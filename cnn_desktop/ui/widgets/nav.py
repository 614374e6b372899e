"""The side bar: one button a page."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import draw_icon
from cnn_desktop.ui.theme import S4, S8, S16, S20, colors

_WIDTH = 168
_HEIGHT = 36


class NavButton(QAbstractButton):
    """An icon and a name; the page that is shown has a soft ground and a bar at its left."""

    def __init__(self, text: str, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._shows_focus = False

    @override
    def sizeHint(self) -> QSize:
        return QSize(_WIDTH - 2 * S8, _HEIGHT)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._shows_focus = event.reason() in keys
        super().focusInEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        now = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(self.rect()).adjusted(S4, 0, 0, 0)
        if self.isChecked() or self.underMouse():
            painter.setBrush(QColor(now.accent_soft if self.isChecked() else now.hover))
            painter.drawRoundedRect(area, 6, 6)
        if self.isChecked():
            painter.setBrush(QColor(now.accent))
            painter.drawRoundedRect(QRectF(0, 8, 2, self.height() - 16), 1, 1)
        if self.hasFocus() and self._shows_focus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(now.accent))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        color = now.accent if self.isChecked() else now.text
        draw_icon(
            painter,
            self._icon_name,
            QRectF(S16, (self.height() - 20) / 2, 20, 20),
            color if self.isChecked() else now.muted,
        )
        font = QFont(self.font())
        font.setPixelSize(self.fontInfo().pixelSize() + 1)
        font.setBold(self.isChecked())
        painter.setFont(font)
        painter.setPen(QColor(color))
        painter.drawText(area.adjusted(S20 * 2 + S4, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()


class SideBar(QFrame):
    """The pages' buttons, one of which is down; `chosen` tells the name of the page that was clicked."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sideBar")
        self.setAccessibleName(_("Pages"))
        self.setFixedWidth(_WIDTH)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(S8, S16, S8, S16)
        self._column.setSpacing(S8)
        self._column.addStretch()
        self._group = QButtonGroup(self)
        self._buttons: dict[str, NavButton] = {}

    def add(self, name: str, title: str, icon_name: str) -> None:
        """Add the button of the page `name`, below the others."""
        button = NavButton(title, icon_name)
        button.setObjectName(f"nav{name}")
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._group.addButton(button)
        self._buttons[name] = button
        self._column.insertWidget(self._column.count() - 1, button)

    def show_chosen(self, name: str) -> None:
        """Hold the button of the page `name` down."""
        self._buttons[name].setChecked(True)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        names = list(self._buttons)
        at = next((index for index, name in enumerate(names) if self._buttons[name].isChecked()), 0)
        button = self._buttons[names[(at + step) % len(names)]]
        button.setFocus(Qt.FocusReason.TabFocusReason)
        button.click()
