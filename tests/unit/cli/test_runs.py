from collections.abc import Callable

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.logged_runs import logged_run
from tests.unit.cli.conftest import Answer

Command = Callable[..., Answer]


def test_no_runs_yet(command: Command) -> None:
    answer = command("runs")
    assert answer.code == 0 and "no runs yet" in answer.out
    assert command("runs", "--json").out == ""


def test_runs_are_listed_newest_first(command: Command) -> None:
    old, new = logged_run(outcome=None, age=100, can_go_on=True), logged_run()
    answer = command("runs")
    assert answer.code == 0
    first, second = answer.out.splitlines()
    assert new.name in first and "done" in first and "75.00 %" in first and str(new) in first
    assert old.name in second and "interrupted" in second
    lines = command("runs", "--json").lines
    assert [line["run_dir"] for line in lines] == [str(new), str(old)]
    assert lines[0]["test_accuracy"] == 0.75 and lines[0]["state"] == "done" and not lines[0]["can_go_on"]
    assert lines[1]["outcome"] is None and lines[1]["can_go_on"] and lines[1]["train_seconds"] == 6.0


def test_a_damaged_run_is_said_beside_the_list(command: Command) -> None:
    good, broken = logged_run(), logged_run()
    (broken / "config.json").write_text("nonsense")
    answer = command("runs", "--json")
    assert [line["run_dir"] for line in answer.lines] == [str(good)]
    assert answer.err.count("\n") == 1 and broken.name in answer.err


def test_compare_shows_what_differs(command: Command) -> None:
    first, second = logged_run(learning_rate=0.1), logged_run(epochs=2, learning_rate=0.02, outcome="stopped")
    answer = command("runs", "compare", first.name, second)
    assert answer.code == 0
    rows = {line.split("  ")[0]: line for line in answer.out.splitlines()}
    assert first.name in answer.out.splitlines()[0] and second.name in answer.out.splitlines()[0]
    assert rows["Learning rate"].split()[2:] == ["0.1", "0.02"]
    assert rows["State"].split()[1:] == ["done", "stopped"]
    assert "75.00 %" in rows["Test accuracy"] and "–" in rows["Test accuracy"]
    assert "Optimizer" not in rows, "it is the same in both"
    one, two = command("runs", "compare", first, second, "--json").lines
    assert one["settings"] == {"Learning rate": "0.1"} and two["settings"] == {"Learning rate": "0.02"}
    assert two["best_validation_accuracy"] == 0.7


def test_comparing_needs_two_runs_that_exist(command: Command) -> None:
    run = logged_run()
    for arguments, words in (((run.name,), "at least two"), ((run.name, "nowhere"), "nowhere")):
        answer = command("runs", "compare", *arguments)
        assert answer.code == 2 and answer.out == ""
        assert words in answer.err and answer.err.count("\n") == 1


def test_export_for_tensorboard(command: Command) -> None:
    first, second = logged_run(), logged_run()
    answer = command("runs", "export-tensorboard", first.name, second, "--json")
    assert answer.code == 0
    assert [line["run_dir"] for line in answer.lines] == [str(first), str(second)]
    assert f'tensorboard --logdir "{first.parent}"' in answer.err
    for line in answer.lines:
        assert len(EventAccumulator(line["file"]).Reload().Scalars("loss/train")) == 3
    assert str(first) in command("runs", "export-tensorboard", first).out
