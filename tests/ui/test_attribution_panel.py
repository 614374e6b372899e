import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QSlider
from pytestqt.qtbot import QtBot
from torch import nn
from typing_extensions import override

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.explain.attribution import METHODS, Attribution, Method, Question
from cnn_desktop.explain.attribution.method import shares
from cnn_desktop.models.model import Model
from cnn_desktop.ui.pages.inspect.attribution.panel import AttributionPanel
from cnn_desktop.ui.pages.inspect.looking import look
from cnn_desktop.ui.pages.inspect.model_dataset import given_picture, open_model_dataset
from cnn_desktop.ui.pages.inspect.subject import Subject
from cnn_desktop.ui.widgets.line_chart import LineChart
from tests.ui.conftest import child
from tests.ui.inspected import digits_subject, plain_context
from tests.ui.trained_digits import trained_digits

WAIT = 30_000


class Planted(Method):
    """Marks the picture's edges, whatever the model is."""

    name = title = "planted"
    summary, paper = "Edges.", "Nobody, 2026"

    @override
    def explain(self, question: Question, progress: Progress = no_progress) -> Attribution:
        values = np.hypot(*np.gradient(question.batch[0].mean(0).numpy()))
        return Attribution(shares(values), values)


class Endless(Planted):
    """Goes on until it is stopped."""

    name = title = "endless"
    stopped = threading.Event()

    @override
    def explain(self, question: Question, progress: Progress = no_progress) -> Attribution:
        self.stopped.clear()
        try:
            while True:
                progress(1, 2)
        finally:
            self.stopped.set()


class Looking:
    """The tab as somebody outside sees it."""

    def __init__(self, panel: AttributionPanel, qtbot: QtBot) -> None:
        self.panel, self._qtbot = panel, qtbot
        self.methods = child(panel, QComboBox, "attributionMethod")
        self.classes = child(panel, QComboBox, "attributionClass")
        self.words = child(panel, QLabel, "attributionWords")
        self.view = panel.look.view
        self.check = child(panel, QAbstractButton, "checkExplanation")

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=WAIT)

    def choose_method(self, name: str) -> None:
        self.methods.setCurrentIndex(self.methods.findData(name))
        self.until(lambda: not self.panel.look.busy.isVisible())

    def choose_class(self, index: int) -> None:
        self.classes.setCurrentIndex(self.classes.findData(str(index)))
        self.until(lambda: not self.panel.look.busy.isVisible())

    def check_it(self) -> None:
        self.check.click()
        assert not self.check.isEnabled()
        self.until(self.check.isEnabled)


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> None:
    for method in (Planted(), Endless()):
        monkeypatch.setitem(METHODS, method.name, method)


@pytest.fixture
def subject() -> Subject:
    return digits_subject()


@pytest.fixture
def looking(qtbot: QtBot, themed: object, planted: None, subject: Subject) -> Iterator[Looking]:
    panel = AttributionPanel(plain_context(), subject)
    qtbot.addWidget(panel)
    panel.resize(800, 640)
    assert panel.look.view.overlay is None  # hidden tabs cost nothing
    panel.show()
    seen = Looking(panel, qtbot)
    seen.until(lambda: panel.look.view.overlay is not None)
    yield seen
    panel.shutdown()


def question(subject: Subject, class_index: int) -> Question:
    assert subject.model is not None and subject.picture is not None
    pixels = torch.from_numpy(subject.picture.opened.pixels(subject.model.preprocessing).copy())[None]
    return Question.about(subject.model, pixels, class_index)


def test_the_best_class_is_explained_at_first(looking: Looking, subject: Subject) -> None:
    asked = question(subject, 0)
    probabilities = asked.probabilities(asked.batch)[0]
    best = int(probabilities.argmax())
    assert looking.classes.currentData() == str(best)
    assert looking.classes.currentText().startswith(f"{best} · ")
    assert sorted(int(looking.classes.itemData(row)) for row in range(10)) == list(range(10))
    assert looking.methods.currentData() == "grad_cam"
    assert looking.words.text().startswith(f"{best} · ") and "at relu1, 6 × 6" in looking.words.text()
    assert looking.panel.look.original.image is not None


def test_what_is_drawn_is_what_the_method_found(looking: Looking, subject: Subject) -> None:
    looking.choose_method("saliency")
    looking.choose_class(3)
    expected = METHODS["saliency"].explain(question(subject, 3)).map
    overlay = looking.view.overlay
    assert overlay is not None and (overlay.height(), overlay.width()) == expected.shape
    opaque = np.array([[overlay.pixelColor(x, y).alpha() for x in range(8)] for y in range(8)])
    np.testing.assert_allclose(opaque / opaque.max(), expected, atol=0.01)


