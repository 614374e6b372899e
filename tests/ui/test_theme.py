import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QStyleHints
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from cnn_desktop.core.paths import resources
from cnn_desktop.ui.colors import DARK, LIGHT
from cnn_desktop.ui.icons import icon_pixmap, set_icon
from cnn_desktop.ui.theme import apply_theme, colors


def darkest(button: QPushButton) -> int:
    image = button.icon().pixmap(24, 24).toImage()
    pixels = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
    return min(pixel.lightness() for pixel in pixels if pixel.alpha() > 200)


def test_appearance_switches_colours_palette_and_stylesheet(themed: QApplication) -> None:
    assert colors() == LIGHT
    apply_theme(themed, "dark")
    assert colors() == DARK
    assert themed.palette().color(QPalette.ColorRole.WindowText).name() == DARK.text
    assert DARK.card in themed.styleSheet()
    assert LIGHT.text not in themed.styleSheet()
    apply_theme(themed, "light")
    assert themed.palette().color(QPalette.ColorRole.Window).name() == LIGHT.ground


def test_system_appearance_follows_the_desktop_live(themed: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    apply_theme(themed, "system")
    for scheme, expected in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT)):
        monkeypatch.setattr(QStyleHints, "colorScheme", lambda _hints, scheme=scheme: scheme)
        themed.styleHints().colorSchemeChanged.emit(scheme)  # what Qt does when the desktop changes
        assert colors() == expected


def test_an_explicit_appearance_ignores_the_desktop(themed: QApplication) -> None:
    apply_theme(themed, "dark")
    themed.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert colors() == DARK


def test_icons_take_the_new_colour(themed: QApplication, qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    set_icon(button, "train")
    assert darkest(button) < 80
    apply_theme(themed, "dark")
    assert darkest(button) > 150


@pytest.mark.parametrize("file", sorted((resources() / "icons").glob("*.svg")), ids=lambda file: file.stem)
def test_every_icon_draws_something(themed: QApplication, file: object) -> None:
    image = icon_pixmap(file.stem, 24, "#ff0000").toImage()  # pyright: ignore[reportAttributeAccessIssue]
    assert any(image.pixelColor(x, y).alpha() > 128 for x in range(24) for y in range(24))


def test_text_is_readable_on_every_ground() -> None:
    def luminance(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        dark, light = sorted((luminance(one), luminance(other)))
        return (light + 0.05) / (dark + 0.05)

    for c in (LIGHT, DARK):
        for ground in (c.ground, c.card, c.field, c.chrome):
            assert contrast(c.text, ground) > 7
            assert contrast(c.muted, ground) > 4.5, (c.muted, ground)
        for banner in (c.accent_soft, c.warning_soft, c.danger_soft):
            assert contrast(c.text, banner) > 7
        assert contrast(c.on_accent, c.accent) > 4.5
        assert contrast(c.accent, c.accent_soft) > 4.3
        assert contrast(c.danger, c.card) > 4.5
