"""The window as a program: settings, look, exception hook, event loop."""

import faulthandler
import sys

from PySide6.QtWidgets import QApplication

from cnn_desktop.core.language import _
from cnn_desktop.core.paths import settings_file
from cnn_desktop.core.settings import Settings, load_settings
from cnn_desktop.ui.context import SettingsStore
from cnn_desktop.ui.failures import install_exception_hook
from cnn_desktop.ui.interrupt import closing_on_interrupt
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.theme import apply_theme


def run(safe_mode: bool = False) -> int:
    """Open the window and return the exit code once it is closed; `safe_mode` neither reads nor writes settings."""
    if sys.stderr is not None:  # a program without a terminal has none
        faulthandler.enable()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("cnn-desktop")
    app.setApplicationDisplayName(_("CNN Desktop"))
    app.setDesktopFileName("cnn-desktop")
    if safe_mode:
        store, aside = SettingsStore(Settings(), None), None
    else:
        settings, aside = load_settings(settings_file())
        store = SettingsStore(settings, settings_file())
    apply_theme(app, store.settings.appearance)
    window = MainWindow(store)
    install_exception_hook(window.context.notify)
    if aside is not None:
        sentence = _("The settings could not be read, so the program starts with its own; the old file is now {file}.")
        window.context.notify(sentence.format(file=aside))
    window.show()
    with closing_on_interrupt(window):
        return app.exec()
