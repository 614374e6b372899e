"""Line icons of our own, drawn in the colour of the text beside them."""

import functools

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

from cnn_desktop.core.paths import resources

_SIZES = (16, 20, 24, 32, 40, 48)
_NAME = "iconName"


def icon(name: str, color: str | None = None) -> QIcon:
    """The icon `name` of `resources/icons` in `color`, by default the colour of text.

    It keeps its colour when the theme changes; `set_icon` follows it.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    color = color or QApplication.palette().windowText().color().name()
    drawn = QIcon()
    for size in _SIZES:
        drawn.addPixmap(icon_pixmap(name, size, color))
    return drawn


def icon_pixmap(name: str, size: int, color: str) -> QPixmap:
    """The icon as `size`×`size` pixels on a transparent ground."""
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    draw_icon(painter, name, QRectF(0, 0, size, size), color)
    painter.end()
    return pixmap


def draw_icon(painter: QPainter, name: str, area: QRectF, color: str) -> None:
    """Draw the icon into `area` with a painter that is at work."""
    QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", color).encode())).render(painter, area)


@functools.cache
def _drawing(name: str) -> str:
    """The icon's SVG; it is drawn at every paint of some lists, where a look at the disk would be felt."""
    return (resources() / "icons" / f"{name}.svg").read_text("utf-8")


def set_icon(target: QAbstractButton | QAction, name: str) -> None:
    """Give `target` the icon, and give it anew whenever the theme changes."""
    target.setProperty(_NAME, name)
    target.setIcon(icon(name))


def redraw_icons(app: QApplication, color: str) -> None:
    """Draw every icon that `set_icon` gave in `color`."""
    for widget in app.allWidgets():
        for target in (widget, *widget.actions()):
            if isinstance(target, QAbstractButton | QAction) and (name := target.property(_NAME)):
                target.setIcon(icon(name, color))
