from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from cnn_desktop.ui.widgets.banner import Banner, Choice
from tests.ui.conftest import child


def shown(qtbot: QtBot, width: int) -> Banner:
    banner = Banner("testBanner")
    qtbot.addWidget(banner)
    banner.resize(width, 60)
    banner.show()
    return banner


def test_a_choice_closes_the_banner_before_it_acts(qtbot: QtBot, themed: QApplication) -> None:
    banner = shown(qtbot, 800)
    seen: list[tuple[str, bool]] = []
    banner.tell(
        "Go on?",
        choices=[
            Choice("lookButton", "Look", lambda: seen.append(("look", banner.isVisible())), closes=False),
            Choice("goButton", "Go on", lambda: seen.append(("go", banner.isVisible())), "primary"),
        ],
    )
    child(banner, QPushButton, "lookButton").click()
    child(banner, QPushButton, "goButton").click()
    assert seen == [("look", True), ("go", False)]


def test_a_new_message_brings_its_own_buttons(qtbot: QtBot, themed: QApplication) -> None:
    banner = shown(qtbot, 800)
    banner.tell("One", choices=[Choice("oldButton", "Old", lambda: None)], closable=False)
    assert not child(banner, QToolButton, "testBannerClose").isVisible()
    banner.tell("Two", "details", choices=[Choice("newButton", "New", lambda: None)], tone="calm")
    assert banner.findChild(QPushButton, "oldButton") is None
    assert child(banner, QPushButton, "newButton").accessibleName() == "New"
    assert child(banner, QPushButton, "testBannerDetails").isVisible()
    child(banner, QToolButton, "testBannerClose").click()
    assert not banner.isVisible()


def test_wide_buttons_stand_below_the_sentence(qtbot: QtBot, themed: QApplication) -> None:
    banner = shown(qtbot, 1200)
    banner.tell("A sentence", choices=[Choice("wideButton", "Start again with another rate " * 2, lambda: None)])
    button, message = child(banner, QPushButton, "wideButton"), child(banner, QLabel, "testBannerMessage")
    qtbot.waitUntil(lambda: button.x() > message.x())
    assert abs(button.geometry().center().y() - message.geometry().center().y()) < 5
    banner.resize(600, 120)
    qtbot.waitUntil(lambda: button.y() >= message.geometry().bottom())
