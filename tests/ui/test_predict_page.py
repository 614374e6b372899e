import csv
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QLabel,
    QListView,
    QPushButton,
    QSlider,
    QTableView,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cnn_desktop.core.errors import DownloadError
from cnn_desktop.core.progress import Progress
from cnn_desktop.core.settings import Settings
from cnn_desktop.models.architecture import architectures
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import save_model
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.models.weights_panel import WeightsPanel
from cnn_desktop.ui.pages.predict import PredictPage
from cnn_desktop.ui.pages.predict.history import HistoryCard
from cnn_desktop.ui.pages.predict.many import ManyPanel
from cnn_desktop.ui.widgets.drop_zone import DropZone
from tests.ui.conftest import child
from tests.ui.example_runs import example_model, example_run
from tests.ui.test_predict_widgets import drop, files

WAIT = 30_000
TIP = Qt.ItemDataRole.ToolTipRole


Make = Callable[[], "Predict"]


class Predict:
    """The page as somebody outside sees it: by object names only."""

    def __init__(self, page: PredictPage, qtbot: QtBot) -> None:
        self.page, self._qtbot = page, qtbot
        self.picker = page.findChild(QComboBox, "modelPicker")
        self.table = page.findChild(QTableView, "predictionTable")
        self.panel = page.findChild(WeightsPanel, "weightsPanel")
        self.message = page.findChild(QLabel, "emptyMessage")
        self.caption = page.findChild(QLabel, "pictureCaption")

    def rows(self) -> list[tuple[str, str]]:
        model = self.table.model()
        return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]

    def drop(self, *paths: Path) -> None:
        drop(self.page.zone, files(*paths))

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=WAIT)

    def until_answer(self) -> list[tuple[str, str]]:
        self.until(lambda: self.table.isVisible() and self.table.model().rowCount() > 0)
        return self.rows()

    def until_caption(self, text: str) -> None:
        self.until(lambda: self.caption.text() == text)

    def until_said(self, part: str) -> None:
        self.until(lambda: self.message.isVisible() and part in self.message.text())

    def choose(self, ref: str) -> None:
        self.until(lambda: self.picker.findData(ref) >= 0)
        self.picker.setCurrentIndex(self.picker.findData(ref))


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:
    pages: list[PredictPage] = []

    def make_page() -> Predict:
        page = PredictPage(AppContext(SettingsStore(Settings(), None)))
        qtbot.addWidget(page)
        page.resize(1000, 700)
        page.show()
        page.engine_ready()
        pages.append(page)
        return Predict(page, qtbot)

    yield make_page
    for page in pages:
        page.shutdown()


@pytest.fixture
def png(tmp_path: Path) -> Path:
    path = tmp_path / "three.png"
    Image.effect_noise((30, 20), 90).save(path)
    return path


def test_the_newest_run_is_ready_and_a_dropped_picture_is_answered_with_ten_classes(make: Make, png: Path) -> None:
    folder = example_run()
    predict = make()
    predict.until_said("Drop a picture")
    assert predict.picker.currentData() == str(folder)
    predict.drop(png)
    rows = predict.until_answer()
    assert len(rows) == 10
    assert sorted(name for name, _share in rows) == [str(digit) for digit in range(10)]
    shares = [float(share.removesuffix(" %")) for _name, share in rows]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(100, abs=0.6)
    predict.until_caption("three.png · 30 × 20")
    assert "ms from drop to answer" in predict.page.findChild(QLabel, "answerTime").text()


def test_a_picture_dropped_before_the_engine_is_there_is_answered_later(qtbot: QtBot, png: Path) -> None:
    example_run()
    page = PredictPage(AppContext(SettingsStore(Settings(), None)))
    qtbot.addWidget(page)
    page.show()
    predict = Predict(page, qtbot)
    predict.drop(png)
    page.engine_ready()
    assert len(predict.until_answer()) == 10
    page.shutdown()


