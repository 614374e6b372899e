"""Colours, spacing and font of the window, changed while it runs."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from cnn_desktop.ui.colors import DARK, LIGHT, Colors, contrasting
from cnn_desktop.ui.icons import redraw_icons
from cnn_desktop.ui.style import stylesheet

Appearance = Literal["system", "light", "dark"]

S4, S8, S16, S20 = 4, 8, 16, 20
"""The only spacings, in pixels."""

_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


class _Look:
    """What is shown now; one application has one look."""

    appearance: Appearance = "system"
    colors: Colors = LIGHT
    followed: QApplication | None = None
    body: int = 13
    """Pixels: the usual height of text."""
    scale: float = 1.0
    is_contrasting: bool = False


def colors() -> Colors:
    """The colours in use; ask anew in every `paintEvent`, since they change while the program runs."""
    return _Look.colors


def apply_theme(app: QApplication, appearance: Appearance) -> None:
    """Draw everything in `appearance`; `system` follows the desktop, live."""
    _Look.appearance = appearance
    if _Look.followed is not app:
        _Look.followed = app
        app.setStyle(QStyleFactory.create("Fusion"))
        font = _font(app)
        _Look.body = font.pixelSize()
        app.setFont(font)
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: _draw(app))
    app.styleHints().setColorScheme(_SCHEMES[appearance])
    _draw(app)


def emphasise(app: QApplication, scale: float, *, is_contrasting: bool) -> None:
    """Draw text `scale` times as large as usual, and with more contrast or the usual."""
    _Look.scale, _Look.is_contrasting = scale, is_contrasting
    font = QFont(app.font())
    font.setPixelSize(round(_Look.body * scale))
    app.setFont(font)
    _draw(app)


def _draw(app: QApplication) -> None:
    system_is_dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    is_dark = _Look.appearance == "dark" or (_Look.appearance == "system" and system_is_dark)
    _Look.colors = DARK if is_dark else LIGHT
    if _Look.is_contrasting:
        _Look.colors = contrasting(_Look.colors)
    app.setPalette(_palette(_Look.colors))
    app.setStyleSheet(stylesheet(_Look.colors, app.font().pixelSize()))
    redraw_icons(app, _Look.colors.text)
    for widget in app.allWidgets():
        widget.update()


def _font(app: QApplication) -> QFont:
    """The system's font, at least 13 pixels tall, with digits of one width where the font offers a choice."""
    font = QFont(app.font())
    font.setPixelSize(max(13, QFontInfo(font).pixelSize()))
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _palette(c: Colors) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, colour in {
        role.Window: c.ground,
        role.Base: c.field,
        role.AlternateBase: c.ground,
        role.Button: c.card,
        role.WindowText: c.text,
        role.Text: c.text,
        role.ButtonText: c.text,
        role.PlaceholderText: c.muted,
        role.ToolTipBase: c.card,
        role.ToolTipText: c.text,
        role.Highlight: c.accent,
        role.HighlightedText: c.on_accent,
        role.Link: c.accent,
        role.Mid: c.border,
    }.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(c.muted))
    return palette
