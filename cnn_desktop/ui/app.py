"""The window as a program: settings, look, exception hook, event loop, and how it ends."""

import os
import sys
import threading

from PySide6.QtWidgets import QApplication

from cnn_desktop.core.files import sweep
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import settings_file
from cnn_desktop.core.settings import Settings, load_settings
from cnn_desktop.ui.context import SettingsStore
from cnn_desktop.ui.crash_report import Session, report_of_last_session
from cnn_desktop.ui.failures import install_exception_hook
from cnn_desktop.ui.instance import Instance
from cnn_desktop.ui.interrupt import closing_on_signals
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.theme import apply_theme


def run(safe_mode: bool = False) -> int:
    """Open the window and return the exit code once it is closed; where one is open already, bring that to the front.

    `safe_mode` neither reads nor writes settings, and looks for no other window.
    """
    app = QApplication(sys.argv[:1])
    app.setApplicationName("cnn-desktop")
    app.setApplicationDisplayName(_("CNN Desktop"))
    app.setDesktopFileName("cnn-desktop")
    instance = Instance(app)
    if not safe_mode and not instance.is_first():
        print(_("The program is open already; its window comes to the front."))
        return 0
    report = report_of_last_session()
    session = Session()
    window = _open_window(app, session, safe_mode)
    instance.on_second_start(window.come_to_front)
    if report is not None:
        window.show_crash_report(report)
    window.show()
    with closing_on_signals(window.close, window.leave):
        code = app.exec()
    instance.end()
    session.end()
    if window.has_left_work or _has_stuck_threads():
        _end_at_once(code)
    return code


def _open_window(app: QApplication, session: Session, safe_mode: bool) -> MainWindow:
    if safe_mode:
        store, aside = SettingsStore(Settings(), None), None
    else:
        settings, aside = load_settings(settings_file())
        store = SettingsStore(settings, settings_file())
        sweep(settings_file().parent)
    apply_theme(app, store.settings.appearance)
    window = MainWindow(store)
    install_exception_hook(window.context.notify, session.note)
    window.context.noted.connect(session.note)
    if aside is not None:
        sentence = _("The settings could not be read, so the program starts with its own; the old file is now {file}.")
        window.context.notify(sentence.format(file=aside))
    return window


def _has_stuck_threads() -> bool:
    """Whether a background call goes on although the window waited for it, such as one on a disk that hangs."""
    return any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread())


def _end_at_once(code: int) -> None:
    """End the process although a thread still computes.

    A native call can't be broken off, Qt aborts where the object of a running thread is deleted, and Python would wait
    for it. Everything that counts is on disk by now.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a program without a terminal has none
            stream.flush()
    os._exit(code)
