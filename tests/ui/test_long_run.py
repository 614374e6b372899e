"""Watching a long run must leave the cores to the training: a look costs the same however much lies behind."""

from itertools import count

import pytest
from PySide6.QtGui import QPolygonF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from benchmarks.made_run import MadeRun
from cnn_desktop.ui.pages.train.run_panel import RunPanel
from cnn_desktop.ui.widgets.chart_frame import ChartFrame
from cnn_desktop.ui.widgets.chart_outline import Numbers
from tests.instructions import instructions

LOOKS = 12


class Watched:
    """A run of which so many steps have been shown, a second between looks, so that no look is put off."""

    def __init__(self, qtbot: QtBot, behind: int) -> None:
        self._panel = RunPanel()
        qtbot.addWidget(self._panel)
        self._panel.resize(1080, 800)
        self._panel.show()
        self._run = MadeRun(behind + LOOKS * 200)
        self._panel.begin()
        self._panel.take(self._run.start())
        while self._run.step < behind:
            self._panel.take(self._run.steps(500))
        QApplication.processEvents()

    def look(self) -> None:
        self._panel.take(events := self._run.steps(200))
        assert events
        QApplication.processEvents()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many points each line had that was drawn."""
    polygon, points = ChartFrame.polygon, []

    def noted(frame: ChartFrame, xs: Numbers, ys: Numbers) -> QPolygonF:
        points.append(len(xs))
        return polygon(frame, xs, ys)

    monkeypatch.setattr(ChartFrame, "polygon", noted)
    return points


def test_a_look_at_a_long_run_costs_no_more_than_at_a_short_one(
    qtbot: QtBot, themed: QApplication, monkeypatch: pytest.MonkeyPatch, drawn: list[int]
) -> None:
    clock = count(1, 2)
    for module in ("line_chart", "chart_picture"):
        monkeypatch.setattr(f"cnn_desktop.ui.widgets.{module}.time.monotonic", lambda: float(next(clock)))
    work, points = [], []
    for behind in (2000, 50_000):
        watched = Watched(qtbot, behind)
        drawn.clear()
        work.append(max(instructions(watched.look) for _look in range(LOOKS)))
        points.append(sum(drawn) / LOOKS)
    assert work[1] < 1.5 * work[0] < 100_000, work
    assert 0 < max(points) < 1000, f"{points}: only what came since the last look is drawn"