def test_each_method_says_what_it_does(looking: Looking) -> None:
    for name in ("integrated_gradients", "occlusion", "smoothgrad"):
        looking.choose_method(name)
        assert METHODS[name].summary in looking.panel.look.about.text()
        assert METHODS[name].paper in looking.panel.look.about.text()
        assert looking.view.overlay is not None


def test_strength_changes_only_how_it_is_drawn(looking: Looking) -> None:
    overlay = looking.view.overlay
    slider = child(looking.panel, QSlider, "attributionStrength")
    slider.setValue(0)
    bare = looking.view.grab().toImage()
    slider.setValue(100)
    assert looking.view.overlay is overlay
    assert looking.view.opacity == 1 and looking.view.grab().toImage() != bare


def test_a_check_tells_what_depends_on_the_model(looking: Looking) -> None:
    looking.check_it()
    check = looking.panel.check
    assert check.dependence.word == "depends on the model"
    assert [stage.title for stage in check.strip.stages] == ["as trained", "↓ dense2", "↓ dense1", "↓ conv1"]
    assert check.importance.word == "what is marked matters"
    points = child(looking.panel, LineChart, "randomisationChart").series("rank")
    assert [x for x, _y in points] == [0, 1, 2, 3] and points[0][1] == 1 and abs(points[3][1]) < 0.5
    removed = child(looking.panel, LineChart, "deletionChart").series("marked")
    assert removed[0][0] == 0 and removed[-1][0] == 1 and removed[0][1] > 0.9


def test_a_method_that_ignores_the_model_is_called_out(looking: Looking) -> None:
    looking.choose_method("planted")
    looking.check_it()
    check = looking.panel.check
    assert check.dependence.word == "doesn't depend on the model"
    assert "this explanation doesn't depend on the model" in check.dependence.sentence.text()
    looking.choose_method("grad_cam")
    assert not check.dependence.isVisible() and not check.strip.stages  # of another explanation nothing is known


def test_long_work_can_be_cancelled(looking: Looking) -> None:
    looking.methods.setCurrentIndex(looking.methods.findData("endless"))
    cancel = child(looking.panel, QAbstractButton, "attributionCancel")
    looking.until(cancel.isVisible)
    cancel.click()
    looking.until(Endless.stopped.is_set)
    assert "Cancelled" in looking.view.text and not looking.check.isEnabled()
    looking.choose_method("saliency")
    assert looking.view.overlay is not None


def test_a_check_can_be_cancelled(looking: Looking) -> None:
    looking.choose_method("occlusion")
    looking.check.click()
    child(looking.panel, QAbstractButton, "checkCancel").click()
    assert looking.check.isEnabled() and not looking.panel.check.busy.isVisible()


def test_another_picture_has_its_own_best_class_another_state_of_the_model_keeps_the_chosen_one(
    looking: Looking, subject: Subject
) -> None:
    looking.choose_method("saliency")
    looking.choose_class(3)
    before = looking.view.overlay
    state = trained_digits(swapped=(3, 4))
    given = subject.given
    assert given is not None
    subject.set_model("digits", state)
    seen = look(state, given)
    subject.set_picture(given, seen.picture, seen.recording)
    looking.until(lambda: looking.view.overlay not in (None, before))
    assert looking.classes.currentData() == "3"
    other = look(state, given_picture(open_model_dataset(state), "test", 2))
    subject.set_picture(other.given, other.picture, other.recording)
    best = str(int(other.recording.probabilities.argmax()))
    assert best != "3"
    looking.until(lambda: looking.classes.currentData() == best)


def test_where_a_method_does_not_fit_it_says_so(looking: Looking, subject: Subject) -> None:
    flat = nn.Sequential()
    flat.add_module("flatten", nn.Flatten())
    flat.add_module("dense", nn.Linear(64, 10))
    model = Model("mnist_cnn", flat.eval(), tuple("0123456789"), Preprocessing.unit_range(8, 8, 1), "Flat")
    given = given_picture(open_model_dataset(trained_digits()), "test", 0)
    seen = look(model, given)
    looking.methods.setCurrentIndex(looking.methods.findData("grad_cam"))
    subject.set_model("flat", model)
    subject.set_picture(given, seen.picture, seen.recording)
    looking.until(lambda: "no layer near its end" in looking.view.text)
    assert looking.view.overlay is None and not looking.check.isEnabled()
    looking.choose_method("integrated_gradients")
    assert looking.view.overlay is not None and looking.check.isEnabled()


def test_without_a_picture_it_says_what_to_do(looking: Looking, subject: Subject) -> None:
    subject.set_picture(None, None, None)
    message = child(looking.panel, QLabel, "emptyMessage")
    assert message.isVisible() and "Drop a picture" in message.text()
    subject.refuse_picture("“odd.png” is no picture.")
    assert message.text() == "“odd.png” is no picture."
