"""One window for each person: a second start raises the first window."""

import hashlib
import os
import time
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from cnn_desktop.core.file_lock import FileLock
from cnn_desktop.core.paths import state_dir

_PATIENCE_SECONDS = 5.0
"""So long a second start waits for the first window to answer, or to end if it is just closing."""
_ANSWER_SECONDS = 3.0
_TOKEN = "XDG_ACTIVATION_TOKEN"
"""With it, Wayland lets the window that was asked come to the front (the protocol xdg-activation-v1)."""
_ANSWER = b"shown"


class Instance(QObject):
    """This start of the program, as seen by other starts of the same person with the same settings."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = FileLock(state_dir() / "window.lock")
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        self._raise_window: Callable[[], None] | None = None

    def is_first(self) -> bool:
        """Whether this start shall open a window; otherwise an open one was brought to the front.

        An open window that doesn't answer is left alone: its owner gets a second one.
        """
        end = time.monotonic() + _PATIENCE_SECONDS
        while not self._is_locked():
            if _ask_to_show():
                return False
            if time.monotonic() > end:
                return True
        QLocalServer.removeServer(_name())  # left behind by a window that was killed
        self._server.listen(_name())
        return True

    @property
    def can_be_found(self) -> bool:
        """Whether other starts can ask this one."""
        return self._server.isListening()

    def on_second_start(self, raise_window: Callable[[], None]) -> None:
        """Call `raise_window` whenever the program is started again."""
        self._raise_window = raise_window

    def end(self) -> None:
        """Let the next start open a window."""
        self._server.close()
        self._lock.release()

    def _is_locked(self) -> bool:
        try:
            self._lock.file.parent.mkdir(parents=True, exist_ok=True)
            return self._lock.acquire(f"{os.getpid()}\n")
        except OSError:  # where nothing can be written, nothing can be told apart; the window opens
            return True

    def _answer(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(lambda socket=socket: self._show_for(socket))

    def _show_for(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            return
        if token := bytes(socket.readLine().data()).decode(errors="replace").strip():
            os.environ[_TOKEN] = token
        if self._raise_window is not None:
            self._raise_window()
        socket.write(_ANSWER)
        socket.disconnectFromServer()


def _ask_to_show() -> bool:
    """Ask the open window to come to the front; whether it answered."""
    socket = QLocalSocket()
    socket.connectToServer(_name())
    if not socket.waitForConnected(200):
        time.sleep(0.05)
        return False
    socket.write(os.environ.get(_TOKEN, "").encode() + b"\n")
    socket.waitForBytesWritten(1000)
    answered = socket.waitForReadyRead(round(1000 * _ANSWER_SECONDS)) and socket.readAll().data() == _ANSWER
    socket.abort()
    return answered


def _name() -> str:
    """One name for each person and home; short, since it becomes the path of a socket."""
    return "cnn-desktop-" + hashlib.sha256(str(state_dir()).encode()).hexdigest()[:20]
