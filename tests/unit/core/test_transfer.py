"""Speed and time left, with a clock of the test's own."""

import pytest

from cnn_desktop.core.transfer import TransferMeter

TOTAL = 170_000_000


def test_a_steady_transfer_says_its_speed_and_the_time_left() -> None:
    meter = TransferMeter()
    for second in range(11):
        transfer = meter.tell(second * 5_000_000, TOTAL, now=float(second))
    assert transfer.speed == pytest.approx(5_000_000)
    assert transfer.seconds_left == pytest.approx(24)
    assert str(transfer) == "50 MB of 170 MB · 5.0 MB/s · 24 s left"


def test_nothing_is_said_of_the_speed_of_the_first_burst() -> None:
    meter = TransferMeter()
    meter.tell(0, TOTAL, now=0)
    transfer = meter.tell(2_000_000, TOTAL, now=0.1)
    assert transfer.speed is None
    assert transfer.seconds_left is None
    assert str(transfer) == "2.0 MB of 170 MB"


def test_what_was_here_before_is_not_counted_as_speed() -> None:
    meter = TransferMeter()
    meter.tell(100_000_000, TOTAL, now=0)
    assert meter.tell(101_000_000, TOTAL, now=1).speed == pytest.approx(1_000_000)


def test_a_burst_is_smoothed_and_soon_forgotten() -> None:
    meter = TransferMeter()
    speeds = []
    for tenth in range(200):
        done = 100_000 * tenth + (3_000_000 if tenth >= 100 else 0)  # three megabytes at once after ten seconds
        speeds.append(meter.tell(done, TOTAL, now=tenth / 10).speed)
    steady = [speed for speed in speeds[20:100] if speed is not None]
    assert max(steady) == pytest.approx(1_000_000)
    assert max(speed for speed in speeds[100:] if speed) < 1_700_000
    assert speeds[-1] == pytest.approx(1_000_000)


def test_a_stall_is_seen_within_seconds() -> None:
    meter = TransferMeter()
    for second in range(10):
        meter.tell(second * 1_000_000, TOTAL, now=float(second))
    for tenth in range(90, 170):
        transfer = meter.tell(9_000_000, TOTAL, now=tenth / 10)
    assert transfer.speed == 0
    assert transfer.seconds_left is None
    assert str(transfer) == "9.0 MB of 170 MB · waiting for the server"


def test_beginning_again_begins_to_measure_again() -> None:
    meter = TransferMeter()
    for second in range(5):
        meter.tell(second * 1_000_000, TOTAL, now=float(second))
    assert meter.tell(0, TOTAL, now=5).speed is None
    assert meter.tell(2_000_000, TOTAL, now=6).speed == pytest.approx(2_000_000)


def test_a_total_that_is_not_known_leaves_only_the_speed() -> None:
    meter = TransferMeter()
    assert str(meter.tell(0, 0, now=0)) == "Connecting…"
    assert str(meter.tell(0, 0, now=5)) == "Connecting…"
    meter.tell(1_000_000, 0, now=6)
    assert str(meter.tell(3_000_000, 0, now=10)) == "3.0 MB · 600 kB/s"


def test_the_end_says_only_how_much_it_was() -> None:
    meter = TransferMeter()
    meter.tell(0, 1000, now=0)
    assert str(meter.tell(1_000, 1_000, now=2)) == "1.0 kB of 1.0 kB"
