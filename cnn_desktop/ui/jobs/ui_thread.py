"""The way from any thread to the UI thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

Call = Callable[[], None]


class _Postbox(QObject):
    """Lives on the UI thread as long as the process, so that no thread can be left with a deleted object."""

    posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.posted.connect(self._carry_out, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def _carry_out(self, call: Call) -> None:
        call()


_postbox = _Postbox()


def call_in_ui(call: Call) -> None:
    """Carry `call` out on the UI thread, soon; calls keep their order. May be called from any thread."""
    _postbox.posted.emit(call)
