import json

import numpy as np
import pytest
from sklearn import metrics

from cnn_desktop.predict.evaluation import Evaluation, evaluate
from cnn_desktop.predict.evaluation.calibration import reliability
from cnn_desktop.predict.evaluation.confusion import Confusion
from cnn_desktop.predict.evaluation.curves import Curves, all_class_curves, macro_curves, micro_curves
from cnn_desktop.predict.evaluation.intervals import wilson
from tests.instructions import instructions
from tests.unit.predict.evaluation.conftest import answers_of, made, sure_of


@pytest.mark.parametrize("classes", [2, 6, 40])
def test_figures_are_those_of_scikit_learn(classes: int) -> None:
    answers = made(classes=classes)
    found = evaluate(answers)
    assert found.count == 400
    assert found.accuracy == pytest.approx(metrics.accuracy_score(answers.labels, answers.best))
    names = np.arange(classes)
    if classes > 5:
        in_five = metrics.top_k_accuracy_score(answers.labels, answers.logits, k=5, labels=names)
        assert found.top5_accuracy == pytest.approx(in_five)
    shares = answers.probabilities.astype(np.float64)
    shares /= shares.sum(axis=1, keepdims=True)
    assert found.loss == pytest.approx(metrics.log_loss(answers.labels, shares, labels=names), rel=1e-5)
    columns = metrics.precision_recall_fscore_support(answers.labels, answers.best, labels=names, zero_division=0)
    for one, precision, recall, f1, support in zip(found.classes, *columns, strict=True):
        assert (one.precision, one.recall, one.f1, one.support) == pytest.approx((precision, recall, f1, support))


def test_intervals_stand_beside_every_accuracy() -> None:
    found = evaluate(sure_of([0, 0, 1, 2], [0, 1, 1, 2]))
    assert found.accuracy_interval == wilson(3, 4)
    assert found.top5_interval == wilson(4, 4)
    assert [one.recall_interval for one in found.classes] == [wilson(1, 1), wilson(1, 2), wilson(1, 1)]


def test_a_class_without_pictures_has_zeros() -> None:
    last = evaluate(sure_of([0], [0])).classes[2]
    assert (last.precision, last.recall, last.f1, last.support) == (0, 0, 0, 0)
    assert last.recall_interval == (0, 1)


def test_of_two_classes_all_are_among_the_best_five() -> None:
    assert evaluate(made(classes=2)).top5_accuracy == 1


def test_the_report_can_be_read() -> None:
    answers = answers_of(np.eye(3)[[0, 1, 2]], np.array([0, 1, 1]))
    found = evaluate(answers)
    text = str(found)
    assert "accuracy 66.67 % (20.8–93.9 %)" in text
    assert all(label in text for label in answers.classes)
    assert f"calibration error {100 * reliability(answers).error:.1f} %" in text
    read = json.loads(json.dumps(found.to_json()))
    assert read["classes"][1]["support"] == 2
    assert read["accuracy_interval"] == list(found.accuracy_interval)


def test_a_thousand_classes_are_not_gone_through_pair_by_pair() -> None:
    answers = made(count=5000, classes=1000)

    def count() -> Evaluation:
        confusion = Confusion(answers)
        confusion.most_confused(), confusion.by_row, confusion.by_column
        return evaluate(answers)

    def draw() -> Curves | None:
        micro_curves(answers)
        return macro_curves(all_class_curves(answers))

    assert instructions(count) < 1_000_000
    assert instructions(draw) < 5_000_000
    macro = draw()
    assert len(count().classes) == 1000 and macro is not None and 0.5 < macro.roc.area < 1
