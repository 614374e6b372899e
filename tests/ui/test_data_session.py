"""The dataset that the Data page is about: opening, deciding, in the background and in order."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cnn_desktop.core.progress import Progress
from cnn_desktop.data.decisions import DecisionBook
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.data.splits import with_validation
from cnn_desktop.ui.pages.data import opening
from cnn_desktop.ui.pages.data.session import DatasetSession
from tests.ui.picture_folders import make_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "animals")


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[DatasetSession]:
    session = DatasetSession()
    yield session
    session.shutdown()


def opened(session: DatasetSession, source: Path | str, qtbot: QtBot) -> DatasetSession:
    with qtbot.waitSignal(session.opened, timeout=10_000):
        session.open(str(source))
    return session


def changed(session: DatasetSession, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not session.is_changing, timeout=10_000)


def counts(session: DatasetSession) -> dict[str, int]:
    assert session.dataset is not None
    return {name: len(split) for name, split in session.dataset.splits.items()}


def test_what_is_shown_is_what_training_would_use(session: DatasetSession, folder: Path, qtbot: QtBot) -> None:
    opened(session, folder, qtbot)
    session.leave_out(["dog/001.png", "dog/002.png"], "blurred")
    session.move(["cat/003.png"], "dog")
    session.use_validation_part(0.25)
    changed(session, qtbot)
    used = with_validation(open_dataset(str(folder)), 0.25)
    assert session.dataset is not None
    assert (
        counts(session) == {name: len(split) for name, split in used.splits.items()} == {"train": 44, "validation": 14}
    )
    for name, split in used.splits.items():
        shown = session.dataset.splits[name]
        assert [shown.key(index) for index in range(len(shown))] == [split.key(index) for index in range(len(split))]
        assert shown.labels.tolist() == split.labels.tolist()
    assert session.found is not None
    assert sum(map(len, session.found.splits.values())) == 60


def test_changes_keep_their_order_and_come_back_one_by_one(session: DatasetSession, folder: Path, qtbot: QtBot) -> None:
    opened(session, folder, qtbot)
    for number in range(5):
        session.leave_out([f"dog/{number:03}.png"], "no dog")
    changed(session, qtbot)
    assert session.book is not None
    assert list(session.book.decisions.left_out) == [f"dog/{number:03}.png" for number in range(5)]
    session.take_back(["dog/001.png"])
    session.undo()
    session.undo()
    changed(session, qtbot)
    assert list(session.book.decisions.left_out) == [f"dog/{number:03}.png" for number in range(4)]
    assert counts(session) == {"train": 50, "validation": 6}


def test_a_change_under_way_is_kept_when_another_dataset_is_opened(
    session: DatasetSession, folder: Path, qtbot: QtBot
) -> None:
    opened(session, folder, qtbot)
    may_go_on = threading.Event()
    session.decide(lambda book: may_go_on.wait(10))
    session.leave_out(["cat/000.png"], "no cat")
    session.open("digits")
    qtbot.waitUntil(lambda: not session.is_opening, timeout=10_000)
    assert session.dataset is not None
    assert session.dataset.name == "animals"
    may_go_on.set()
    with qtbot.waitSignal(session.opened, timeout=10_000):
        pass
    assert session.dataset.name == "digits"
    assert DecisionBook.of(str(folder)).decisions.left_out == {"cat/000.png": "no cat"}


def test_a_change_that_waits_is_kept_when_the_window_closes(folder: Path, qtbot: QtBot) -> None:
    session = opened(DatasetSession(), folder, qtbot)
    session.leave_out(["cat/000.png"], "no cat")
    session.leave_out(["cat/001.png"], "no cat")
    session.shutdown()
    assert set(DecisionBook.of(str(folder)).decisions.left_out) == {"cat/000.png", "cat/001.png"}


def test_what_cant_be_opened_leaves_what_was_open(session: DatasetSession, folder: Path, qtbot: QtBot) -> None:
    opened(session, folder, qtbot)
    with qtbot.waitSignal(session.open_failed, timeout=10_000) as failed:
        session.open(str(folder / "nowhere"))
    assert "nowhere" in str(failed.args)
    assert session.dataset is not None
    assert session.dataset.name == "animals"
    assert not session.is_opening


def test_a_change_that_cant_be_made_is_said_and_the_next_one_is(
    session: DatasetSession, folder: Path, qtbot: QtBot
) -> None:
    opened(session, folder, qtbot)
    with qtbot.waitSignal(session.failed, timeout=10_000) as failed:
        session.decide(lambda book: book.rename_class("cat", "  "))
    assert "name" in str(failed.args)
    session.decide(lambda book: book.rename_class("cat", "tomcat"))
    changed(session, qtbot)
    assert session.dataset is not None
    assert session.dataset.classes == ("bird", "tomcat", "dog")


def test_opening_tells_how_far_it_is_and_can_be_cancelled(
    session: DatasetSession, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    def slow(_source: str, _validation: float, progress: Progress) -> None:
        try:
            while True:
                progress(7, 60)
                time.sleep(0.01)
        finally:
            ended.set()

    monkeypatch.setattr(opening, "open_source", slow)
    with qtbot.waitSignal(session.opening_progressed, timeout=10_000) as progressed:
        session.open(str(folder))
    assert progressed.args == [7, 60]
    assert session.is_opening
    session.cancel()
    assert not session.is_opening
    qtbot.waitUntil(ended.is_set, timeout=10_000)
    assert session.dataset is None
