"""Which weights are drawn for which layer."""

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from cnn_desktop.ui.pages.inspect.layers.filters_face import FiltersFace
from cnn_desktop.ui.pages.inspect.subject import Subject
from tests.ui.inspected import digits_subject, plain_context


@pytest.fixture
def subject() -> Subject:
    return digits_subject("conv1")


@pytest.fixture
def face(subject: Subject, qtbot: QtBot) -> Iterator[FiltersFace]:
    panel = FiltersFace(plain_context(), subject)
    qtbot.addWidget(panel)
    panel.show()
    yield panel
    panel.shutdown()


def shown(face: FiltersFace) -> np.ndarray | None:
    return None if face.grid.tiles is None else face.grid.tiles.values


def test_dense_layers_show_their_rows_where_the_maps_lay(face: FiltersFace, subject: Subject) -> None:
    assert subject.model is not None
    weights = subject.model.module.get_submodule("dense1").get_parameter("weight").detach().numpy()
    subject.set_layer("dense1")
    assert np.array_equal(shown(face), weights.reshape(len(weights), 32, 3, 3)[:, 0])
    subject.set_layer("relu1")
    assert shown(face) is None
    subject.set_layer("conv1")
    assert shown(face).shape == (32, 3, 3)


def test_they_come_with_the_picture(face: FiltersFace, subject: Subject) -> None:
    given, picture, recording = subject.given, subject.picture, subject.recording
    subject.set_picture(None, None, None)
    subject.set_layer("dense2")
    assert shown(face) is None
    subject.set_picture(given, picture, recording)
    assert shown(face).shape == (10, 10, 10)
