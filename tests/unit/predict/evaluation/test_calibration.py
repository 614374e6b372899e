import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from sklearn.metrics import log_loss

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.predict.evaluation.calibration import calibrate, fit_temperature, reliability
from tests.unit.predict.evaluation.conftest import answers_of, made, sure_of


@pytest.mark.parametrize("scale", [0.001, 0.05, 0.5, 1.0, 3.0, 20.0, 1000.0])
def test_the_temperature_is_the_one_of_the_smallest_loss(scale: float) -> None:
    answers = made(scale=scale)
    found = fit_temperature(answers.logits, answers.labels)
    logits = answers.logits.astype(np.float64)

    def loss(exponent: float) -> float:
        scaled = logits / np.exp(exponent)
        shares = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return log_loss(answers.labels, shares / shares.sum(axis=1, keepdims=True), labels=range(6))

    wanted = minimize_scalar(loss, bounds=(-9, 9), method="bounded", options={"xatol": 1e-7})
    assert found == pytest.approx(np.exp(wanted.x), rel=1e-3)


def test_answers_too_sure_by_a_known_factor_are_found_out() -> None:
    """Labels are drawn from the very probabilities that the logits stand for, before they are multiplied by 4."""
    chance = np.random.default_rng(0)
    logits = chance.normal(size=(20_000, 5)).astype(np.float32)
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = (shares.cumsum(axis=1) < chance.random(20_000)[:, None]).sum(axis=1)
    found = calibrate(answers_of(4 * logits, labels))
    assert found.temperature == pytest.approx(4, rel=0.05)
    assert found.error_before > 0.2
    assert found.error_after < 0.02
    assert found.loss_after < found.loss_before
    assert found.count == 20_000
    assert f"Temperature {found.temperature:.3f}" in str(found) and "20,000" in str(found)


def test_a_temperature_changes_no_answer() -> None:
    answers = made()
    cooled = answers.at_temperature(3.0)
    assert (cooled.best == answers.best).all()
    assert (cooled.ranks == answers.ranks).all()
    assert cooled.probabilities == pytest.approx(made(scale=2.0 / 3.0).probabilities, abs=1e-6)
    assert cooled.confidence.mean() < answers.confidence.mean()


def test_calibrating_again_finds_the_same() -> None:
    answers = made()
    first = calibrate(answers)
    second = calibrate(answers.at_temperature(first.temperature))
    assert second.temperature == pytest.approx(first.temperature)
    assert second.loss_before == pytest.approx(first.loss_after)


def test_what_determines_no_temperature_is_said() -> None:
    with pytest.raises(DatasetError, match="Every answer is right"):
        calibrate(sure_of([0, 1, 2, 1], [0, 1, 2, 1]))
    with pytest.raises(DatasetError, match="no better than chance"):
        calibrate(sure_of([0, 1, 2, 1], [1, 2, 0, 0]))
    with pytest.raises(DatasetError, match="no better than chance"):
        calibrate(sure_of([0, 1, 2, 1], [1, 2, 0, 0], margin=0.0))


def test_bins_hold_what_belongs_into_them() -> None:
    logits = np.log(np.array([[0.55, 0.45], [0.88, 0.12], [0.88, 0.12], [0.95, 0.05], [0.25, 0.75], [0.5, 0.5]]))
    found = reliability(answers_of(logits, np.array([0, 0, 1, 0, 0, 1])), bins=10)
    assert found.counts.tolist() == [0, 0, 0, 0, 1, 1, 0, 1, 2, 1]
    assert found.confidence[[4, 5, 7, 8, 9]] == pytest.approx([0.5, 0.55, 0.75, 0.88, 0.95], abs=1e-6)
    assert found.accuracy[[4, 5, 7, 8, 9]].tolist() == [0, 1, 0, 0.5, 1]
    assert found.confidence[:4].tolist() == [0] * 4
    gaps = 0.5 + 0.45 + 0.75 + 2 * 0.38 + 0.05
    assert found.error == pytest.approx(gaps / 6, abs=1e-6)


def test_an_answer_that_is_all_sure_stands_in_the_last_bin() -> None:
    found = reliability(sure_of([0, 1], [0, 0], margin=100.0))
    assert found.counts[-1] == 2
    assert found.error == pytest.approx(0.5)