def test_a_bad_file_is_one_sentence_and_the_last_answer_goes(make: Make, png: Path, tmp_path: Path) -> None:
    example_run()
    predict = make()
    predict.drop(png)
    predict.until_answer()
    broken = tmp_path / "broken.png"
    broken.write_bytes(png.read_bytes()[:50])
    predict.drop(broken)
    predict.until_said("broken.png")
    assert predict.rows() == []
    assert predict.page.zone.picture is None
    assert not predict.table.isVisible()
    predict.drop(png)
    predict.until_answer()


def test_several_files_become_a_table_of_which_one_is_shown_alone(make: Make, tmp_path: Path, png: Path) -> None:
    example_run()
    predict = make()
    predict.until_said("Drop a picture")
    other = tmp_path / "wide.png"
    Image.new("RGB", (40, 10), "white").save(other)
    (tmp_path / "bad.png").write_bytes(b"no picture")
    predict.drop(png, tmp_path / "bad.png", other)
    many = child(predict.page, ManyPanel, "manyPanel")
    table = child(many, QTableView, "answersTable")
    predict.until(lambda: many.isVisible() and not many.is_running and table.model().rowCount() == 3)
    many.picture_asked.emit(other)
    predict.until_caption("wide.png · 40 × 10")
    assert len(predict.until_answer()) == 10
    child(predict.page, QPushButton, "backToMany").click()
    assert many.isVisible()
    predict.page.zone.paths_given.emit([png])
    predict.until_caption("three.png · 30 × 20")
    assert not child(predict.page, QPushButton, "backToMany").isVisible()


def test_a_folder_dropped_before_the_model_is_there_is_answered_later(make: Make, png: Path) -> None:
    predict = make()
    predict.until_said("no trained model yet")
    (png.parent / "deeper").mkdir()
    Image.new("L", (5, 5)).save(png.parent / "deeper" / "a second.png")
    predict.drop(png.parent)
    example_run()
    predict.page.context.runs_changed.emit()
    many = child(predict.page, ManyPanel, "manyPanel")
    table = child(many, QTableView, "answersTable")
    predict.until(lambda: many.isVisible() and table.model().rowCount() == 2)


