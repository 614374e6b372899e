"""“Export model…”: the choice of a form and a place, the work in the background, the proof, and how pages open it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QUrl
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QLabel, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cnn_desktop.core.errors import ExportError
from cnn_desktop.core.progress import Progress
from cnn_desktop.core.settings import Settings
from cnn_desktop.models.weights import open_model
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.main_window import MainWindow
from cnn_desktop.ui.pages.models.export import ExportDialog, ExportSubject, dialog, work
from cnn_desktop.ui.widgets.sentence import Sentence
from tests.ui.conftest import child
from tests.ui.example_runs import example_model, example_run

WAIT = 60_000


@pytest.fixture
def context(tmp_path: Path) -> AppContext:
    return AppContext(SettingsStore(Settings(export_folder=str(tmp_path)), None))


@pytest.fixture
def opened(qtbot: QtBot, themed: QApplication, context: AppContext) -> Iterator[ExportDialog]:
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    model = example_model()
    made = ExportDialog(ExportSubject("ResNet/9 · 99.1 %", "", model), context, page)
    made.open()
    yield made
    if shiboken6.isValid(made):
        made.reject()


def said(shown: ExportDialog) -> str:
    parts = (child(shown, Sentence, "exportHeadline"), child(shown, Sentence, "exportStatus"))
    return "\n".join(part.text() for part in parts if part.isVisible())


def press(shown: ExportDialog, name: str) -> None:
    button = child(shown, QPushButton, name)
    assert button.isVisible() and button.isEnabled()
    button.click()


def test_a_name_that_nothing_has_is_proposed(tmp_path: Path) -> None:
    onnx, model_file, python = work.FORMS
    assert work.proposed_target(tmp_path, "ResNet/9 · 99.1 %", onnx) == tmp_path / "ResNet-9-99.1.onnx"
    (tmp_path / "ResNet-9-99.1.onnx").touch()
    assert work.proposed_target(tmp_path, "ResNet/9 · 99.1 %", onnx) == tmp_path / "ResNet-9-99.1-2.onnx"
    assert work.proposed_target(tmp_path, "···", model_file) == tmp_path / "model.cnnmodel"
    assert work.proposed_target(tmp_path, "Äpfel", python) == tmp_path / "Äpfel-python"


def test_the_form_decides_about_the_place_and_the_option(opened: ExportDialog, tmp_path: Path) -> None:
    place, option = child(opened, QLabel, "exportTarget"), child(opened, QCheckBox, "exportPreprocessing")
    assert place.text() == str(tmp_path / "ResNet-9-99.1.onnx")
    option.setChecked(True)
    assert opened.forms.with_preprocessing
    opened.forms.choose("safetensors")
    assert place.text() == str(tmp_path / "ResNet-9-99.1.cnnmodel")
    assert not option.isEnabled()
    assert not opened.forms.with_preprocessing
    opened.forms.choose("python")
    assert place.text() == str(tmp_path / "ResNet-9-99.1-python")


def test_another_place_is_asked_for_and_remembered(
    opened: ExportDialog, context: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(folder / "mine"), ""))
    press(opened, "exportChooseTarget")
    assert child(opened, QLabel, "exportTarget").text() == str(folder / "mine.onnx")
    assert context.settings.settings.export_folder == str(folder)


def test_it_exports_shows_the_proof_and_opens_the_folder(
    opened: ExportDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.forms.choose("safetensors")
    press(opened, "exportStart")
    qtbot.waitUntil(lambda: "Saved as ResNet-9-99.1.cnnmodel" in said(opened), timeout=WAIT)
    assert "on 16 pictures, by torch" in said(opened)
    assert opened.outcome.proof.isVisible()
    assert opened.outcome.proof.facts == (("Network", "0"), ("Allowed", "0.0001"))
    assert open_model(str(tmp_path / "ResNet-9-99.1.cnnmodel")).title == "Example 0"
    places: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", places.append)
    press(opened, "exportOpenFolder")
    assert [url.toLocalFile() for url in places] == [str(tmp_path)]


def test_while_it_works_there_is_progress_and_a_way_out(
    opened: ExportDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end, ended = threading.Event(), threading.Event()

    def endless(_order: work.ExportOrder, progress: Progress) -> None:
        try:
            progress(0, 100)
            while not may_end.wait(0.01):
                progress(75, 100)
        finally:
            ended.set()

    monkeypatch.setattr(dialog, "export", endless)
    press(opened, "exportStart")
    bar = child(opened, QProgressBar, "exportProgress")
    qtbot.waitUntil(lambda: bar.isVisible() and bar.value() == 75, timeout=WAIT)
    assert "Comparing" in said(opened)
    assert not child(opened, QPushButton, "exportStart").isEnabled()
    assert child(opened, QPushButton, "exportClose").text() == "Cancel"
    press(opened, "exportClose")
    assert "Cancelled; nothing was written." in said(opened)
    assert not bar.isVisible()
    assert opened.isVisible()
    assert ended.wait(10)


def test_closing_ends_the_work(opened: ExportDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    def endless(_order: work.ExportOrder, progress: Progress) -> None:
        try:
            while not ended.wait(0.01):
                progress(0, 0)
        finally:
            ended.set()

    monkeypatch.setattr(dialog, "export", endless)
    press(opened, "exportStart")
    opened.reject()
    assert ended.wait(10)


def test_what_fails_is_said_in_a_sentence(opened: ExportDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_order: work.ExportOrder, progress: Progress) -> None:
        raise ExportError("The export failed, for it answers something else.")

    monkeypatch.setattr(dialog, "export", failing)
    press(opened, "exportStart")
    qtbot.waitUntil(lambda: "answers something else" in said(opened), timeout=WAIT)
    assert child(opened, Sentence, "exportStatus").property("role") == "error"
    assert not child(opened, QPushButton, "exportOpenFolder").isVisible()
    assert child(opened, QPushButton, "exportStart").isEnabled()


def shown_dialog(window: MainWindow) -> ExportDialog | None:
    return next((made for made in window.findChildren(ExportDialog) if made.isVisible()), None)


@pytest.mark.parametrize("page", ["Predict", "Evaluate", "Inspect"])
def test_pages_with_a_model_export_it(page: str, window: MainWindow, qtbot: QtBot) -> None:
    run = example_run()
    window.show_page(page, str(run))
    action = next(action for action in window.findChildren(QAction, "exportModel") if action.isVisible())
    qtbot.waitUntil(action.isEnabled, timeout=WAIT)
    action.trigger()
    made = shown_dialog(window)
    assert made is not None
    assert "Example-1" in child(made, QLabel, "exportTarget").text()
    made.reject()


def test_a_run_is_exported_from_its_page(window: MainWindow, qtbot: QtBot) -> None:
    example_run()
    window.show_page("Runs")
    (action,) = window.findChildren(QAction, "exportRunModel")
    qtbot.waitUntil(action.isEnabled, timeout=WAIT)
    action.trigger()
    made = shown_dialog(window)
    assert made is not None
    made.forms.choose("safetensors")
    target = Path(child(made, QLabel, "exportTarget").text())
    press(made, "exportStart")
    qtbot.waitUntil(lambda: "Saved as" in said(made), timeout=WAIT)
    assert open_model(str(target)).title == "Example 1"
    made.reject()
