"""Presenter mode: full screen, large type, more contrast, a ring around the cursor where it is wanted."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QMainWindow

from cnn_desktop.ui.presenting.cursor_halo import CursorHalo
from cnn_desktop.ui.presenting.enlarging import Enlargement
from cnn_desktop.ui.theme import emphasise

_DESIGNED_FOR = 1280
"""Pixels: the screen width at which everything fits in its usual size."""
_LEAST, _MOST = 1.15, 1.5


class Presenter(QObject):
    """Turns the mode of one window on and off; the window is then as it was."""

    changed = Signal(bool)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._halo = CursorHalo(window)
        self._wants_halo = False
        self._enlargement: Enlargement | None = None
        self._state = window.windowState()

    @property
    def is_on(self) -> bool:
        """Whether the window is shown to a room."""
        return self._enlargement is not None

    def toggle(self) -> None:
        """Turn it on, or off."""
        self.end() if self.is_on else self.start()

    def start(self) -> None:
        """Fill the screen, and make everything larger: as much as the screen has room for."""
        if self.is_on:
            return
        scale = min(_MOST, max(_LEAST, self._window.screen().size().width() / _DESIGNED_FOR))
        self._state = self._window.windowState()
        emphasise(_app(), scale, is_contrasting=True)
        self._enlargement = Enlargement(self._window, scale)
        self._window.setWindowState(self._state | Qt.WindowState.WindowFullScreen)
        self._show_halo()
        self.changed.emit(True)

    def end(self) -> None:
        """Make the window what it was."""
        if self._enlargement is None:
            return
        self._enlargement.end()
        self._enlargement = None
        emphasise(_app(), 1.0, is_contrasting=False)
        self._window.setWindowState(self._state)
        self._show_halo()
        self.changed.emit(False)

    def highlight_cursor(self, is_wanted: bool) -> None:
        """Whether a ring follows the cursor while the mode is on."""
        self._wants_halo = is_wanted
        self._show_halo()

    def _show_halo(self) -> None:
        if self.is_on and self._wants_halo:
            self._halo.start()
        else:
            self._halo.end()


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