def test_a_pasted_picture_is_answered(make: Make) -> None:
    example_run()
    predict = make()
    image = QImage(9, 7, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    QGuiApplication.clipboard().setImage(image)
    (action,) = predict.page.menu_actions()["edit"]
    action.trigger()
    predict.until_answer()
    predict.until_caption("Pasted picture · 9 × 7")


def test_an_answer_to_an_older_picture_is_dropped(make: Make, png: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example_run()
    predict = make()
    predict.until_said("Drop a picture")
    from cnn_desktop.data import decoding

    held, real = threading.Event(), decoding.open_picture

    def open_slowly(path: Path) -> decoding.OpenedPicture:
        if path.name == "slow.png":
            held.wait(WAIT / 1000)
        return real(path)

    monkeypatch.setattr(decoding, "open_picture", open_slowly)
    slow = png.with_name("slow.png")
    slow.write_bytes(png.read_bytes())
    predict.drop(slow)
    predict.until(lambda: any(thread.name == "job answer" for thread in threading.enumerate()))
    predict.drop(png)
    predict.until_answer()
    held.set()
    predict.until(lambda: not any(thread.name == "job answer" for thread in threading.enumerate()))
    for _turn in range(3):
        QGuiApplication.processEvents()
    predict.until_caption("three.png · 30 × 20")


def test_another_model_answers_the_same_picture_anew(make: Make, png: Path) -> None:
    first, second = example_run(1), example_run(2)
    predict = make()
    predict.choose(str(first))
    predict.drop(png)
    before = predict.until_answer()
    predict.choose(str(second))
    predict.until(lambda: predict.table.isVisible() and predict.rows() not in ([], before))
    assert len(predict.rows()) == 10


def test_few_classes_are_all_shown(make: Make, png: Path) -> None:
    example_run(model=example_model(classes=3))
    predict = make()
    predict.drop(png)
    assert len(predict.until_answer()) == 3
    assert "All 3 classes" in [label.text() for label in predict.page.findChildren(QLabel)]


def test_a_model_file_is_opened_and_listed(make: Make, tmp_path: Path, png: Path) -> None:
    save_model(example_model(), tmp_path / "mine.cnnmodel")
    predict = make()
    predict.page.open_model(str(tmp_path / "mine.cnnmodel"))
    predict.until_said("Drop a picture")
    assert predict.picker.currentText() == "mine.cnnmodel"
    assert predict.picker.currentData() == str(tmp_path / "mine.cnnmodel")
    predict.drop(png)
    predict.until_answer()


def test_a_damaged_model_file_is_one_sentence(make: Make, tmp_path: Path) -> None:
    (tmp_path / "bad.cnnmodel").write_bytes(b"nothing")
    predict = make()
    predict.page.open_model(str(tmp_path / "bad.cnnmodel"))
    predict.until_said("bad.cnnmodel")
    assert "Traceback" not in predict.message.text()


def test_without_a_model_the_page_offers_to_train_one(make: Make, qtbot: QtBot) -> None:
    predict = make()
    predict.until_said("no trained model yet")
    button = next(b for b in predict.page.findChildren(QPushButton) if b.text() == "Train one")
    with qtbot.waitSignal(predict.page.context.page_asked) as asked:
        button.click()
    assert asked.args is not None
    assert asked.args[0] == "Train"
    example_run()
    predict.page.context.runs_changed.emit()
    predict.until_said("Drop a picture")


def test_pretrained_networks_are_listed_by_name(make: Make) -> None:
    predict = make()
    predict.until(lambda: predict.picker.count() > 0)
    published = {name for name in architectures if architectures[name].pretrained() is not None}
    assert {"vgg16", "mobilenet_v2", "resnet18"} <= published
    assert published <= {predict.picker.itemData(row) for row in range(predict.picker.count())}


def test_a_download_is_asked_for_shown_and_cancelled(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    predict = make()
    predict.choose("vgg16")
    predict.until(predict.panel.isVisible)
    assert "553 MB" in predict.panel.text()
    assert "hub/checkpoints" in predict.panel.text()
    go_on = threading.Event()

    def download(ref: str, weights: Path | None, progress: Progress) -> Model:
        for megabytes in range(1, 554):
            progress(megabytes * 1_000_000, 553_000_000)
            go_on.wait(0.05)
        raise AssertionError("nobody cancelled")

    monkeypatch.setattr("cnn_desktop.models.weights.open_model", download)
    predict.page.findChild(QPushButton, "weightsDownloadButton").click()
    predict.until(lambda: "of 553 MB" in predict.panel.text())
    assert not predict.table.isVisible()
    predict.page.findChild(QPushButton, "weightsCancelButton").click()
    predict.until(lambda: "Cancelled" in predict.panel.text())
    predict.until(lambda: not any(thread.name == "job open_now" for thread in threading.enumerate()))


def test_a_failed_download_says_why_and_offers_both_ways_again(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(ref: str, weights: Path | None, progress: Progress) -> Model:
        raise DownloadError("The server can't be reached: put vgg16.pth into the folder.")

    predict = make()
    predict.choose("vgg16")
    predict.until(predict.panel.isVisible)
    monkeypatch.setattr("cnn_desktop.models.weights.open_model", fail)
    predict.page.findChild(QPushButton, "weightsDownloadButton").click()
    predict.until(lambda: "can't be reached" in predict.panel.text())
    assert predict.page.findChild(QPushButton, "weightsDownloadButton").isVisible()


def test_weights_that_do_not_fit_are_refused_in_a_sentence(make: Make, tmp_path: Path) -> None:
    predict = make()
    predict.choose("mobilenet_v2")
    predict.until(predict.panel.isVisible)
    bad = tmp_path / "weights.pth"
    bad.write_bytes(b"no weights")
    predict.page.load_weights(bad)
    predict.until_said("weights.pth")


@pytest.mark.data
def test_weights_from_a_file_make_a_pretrained_network_answer(make: Make, test_data: Path) -> None:
    predict = make()
    predict.choose("mobilenet_v2")
    predict.until(predict.panel.isVisible)
    predict.page.load_weights(test_data / "models" / "mobilenet_v2-imagenet-dequant.pth")
    predict.until_said("Drop a picture")
    assert not predict.panel.isVisible()
    predict.drop(test_data / "imagenet_samples" / "n02391049_zebra.JPEG")
    assert predict.until_answer()[0][0] == "zebra"


def test_the_page_is_built_without_torch() -> None:
    code = "import sys, cnn_desktop.ui.pages.predict, cnn_desktop.ui.pages.inspect; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_page_that_nobody_sees_opens_no_model(qtbot: QtBot, png: Path) -> None:
    folder = example_run()
    page = PredictPage(AppContext(SettingsStore(Settings(), None)))
    qtbot.addWidget(page)
    page.engine_ready()
    predict = Predict(page, qtbot)
    predict.until(lambda: predict.picker.findData(str(folder)) >= 0)
    assert predict.picker.currentIndex() == -1
    page.show()
    assert predict.picker.currentData() == str(folder)
    predict.drop(png)
    predict.until_answer()
    page.shutdown()


def test_a_run_that_has_just_ended_can_be_opened_at_once(make: Make) -> None:
    example_run(1)
    predict = make()
    predict.until_said("Drop a picture")
    folder = example_run(2)
    predict.page.open_model(str(folder))
    predict.until(lambda: predict.picker.currentData() == str(folder))
    predict.until_said("Drop a picture")
    predict.page.context.runs_changed.emit()
    predict.until(lambda: predict.picker.count() > 0)
    rows = [predict.picker.itemData(row) for row in range(predict.picker.count())]
    assert rows.count(str(folder)) == 1


def digit_on_paper(path: Path) -> Path:
    """A 7, dark on light."""
    picture = Image.new("L", (80, 80), 230)
    picture.paste(20, (25, 15, 55, 22))
    picture.paste(20, (46, 15, 55, 65))
    picture.save(path)
    return path


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    return digit_on_paper(tmp_path / "seven.png")


def digits_model() -> Model:
    model = example_model()
    model.figures["dataset"] = "mnist"
    return model


def test_two_more_models_answer_beside_the_first(make: Make, png: Path) -> None:
    first, second = example_run(1), example_run(2)
    predict = make()
    predict.until_said("Drop a picture")
    predict.drop(png)
    rows = predict.until_answer()
    compare = child(predict.page, QPushButton, "compareButton")
    compare.click()
    other = child(predict.page, QTableView, "compareTable1")
    predict.until(lambda: other.isVisible() and other.model().rowCount() == 10)
    picker = child(predict.page, QComboBox, "comparePicker1")
    assert {predict.picker.currentData(), picker.currentData()} == {str(first), str(second)}
    assert predict.rows() == rows
    assert [other.model().index(row, 0).data() for row in range(10)] != [name for name, _share in rows]
    compare.click()
    assert not compare.isEnabled()
    third = child(predict.page, QComboBox, "comparePicker2")
    predict.until(lambda: third.findData(str(first)) >= 0)
    assert third.currentIndex() == -1  # every model on this machine is asked already
    third.setCurrentIndex(third.findData(str(first)))
    last = child(predict.page, QTableView, "compareTable2")
    predict.until(lambda: last.isVisible() and last.model().rowCount() == 10)
    child(predict.page, QToolButton, "closeCompare1").click()
    assert compare.isEnabled()
    again = png.with_name("again.png")
    again.write_bytes(png.read_bytes())
    predict.drop(again)
    predict.until_caption("again.png · 30 × 20")
    predict.until(lambda: last.isVisible() and last.model().rowCount() == 10)


def test_a_click_on_a_class_shows_where_the_model_looked(make: Make, png: Path) -> None:
    example_run()
    predict = make()
    predict.until_said("Drop a picture")
    predict.drop(png)
    rows = predict.until_answer()
    predict.until_caption("three.png · 30 × 20")
    assert predict.page.zone.overlay is None
    switch = child(predict.page, QPushButton, "whereItLooked")
    words = child(predict.page, QLabel, "lookWords")
    predict.table.selectRow(2)
    predict.until(lambda: f"{rows[2][0]} · Grad-CAM at" in words.text())
    assert switch.isChecked()
    assert predict.page.zone.overlay is not None
    other = png.with_name("other.png")
    Image.effect_noise((40, 40), 90).save(other)
    predict.drop(other)
    predict.until_caption("other.png · 40 × 40")
    predict.until(lambda: f"{predict.rows()[0][0]} · Grad-CAM at" in words.text())
    predict.until(lambda: predict.page.zone.overlay is not None)
    switch.click()
    assert predict.page.zone.overlay is None
    assert words.text() == ""


def test_where_the_model_looked_is_asked_by_another_method_too(make: Make, png: Path) -> None:
    example_run()
    predict = make()
    predict.page.resize(1200, 800)
    predict.drop(png)
    predict.until_answer()
    predict.until_caption("three.png · 30 × 20")
    child(predict.page, QPushButton, "whereItLooked").click()
    method, words = child(predict.page, QPushButton, "lookMethod"), child(predict.page, QLabel, "lookWords")
    predict.until(lambda: "Grad-CAM at" in words.text())
    assert method.text() == "Grad-CAM"
    by_grad_cam = predict.page.zone.overlay
    next(action for action in method.menu().actions() if action.data() == "integrated_gradients").trigger()
    predict.until(lambda: "Integrated gradients adds up to" in words.text())
    assert method.text() == "Integrated gradients" and predict.page.zone.overlay is not by_grad_cam


def test_the_best_class_of_a_new_model_is_explained_and_not_the_old_one(make: Make, png: Path) -> None:
    first, second = example_run(1), example_run(2)
    predict = make()
    predict.choose(str(first))
    predict.drop(png)
    predict.until_answer()
    predict.until_caption("three.png · 30 × 20")
    child(predict.page, QPushButton, "whereItLooked").click()
    predict.until(lambda: predict.page.zone.overlay is not None)
    predict.choose(str(second))
    assert predict.page.zone.overlay is None
    predict.until(lambda: predict.page.zone.overlay is not None)
    assert child(predict.page, QLabel, "lookWords").text().startswith(predict.rows()[0][0])


def test_an_answer_below_the_threshold_is_unsure_everywhere_and_the_threshold_is_kept(make: Make, png: Path) -> None:
    example_run()
    predict = make()
    predict.until_said("Drop a picture")
    predict.drop(png)
    predict.until_answer()
    predict.until_caption("three.png · 30 × 20")
    strip = child(predict.page, QListView, "historyStrip")
    mark = child(predict.page, QLabel, "unsureMark")
    slider = child(predict.page, QSlider, "unsureBelow")
    predict.until(lambda: strip.model().rowCount() == 1)
    slider.setValue(99)
    assert mark.isVisible()
    assert strip.model().index(0, 0).data().startswith("unsure")
    assert predict.page.context.settings.settings.unsure_below == pytest.approx(0.99)
    slider.setValue(0)
    assert not mark.isVisible()
    assert strip.model().index(0, 0).data().startswith(predict.rows()[0][0])
    slider.setValue(70)
    again = PredictPage(predict.page.context)
    assert child(again, QSlider, "unsureBelow").value() == 70
    again.shutdown()
    again.deleteLater()


def test_a_negative_is_offered_taken_and_undone(make: Make, paper: Path) -> None:
    example_run(model=digits_model())
    predict = make()
    predict.until_said("Drop a picture")
    predict.drop(paper)
    dark = predict.until_answer()
    banner = child(predict.page, QWidget, "polarityBanner")
    predict.until(banner.isVisible)
    assert "dark on light" in child(banner, QLabel, "polarityBannerMessage").text()
    child(banner, QPushButton, "invertPicture").click()
    predict.until_caption("seven.png, inverted · 80 × 80")
    predict.until(lambda: predict.rows() not in ([], dark))
    assert "inverted, and its ground evened" in child(banner, QLabel, "polarityBannerMessage").text()
    picture = predict.page.zone.picture
    assert picture is not None and picture.pixelColor(0, 0).red() == 0
    child(banner, QPushButton, "asItWas").click()
    predict.until_caption("seven.png · 80 × 80")
    predict.until(lambda: predict.rows() == dark)


def test_once_accepted_for_a_model_negatives_are_not_asked_about_again(make: Make, paper: Path) -> None:
    example_run(model=digits_model())
    predict = make()
    predict.until_said("Drop a picture")
    predict.drop(paper)
    banner = child(predict.page, QWidget, "polarityBanner")
    predict.until(banner.isVisible)
    child(banner, QPushButton, "alwaysInvert").click()
    predict.until_caption("seven.png, inverted · 80 × 80")
    predict.drop(digit_on_paper(paper.with_name("another.png")))
    predict.until_caption("another.png, inverted · 80 × 80")


def test_the_history_keeps_pictures_brings_them_back_and_is_written(make: Make, png: Path, tmp_path: Path) -> None:
    example_run()
    predict = make()
    predict.until_said("Drop a picture")
    strip = child(predict.page, QListView, "historyStrip")
    assert not strip.isVisible()
    wide = tmp_path / "wide.png"
    Image.effect_noise((40, 10), 90).save(wide)
    answers = []
    for count, path in enumerate((png, wide), 1):
        predict.drop(path)
        predict.until(lambda count=count: strip.model().rowCount() == count)
        answers.append(predict.rows())
    assert strip.isVisible()
    older = strip.model().index(1, 0)
    strip.clicked.emit(older)
    predict.until_caption("three.png · 30 × 20")
    assert predict.rows() == answers[0]
    assert strip.model().rowCount() == 2
    next_picture = predict.page.menu_actions()["view"][1]
    next_picture.trigger()
    predict.until_caption("wide.png · 40 × 10")
    history = predict.page.findChild(HistoryCard)
    assert history is not None
    history.export(tmp_path / "table.csv")
    predict.until(lambda: "table.csv" in child(history, QLabel, "historySaid").text())
    rows = list(csv.DictReader((tmp_path / "table.csv").read_text("utf-8-sig").splitlines()))
    assert [row["image"] for row in rows] == [str(wide), str(png)]
    assert rows[1]["class 1"] == answers[0][0][0]
    history.export(tmp_path / "table.json")
    predict.until((tmp_path / "table.json").is_file)
    kept = json.loads((tmp_path / "table.json").read_text())
    assert [len(entry["top"]) for entry in kept] == [10, 10]
    child(history, QPushButton, "clearHistory").click()
    assert not strip.isVisible()
    assert predict.table.isVisible()


def test_a_table_that_cannot_be_written_is_said(make: Make, png: Path, qtbot: QtBot) -> None:
    example_run()
    predict = make()
    predict.drop(png)
    strip = child(predict.page, QListView, "historyStrip")
    predict.until(lambda: strip.model().rowCount() == 1)
    history = predict.page.findChild(HistoryCard)
    assert history is not None
    with qtbot.waitSignal(predict.page.context.message_sent) as sent:
        history.export(png / "no folder.csv")
    assert sent.args is not None
    assert "can't be written" in sent.args[0]


def test_a_dropped_model_file_is_chosen(make: Make, tmp_path: Path, png: Path) -> None:
    save_model(example_model(), tmp_path / "mine.cnnmodel")
    predict = make()
    predict.until(lambda: predict.picker.count() > 0)
    predict.drop(tmp_path / "mine.cnnmodel")
    predict.until(lambda: predict.picker.currentData() == str(tmp_path / "mine.cnnmodel"))
    predict.until_said("Drop a picture")


def test_files_may_fall_anywhere_on_the_page(make: Make, png: Path) -> None:
    example_run()
    predict = make()
    predict.until_said("Drop a picture")
    drop(predict.page, files(png))
    predict.until_caption("three.png · 30 × 20")


def test_the_precision_and_the_time_are_shown(make: Make, png: Path) -> None:
    example_run()
    predict = make()
    predict.drop(png)
    predict.until_answer()
    cost = child(predict.page, QLabel, "answerCost")
    assert " ms · " in cost.text()
    assert any(name in cost.text() for name in ("fp32", "bf16", "fp16"))
    assert cost.toolTip()


def test_the_same_file_given_again_is_remembered_once_and_first(make: Make, png: Path) -> None:
    example_run()
    predict = make()
    other = png.with_name("other.png")
    Image.effect_noise((40, 40), 90).save(other)
    strip = child(predict.page, QListView, "historyStrip")
    for path, caption in ((png, "three.png · 30 × 20"), (other, "other.png · 40 × 40"), (png, "three.png · 30 × 20")):
        predict.drop(path)
        predict.until_caption(caption)
        predict.until(lambda path=path: strip.model().rowCount() and str(path) in strip.model().index(0, 0).data(TIP))
    assert strip.model().rowCount() == 2


def test_a_model_whose_file_has_changed_answers_anew(make: Make, png: Path) -> None:
    folder = example_run()
    predict = make()
    predict.until_said("Drop a picture")
    predict.drop(png)
    before = predict.until_answer()
    save_model(example_model(7), folder / "model.cnnmodel")
    predict.page.context.model_changed.emit("another")
    assert predict.rows() == before
    predict.page.context.model_changed.emit(str(folder))
    predict.until(lambda: predict.rows() not in ([], before))


def test_the_picture_is_taken_along_to_the_inspect_page(make: Make, png: Path) -> None:
    folder = example_run()
    predict = make()
    predict.until_said("Drop a picture")
    predict.drop(png)
    predict.until_answer()
    action = next(a for a in predict.page.menu_actions()["view"] if a.text().startswith("Look inside"))
    asked: list[tuple[object, ...]] = []
    predict.page.context.inspection_asked.connect(lambda ref, given: asked.append((ref, given.path)))
    predict.page.context.page_asked.connect(lambda *page: asked.append(page))
    action.trigger()
    assert asked == [(str(folder), png), ("Inspect", "")]


def test_a_video_is_watched_until_the_page_is_left(make: Make, tmp_path: Path) -> None:
    example_run()
    predict = make()
    predict.until_said("Drop a picture")
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"no video")
    predict.drop(clip)
    live = child(predict.page, QWidget, "livePanel")
    predict.until(live.isVisible)
    assert not child(predict.page, QPushButton, "compareButton").isEnabled()
    predict.page.hide()
    predict.page.show()
    assert not live.isVisible()
    assert child(predict.page, QPushButton, "compareButton").isEnabled()


def test_everything_that_can_be_used_has_a_name_to_be_heard(make: Make, png: Path) -> None:
    example_run(1)
    example_run(2)
    predict = make()
    predict.until_said("Drop a picture")
    predict.drop(png)
    predict.until_answer()
    child(predict.page, QPushButton, "compareButton").click()
    predict.until(child(predict.page, QTableView, "compareTable1").isVisible)
    predict.until(child(predict.page, QListView, "historyStrip").isVisible)
    kinds = (QAbstractButton, QComboBox, QAbstractSlider, QAbstractItemView, DropZone)
    used = [it for kind in kinds for it in predict.page.findChildren(kind) if it.isVisible() and _is_reached(it)]
    assert len(used) > 12
    assert [widget.objectName() for widget in used if not widget.accessibleName()] == []


def _is_reached(widget: QWidget) -> bool:
    """Whether a person can go there by keys; scroll bars and headers belong to what they are in."""
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus
