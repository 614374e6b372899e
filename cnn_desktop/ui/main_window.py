"""The window: menus, side bar, pages, status bar. Wiring only, no logic."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.core.paths import runs_dir
from cnn_desktop.core.settings import Settings
from cnn_desktop.ui.about import show_about
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.engine import EngineLoader
from cnn_desktop.ui.menus import Menus
from cnn_desktop.ui.pages.data import DataPage
from cnn_desktop.ui.pages.evaluate import EvaluatePage
from cnn_desktop.ui.pages.inspect import InspectPage
from cnn_desktop.ui.pages.learn import LearnPage
from cnn_desktop.ui.pages.page import Page
from cnn_desktop.ui.pages.predict import PredictPage
from cnn_desktop.ui.pages.runs import RunsPage
from cnn_desktop.ui.pages.train import TrainPage
from cnn_desktop.ui.presenting import Presenter
from cnn_desktop.ui.theme import S16, S20, Appearance, apply_theme
from cnn_desktop.ui.widgets.banner import Banner
from cnn_desktop.ui.widgets.nav import SideBar
from cnn_desktop.ui.widgets.page_stack import PageStack


@dataclass(frozen=True)
class PageEntry:
    """A page of the side bar."""

    name: str
    title: str
    icon: str
    make: Callable[[AppContext], Page]


PAGES = (
    PageEntry("Data", _("Data"), "data", DataPage),
    PageEntry("Train", _("Train"), "train", TrainPage),
    PageEntry("Evaluate", _("Evaluate"), "evaluate", EvaluatePage),
    PageEntry("Predict", _("Predict"), "predict", PredictPage),
    PageEntry("Inspect", _("Inspect"), "inspect", InspectPage),
    PageEntry("Runs", _("Runs"), "runs", RunsPage),
    PageEntry("Learn", _("Learn"), "learn", LearnPage),
)


class MainWindow(QMainWindow):
    """Everything a person sees; `painted` comes once, after the first paint.

    Args:
        store: the settings; None: the program's defaults, saved nowhere.
    """

    painted = Signal()

    def __init__(self, store: SettingsStore | None = None) -> None:
        super().__init__()
        store = store or SettingsStore(Settings(), None)
        self.setObjectName("mainWindow")
        self.setWindowTitle(_("CNN Desktop"))
        self.setMinimumSize(1000, 640)
        self._was_painted = self._is_closing = False
        self._asks = True
        self.context = AppContext(store, self)
        self._engine = EngineLoader(self)
        self._presenter = Presenter(self)
        self._banner = Banner()
        self._crash_banner = Banner("crashBanner")
        self._side_bar = SideBar()
        self._stack = PageStack()
        self._stack.setObjectName("pages")
        self._pages = {entry.name: entry.make(self.context) for entry in PAGES}
        self._menus = Menus(self.menuBar(), {entry.name: entry.title for entry in PAGES}, store.settings.appearance)
        for entry in PAGES:
            self._side_bar.add(entry.name, entry.title, entry.icon)
            self._stack.addWidget(self._pages[entry.name])
            self._menus.add_page(entry.name, self._pages[entry.name].menu_actions())
        self._lay_out()
        self._connect()
        self._restore()

    def show_page(self, name: str, model: str = "") -> None:
        """Bring the page `name` to the front, with `model` taken up where one is named."""
        page = self._pages[name]
        self._stack.setCurrentWidget(page)
        self._side_bar.show_chosen(name)
        self._menus.show_page(name)
        self.context.settings.change(page=name)
        if model:
            page.open_model(model)

    @property
    def has_left_work(self) -> bool:
        """Whether a step that didn't end in time still runs, after the window was closed."""
        return self._is_closing and any(page.is_busy() for page in self._pages.values())

    def show_crash_report(self, report: Path) -> None:
        """Say that the last session ended as it shouldn't, and offer what it left."""
        text = report.read_text("utf-8", errors="replace")
        self._crash_banner.tell(
            _("The program ended unexpectedly the last time. A report was kept on this machine."),
            f"{report}\n\n{text}",
            tone="calm",
            details_text=_("Show report"),
        )

    def come_to_front(self) -> None:
        """Show the window above others, and keep it large where it was."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def leave(self) -> None:
        """Close without asking anybody, as when the session of the desktop ends; work under way is saved."""
        self._asks = False
        self.close()

    @override
    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.Paint and not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)  # after the widgets inside have been painted too
        return handled

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._presenter.is_on:
            self._presenter.end()
        else:
            super().keyPressEvent(event)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._is_closing or not self._may_close():
            event.ignore()
            return
        self._is_closing = True
        self._remember()
        for page in self._pages.values():
            page.shutdown()
        self._engine.shutdown()
        event.accept()

    def _lay_out(self) -> None:
        content = QVBoxLayout()
        content.setContentsMargins(S20, S16, S20, S16)
        content.setSpacing(S16)
        content.addWidget(self._banner)
        content.addWidget(self._crash_banner)
        content.addWidget(self._stack, 1)
        central = QWidget()
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._side_bar)
        row.addLayout(content, 1)
        self.setCentralWidget(central)
        self._device = QLabel(_("Loading the engine…"))
        self._device.setObjectName("statusDevice")
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addWidget(self._device)
        self.statusBar().addPermanentWidget(QLabel(_("Nothing leaves this machine")))

    def _connect(self) -> None:
        self.painted.connect(self._engine.start)
        self._engine.ready.connect(self._on_engine_ready)
        self._engine.failed.connect(self._on_engine_failed)
        self.context.message_sent.connect(self._banner.tell)
        self.context.page_asked.connect(self.show_page)
        self.context.device_changed.connect(self._device.setText)
        self._side_bar.chosen.connect(self.show_page)
        self._menus.page_chosen.connect(self.show_page)
        self._menus.appearance_chosen.connect(self._change_appearance)
        self._menus.runs_folder_asked.connect(_open_runs_folder)
        self._menus.full_screen_asked.connect(self._toggle_full_screen)
        self._menus.presenter_asked.connect(self._presenter.toggle)
        self._menus.cursor_highlight_chosen.connect(self._presenter.highlight_cursor)
        self._menus.keys_asked.connect(self._show_keys)
        self._menus.about_asked.connect(lambda: show_about(self))
        self._menus.quit_asked.connect(self.close)

    def _on_engine_ready(self, device_line: str) -> None:
        self._device.setText(device_line)
        for page in self._pages.values():
            page.engine_ready()

    def _on_engine_failed(self, error: Exception) -> None:
        self._device.setText(_("The engine could not be loaded"))
        self.context.notify_error(error)

    def _change_appearance(self, appearance: Appearance) -> None:
        self.context.settings.change(appearance=appearance)
        apply_theme(cast("QApplication", QApplication.instance()), appearance)

    def _toggle_full_screen(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def _show_keys(self) -> None:
        from cnn_desktop.ui.presenting.key_sheet import KeySheet

        KeySheet(self.menuBar(), self.context.settings.settings.page, self).open()

    def _restore(self) -> None:
        settings = self.context.settings.settings
        self.resize(QSize(1440, 900).boundedTo(self.screen().availableSize()))
        self.restoreGeometry(QByteArray.fromBase64(settings.geometry.encode()))
        self.show_page(settings.page if settings.page in self._pages else Settings().page)

    def _remember(self) -> None:
        self._presenter.end()
        self.context.settings.change(geometry=self.saveGeometry().toBase64().toStdString())
        try:
            self.context.settings.save()
        except OSError as error:
            self.context.notify_error(error)

    def _may_close(self) -> bool:
        """Ask where work is under way, and save it; where that fails, the window stays to say so."""
        if not any(page.is_busy() for page in self._pages.values()):
            return True
        if self._asks and not self._may_stop():
            return False
        self._is_closing = True
        saved = [page.end_work() for page in self._pages.values()]
        self._is_closing = all(saved) or not self._asks
        return self._is_closing

    def _may_stop(self) -> bool:
        box = QMessageBox(self)
        box.setObjectName("closeQuestion")
        box.setWindowTitle(_("Training is running"))
        box.setText(_("Training is still running."))
        box.setInformativeText(_("Closing stops it after the current batch. What it has learnt is saved."))
        stop = box.addButton(_("Stop and close"), QMessageBox.ButtonRole.AcceptRole)
        keep = box.addButton(_("Keep training"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.exec()
        return box.clickedButton() is stop


def _open_runs_folder() -> None:
    runs_dir().mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(runs_dir())))
