"""Watching a long run must leave the cores to the training."""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from tests.ui.ui_cost import measure


def test_a_long_run_costs_little_to_watch(themed: QApplication, record_property: Callable[[str, object], None]) -> None:
    cost = measure(points=50_000, rate=1000, seconds=2.0)
    record_property("milliseconds_per_second", cost.milliseconds_per_second)
    assert cost.milliseconds_per_second < 60  # 10–15 on an idle machine
