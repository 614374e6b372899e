"""Ctrl+C in the terminal that started the window closes it, as its own button would."""

import contextlib
import signal
import socket
from collections.abc import Generator

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QWidget


@contextlib.contextmanager
def closing_on_interrupt(window: QWidget) -> Generator[None]:
    """While the block runs, an interrupt closes `window`.

    Python runs its handlers between two of its own instructions, of which a waiting event loop has none: the signal's
    byte on a socket wakes it.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: reader.recv(64))
    before_fd = signal.set_wakeup_fd(writer.fileno())
    before = signal.signal(signal.SIGINT, lambda _number, _frame: window.close())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        signal.set_wakeup_fd(before_fd)
        notifier.setEnabled(False)
        reader.close()
        writer.close()
