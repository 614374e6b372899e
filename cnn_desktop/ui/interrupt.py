"""Signals from the terminal and the system close the window, as its own button would."""

import contextlib
import signal
import socket
from collections.abc import Callable, Generator

from PySide6.QtCore import QSocketNotifier


@contextlib.contextmanager
def closing_on_signals(close: Callable[[], object], leave: Callable[[], None]) -> Generator[None]:
    """While the block runs, an interrupt (Ctrl+C) calls `close`; an order to end, as when the desktop does, `leave`.

    Python runs its handlers between two of its own instructions, of which a waiting event loop has none: the signal's
    byte on a socket wakes it.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: reader.recv(64))
    before_fd = signal.set_wakeup_fd(writer.fileno())
    before = {signal.SIGINT: signal.signal(signal.SIGINT, lambda _number, _frame: close())}
    for name in ("SIGTERM", "SIGHUP"):  # Windows has only the first
        if number := getattr(signal, name, None):
            before[number] = signal.signal(number, lambda _number, _frame: leave())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before_fd)
        notifier.setEnabled(False)
        reader.close()
        writer.close()
