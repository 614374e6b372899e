import json
import os
import time
from pathlib import Path

import pytest

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.paths import runs_dir
from cnn_desktop.train.runs import metrics_log
from cnn_desktop.train.runs.listing import find_run, latest_unfinished, list_runs, read_run, survey_runs
from cnn_desktop.train.runs.run_summary import CURVE_POINTS
from tests.logged_runs import log_epoch, logged_run, loss_at, open_run


def test_a_summary_says_what_the_run_did() -> None:
    run = read_run(logged_run(epochs=3))
    assert (run.outcome, run.state, run.epochs, run.planned_epochs, run.steps) == ("done", "done", 3, 3, 60)
    assert (run.device, run.precision, run.seconds) == ("CPU: test", "fp32", 12.5)
    assert run.best_epoch == 3
    assert run.best_validation_accuracy == pytest.approx(1 - 0.5 / 3 - 0.05)
    assert run.test_accuracy == run.best_accuracy == 0.75
    assert abs(run.started.timestamp() - time.time()) < 60
    files = [file for file in run.path.rglob("*") if file.is_file()]
    assert run.size >= sum(file.stat().st_size for file in files) > 1000
    assert not run.can_go_on and not run.has_model and not run.was_killed


def test_the_curve_falls_and_has_few_points() -> None:
    short = read_run(logged_run(epochs=2))
    assert [step for step, _loss in short.curve] == list(range(4, 41, 4))
    long = read_run(logged_run(epochs=230, planned=230))
    assert 50 <= len(long.curve) <= CURVE_POINTS
    assert long.curve[-1] == (4560, pytest.approx(loss_at(4560)))


@pytest.mark.parametrize(
    ("outcome", "state", "was_killed"),
    [("done", "done", False), ("stopped", "stopped", False), ("failed", "failed", False), (None, "interrupted", True)],
)
def test_states(outcome: str | None, state: str, was_killed: bool) -> None:
    run = read_run(logged_run(outcome=outcome, can_go_on=True))  # pyright: ignore[reportArgumentType]
    assert (run.state, run.was_killed) == (state, was_killed)
    assert run.can_go_on is (outcome != "done")
    assert run.message == {"failed": "The disk is on fire.", None: ""}.get(outcome, "Done.")
    assert run.seconds == (12.5 if outcome == "done" else 6.0)


def test_a_run_that_is_being_trained_is_running_and_can_not_go_on() -> None:
    folder = open_run(epochs=1)
    (folder.path / "checkpoints" / "last.json").write_text("{}")
    run = read_run(folder.path)
    assert run.state == "running" and not run.was_killed and not run.can_go_on
    log_epoch(folder, 2)
    assert read_run(folder.path).epochs == 2
    folder.close()
    assert read_run(folder.path).state == "interrupted"
    assert read_run(folder.path).can_go_on


def test_newest_first_and_the_latest_that_can_go_on() -> None:
    old, new = logged_run(outcome="stopped", age=100, can_go_on=True), logged_run(age=10)
    assert [run.path for run in list_runs()] == [new, old]
    assert latest_unfinished().path == old


def test_damaged_runs_are_told_and_hide_no_others() -> None:
    good = logged_run()
    broken = logged_run()
    (broken / "config.json").write_text("{}")
    other = logged_run()
    (other / "config.json").unlink()
    (other / "config.json").mkdir()
    logless = logged_run()
    (logless / "metrics.jsonl").unlink()
    (runs_dir() / "no run").mkdir()
    (runs_dir() / "a file").touch()
    survey = survey_runs()
    assert {run.path for run in survey.runs} == {good, logless}
    assert {run.path for run in survey.damaged} == {broken, other}
    assert all(run.reason for run in survey.damaged)
    assert next(run for run in survey.runs if run.path == logless).state == "interrupted"


@pytest.mark.parametrize(
    "name", ["ä ö 字 🎈", "a,b;c'd\"e", "x" * 255, "line\nbreak", "%s {0} <b>", os.fsdecode(b"\xff\xfe")]
)
def test_folders_of_any_name(name: str) -> None:
    path = logged_run().rename(runs_dir() / name)
    (run,) = list_runs()
    assert run.path == path and run.title == name and run.epochs == 3


def test_a_run_is_found_by_its_name_and_by_its_folder() -> None:
    path = logged_run()
    assert find_run(path.name).path == path
    assert find_run(str(path)).path == path
    with pytest.raises(BadInputError, match="nothing here"):
        find_run("nothing here")


def test_a_folder_of_runs_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "runs").touch()
    with pytest.raises(BadInputError, match="runs"):
        survey_runs(tmp_path / "runs")
    assert survey_runs(tmp_path / "absent").runs == []


def test_what_did_not_change_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    logged_run()
    before = survey_runs().runs
    opened: list[Path] = []
    monkeypatch.setattr(Path, "read_bytes", opened.append)
    assert survey_runs().runs == before
    assert opened == []


def test_listing_parses_a_small_part_of_long_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    logged_run(epochs=1500, planned=1500)  # each with five lines about steps
    parsed: list[bytes] = []
    monkeypatch.setattr(metrics_log, "from_json", lambda text: (parsed.append(text), json.loads(text))[1])
    assert list_runs()[0].epochs == 1500
    assert len([line for line in parsed if b"steps_done" in line]) < 700
