import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_desktop.train.runs import metrics_log
from cnn_desktop.train.runs.metrics_log import MetricsLog
from tests.logged_runs import STEPS_PER_EPOCH, log_epoch, logged_run, loss_at, open_run


def steps_line(step: int, loss: float | None = 1.0) -> str:
    return (
        json.dumps({"event": "steps_done", "step": step, "losses": [loss], "accuracy": 0.5, "seconds": step / 10})
        + "\n"
    )


def test_epochs_and_samples_are_what_was_logged() -> None:
    log = MetricsLog(logged_run(epochs=3) / "metrics.jsonl")
    log.follow()
    assert [epoch.step for epoch in log.epochs] == [20, 40, 60]
    assert log.epochs[1].train_loss == pytest.approx(loss_at(40))
    assert log.epochs[1].validation_loss == pytest.approx(loss_at(40) + 0.1)
    assert [sample.step for sample in log.samples] == list(range(4, 61, 4))
    assert log.samples[0].train_loss == pytest.approx(sum(loss_at(step) for step in range(1, 5)) / 4)
    assert (log.step, log.seconds, log.steps_per_epoch) == (60, 6.0, STEPS_PER_EPOCH)
    assert log.finished["outcome"] == "done"


def test_a_later_look_reads_only_what_was_added(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = open_run(epochs=1)
    log = MetricsLog(folder.path / "metrics.jsonl")
    log.follow()
    parsed: list[bytes] = []
    monkeypatch.setattr(metrics_log, "from_json", lambda text: (parsed.append(text), json.loads(text))[1])
    log_epoch(folder, 2)
    log.follow()
    folder.close()
    assert [epoch.step for epoch in log.epochs] == [20, 40]
    assert all(json_step > 20 for json_step in (json.loads(text)["step"] for text in parsed))


def test_a_run_that_went_back_to_a_checkpoint_is_read_anew() -> None:
    folder = open_run(epochs=2, planned=6)
    sizes = folder.sizes
    log_epoch(folder, 3)
    log = MetricsLog(folder.path / "metrics.jsonl")
    log.follow()
    folder.rewind(*sizes)
    for epoch in (3, 4, 5):
        folder.log(_notice(epoch))
        log_epoch(folder, epoch)
    folder.close()
    log.follow()
    assert [epoch.step for epoch in log.epochs] == [20, 40, 60, 80, 100]


def _notice(number: int):  # noqa: ANN202
    from cnn_desktop.core.events import Notice

    return Notice(f"something else than the first time, {number}")


def test_a_run_that_goes_on_after_it_stopped_has_not_finished(tmp_path: Path) -> None:
    file = tmp_path / "metrics.jsonl"
    file.write_text('{"event": "run_finished", "outcome": "stopped"}\n')
    log = MetricsLog(file)
    log.follow()
    assert log.finished["outcome"] == "stopped"
    with file.open("a") as stream:
        stream.write(steps_line(10))
    log.follow()
    assert log.finished == {}


@pytest.mark.parametrize(
    "damage", ["nonsense\n", '{"event": 3}\n', "[]\n", '{"event": "epoch_done", "step": "many"}\n', "\x00\x00\n", "\n"]
)
def test_damaged_lines_hide_no_others(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "metrics.jsonl"
    file.write_text(steps_line(10) + damage + '{"event": "steps_done", "step": null}\n' + steps_line(20, None))
    log = MetricsLog(file)
    log.follow()
    assert [(sample.step, sample.train_loss) for sample in log.samples] == [(10, 1.0), (20, None)]


def test_a_line_that_is_still_being_written_waits(tmp_path: Path) -> None:
    file = tmp_path / "metrics.jsonl"
    file.write_text(steps_line(10) + steps_line(20)[:-9])
    log = MetricsLog(file)
    log.follow()
    assert log.step == 10
    with file.open("a") as stream:
        stream.write(steps_line(20)[-9:])
    log.follow()
    assert log.step == 20


@given(lines=st.integers(0, 3000), most=st.integers(1, 120), parts=st.integers(1, 4))
def test_samples_are_few_and_evenly_spread(
    tmp_path_factory: pytest.TempPathFactory, lines: int, most: int, parts: int
) -> None:
    file = tmp_path_factory.mktemp("log") / "metrics.jsonl"
    log = MetricsLog(file, most)
    with file.open("w") as stream:
        for part in range(parts):
            stream.writelines(
                steps_line(step) for step in range(1 + part * lines // parts, 1 + (part + 1) * lines // parts)
            )
            stream.flush()
            log.follow()
    steps = [sample.step for sample in log.samples]
    assert len(steps) <= most
    assert log.step == lines
    gaps = {later - earlier for earlier, later in pairwise(steps)}
    assert len(gaps) <= 1
    assert lines == 0 or most < 2 or len(steps) >= min(lines, most) // 2
