import pytest

from cnn_desktop.train.runs.curves import CurveReader
from tests.logged_runs import log_epoch, logged_run, loss_at, open_run


def test_lines_over_epochs_steps_and_seconds() -> None:
    run = logged_run(epochs=3)
    curves = CurveReader().read([run])[run]
    assert curves.line("train_loss", "epoch") == [(epoch, pytest.approx(loss_at(20 * epoch))) for epoch in (1, 2, 3)]
    assert [x for x, _y in curves.line("validation_accuracy", "step")] == [20, 40, 60]
    assert [x for x, _y in curves.line("validation_loss", "seconds")] == [2, 4, 6]
    steps = curves.line("train_loss", "epoch", "steps")
    assert steps[0][0] == 0.2 and steps[-1][0] == 3.0 and len(steps) == 15
    assert curves.line("validation_loss", "epoch", "steps") == []


def test_several_runs_and_one_that_goes_on() -> None:
    first, folder = logged_run(epochs=2), open_run(epochs=1)
    reader = CurveReader()
    assert {run: len(curves.epochs) for run, curves in reader.read([first, folder.path]).items()} == {
        first: 2,
        folder.path: 1,
    }
    log_epoch(folder, 2)
    folder.close()
    assert len(reader.read([folder.path])[folder.path].epochs) == 2
    assert list(reader.read([first])) == [first]
