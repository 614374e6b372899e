from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QSlider, QSpinBox
from pytestqt.qtbot import QtBot

from cnn_desktop.explain.maximisation import Rules, Unit, excitement, maximise
from cnn_desktop.ui.pages.inspect.subject import LayerCell, Subject
from cnn_desktop.ui.pages.inspect.units.panel import UnitsPanel
from cnn_desktop.ui.widgets.pixel_view import PixelView
from tests.ui.conftest import child
from tests.ui.inspected import digits_subject, plain_context
from tests.ui.trained_digits import trained_digits


@pytest.fixture
def subject(themed: QApplication) -> Subject:
    return digits_subject()


@pytest.fixture
def panel(qtbot: QtBot, subject: Subject) -> Iterator[UnitsPanel]:
    panel = UnitsPanel(plain_context(), subject)
    qtbot.addWidget(panel, before_close_func=lambda panel: panel.shutdown())
    panel.resize(900, 640)
    panel.show()
    yield panel
    panel.shutdown()


def shown(panel: UnitsPanel) -> np.ndarray | None:
    image = child(panel, PixelView, "unitPicture").image
    if image is None:
        return None
    return np.array([[image.pixelColor(x, y).red() for x in range(image.width())] for y in range(image.height())])


def choose(panel: UnitsPanel, kind: str) -> None:
    picker = child(panel, QComboBox, "unitKind")
    picker.setCurrentIndex(picker.findData(kind))


def search(panel: UnitsPanel, qtbot: QtBot, steps: int = 48) -> None:
    child(panel, QSlider, "unitSteps").setValue(steps // 16)
    child(panel, QPushButton, "unitSearch").click()
    rival = child(panel, QLabel, "rivalExcitement")
    qtbot.waitUntil(lambda: rival.text() != "–", timeout=20_000)


def test_the_picture_of_a_class_is_that_of_the_engine_and_is_compared_with_the_dataset(
    panel: UnitsPanel, qtbot: QtBot
) -> None:
    choose(panel, "class")
    child(panel, QComboBox, "unitClass").setCurrentIndex(4)
    search(panel, qtbot)
    found = maximise(trained_digits(), Unit("", 4), Rules(48))
    assert np.array_equal(shown(panel), found.pixels[0])
    assert child(panel, QLabel, "reachedExcitement").text() == f"{found.excitement:.4g}"
    rival = float(child(panel, QLabel, "rivalExcitement").text())
    assert rival < found.excitement and "times as much" in child(panel, QLabel, "unitVerdict").text()


def test_the_chosen_map_is_the_channel_and_the_channel_the_chosen_map(
    panel: UnitsPanel, subject: Subject, qtbot: QtBot
) -> None:
    subject.set_cell(LayerCell(7, 2, 3))
    channel = child(panel, QSpinBox, "unitChannel")
    assert channel.value() == 7 and channel.maximum() == 31
    channel.setValue(5)
    assert subject.cell == LayerCell(5, 2, 3)
    search(panel, qtbot)
    pixels = shown(panel)
    assert pixels is not None
    measured = excitement(trained_digits(), Unit("conv1", 5), torch.from_numpy(pixels)[None, None].to(torch.uint8))
    assert child(panel, QLabel, "reachedExcitement").text() == f"{measured.item():.4g}"
    choose(panel, "cell")
    assert shown(panel) is None, "nothing was searched for this cell yet"
    choose(panel, "channel")
    assert np.array_equal(shown(panel), pixels), "what was found stays"


def test_pictures_appear_while_it_is_searched_and_a_search_can_be_cancelled(panel: UnitsPanel, qtbot: QtBot) -> None:
    choose(panel, "class")
    child(panel, QSlider, "unitSteps").setValue(64)
    button = child(panel, QPushButton, "unitSearch")
    button.click()
    assert button.text() == "Cancel"
    qtbot.waitUntil(lambda: shown(panel) is not None, timeout=20_000)
    assert "of 1024" in child(panel, QLabel, "unitLine").text()
    button.click()
    assert button.text() == "Search" and not panel._searching.is_running
    assert child(panel, QLabel, "reachedExcitement").text() == "–"


def test_the_real_picture_can_be_looked_at(panel: UnitsPanel, subject: Subject, qtbot: QtBot) -> None:
    choose(panel, "class")
    search(panel, qtbot, 16)
    with qtbot.waitSignal(subject.picture_wanted) as wanted:
        child(panel, QPushButton, "lookAtRival").click()
    assert wanted.args is not None and wanted.args[0].name.endswith("class 0")


def test_the_picture_is_saved_as_it_is(panel: UnitsPanel, qtbot: QtBot, tmp_path: Path) -> None:
    assert not child(panel, QPushButton, "saveUnitPicture").isEnabled()
    search(panel, qtbot, 16)
    panel.save(tmp_path / "wanted.png")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "wanted.png")), shown(panel))
    said: list[str] = []
    panel.context.message_sent.connect(lambda text, _details: said.append(text))
    (tmp_path / "file").write_text("no folder")
    panel.save(tmp_path / "file" / "wanted.png")
    assert "could not be saved" in said[0]


def test_another_model_forgets_what_was_found(panel: UnitsPanel, subject: Subject, qtbot: QtBot) -> None:
    choose(panel, "class")
    search(panel, qtbot, 16)
    subject.set_model("other", trained_digits())
    assert shown(panel) is None and not panel._granted


def test_an_operation_that_can_not_be_excited_alone_is_said(
    panel: UnitsPanel, subject: Subject, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject.set_layer("nothing")
    child(panel, QPushButton, "unitSearch").click()
    view = child(panel, PixelView, "unitPicture")
    qtbot.waitUntil(lambda: "nothing" in view.text, timeout=10_000)
