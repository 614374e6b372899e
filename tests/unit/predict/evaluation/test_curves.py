import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import KDTree
from sklearn import metrics

from cnn_desktop.core.errors import CancelledError
from cnn_desktop.predict.evaluation.curves import all_class_curves, class_curves, macro_curves, micro_curves
from tests.unit.predict.evaluation.conftest import answers_of, made


def test_areas_are_those_of_scikit_learn() -> None:
    answers = made()
    wanted = np.eye(6)[answers.labels]
    of_classes = all_class_curves(answers)
    micro, macro = micro_curves(answers), macro_curves(of_classes)
    assert macro is not None
    for average, found in (("micro", micro), ("macro", macro)):
        assert found.roc.area == pytest.approx(metrics.roc_auc_score(wanted, answers.probabilities, average=average))
        precision = metrics.average_precision_score(wanted, answers.probabilities, average=average)
        assert found.precision_recall.area == pytest.approx(precision)
    roc = metrics.roc_auc_score(wanted, answers.probabilities, average=None)
    precision = metrics.average_precision_score(wanted, answers.probabilities, average=None)
    assert [found.roc.area for found in of_classes if found] == pytest.approx(roc)
    assert [found.precision_recall.area for found in of_classes if found] == pytest.approx(precision)
    assert [found.positives for found in of_classes if found] == np.bincount(answers.labels).tolist()
    assert [found.title for found in of_classes if found] == list(answers.classes)


def test_points_lie_on_the_curves_of_scikit_learn() -> None:
    answers = made()
    for label in range(6):
        found = class_curves(answers, label)
        assert found is not None
        is_of_class, scores = answers.labels == label, answers.probabilities[:, label]
        fpr, tpr, _thresholds = metrics.roc_curve(is_of_class, scores, drop_intermediate=False)
        known = set(zip(fpr.round(9), tpr.round(9), strict=True))
        assert set(zip(found.roc.x.round(9), found.roc.y.round(9), strict=True)) <= known
        precision, recall, _thresholds = metrics.precision_recall_curve(is_of_class, scores)
        known = set(zip(recall.round(9), precision.round(9), strict=True))
        assert set(zip(found.precision_recall.x.round(9), found.precision_recall.y.round(9), strict=True)) <= known
        for curve in (found.roc, found.precision_recall):
            assert (np.diff(curve.x) >= 0).all()
        assert (found.roc.x[0], found.roc.y[0], found.roc.x[-1], found.roc.y[-1]) == (0, 0, 1, 1)
        assert found.precision_recall.x[-1] == 1


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=2, max_size=40))
def test_equal_scores_count_as_one_threshold(pairs: list[tuple[int, bool]]) -> None:
    scores, is_of_class = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    answers = answers_of(np.stack([scores, np.zeros(len(pairs))], axis=1), np.where(is_of_class, 0, 1))
    found = class_curves(answers, 0)
    if is_of_class.all() or not is_of_class.any():
        assert found is None
        return
    assert found is not None
    assert found.roc.area == pytest.approx(metrics.roc_auc_score(is_of_class, scores))
    assert found.precision_recall.area == pytest.approx(metrics.average_precision_score(is_of_class, scores))


def test_thinning_loses_nothing_that_could_be_seen() -> None:
    answers = made(count=20_000, classes=2, strength=1.0)
    found = class_curves(answers, 0)
    assert found is not None
    assert len(found.roc.x) < 1100
    fpr, tpr, _thresholds = metrics.roc_curve(answers.labels == 0, answers.probabilities[:, 0])
    way = np.linspace(0, 1, 20_000)
    length = np.append(0, np.cumsum(np.hypot(np.diff(found.roc.x), np.diff(found.roc.y))))
    drawn = np.stack([np.interp(way * length[-1], length, values) for values in (found.roc.x, found.roc.y)], axis=1)
    distances, _nearest = KDTree(drawn).query(np.stack([fpr, tpr], axis=1))
    assert distances.max() < 1.5 / 512


def test_a_class_without_pictures_has_no_curves() -> None:
    answers = made(labels=np.zeros(50, dtype=np.int64), count=50, classes=3)
    of_classes = all_class_curves(answers)
    assert of_classes == (None, None, None)
    assert macro_curves(of_classes) is None
    assert micro_curves(answers).positives == 50


def test_progress_counts_classes_and_can_cancel() -> None:
    seen: list[tuple[int, int]] = []
    all_class_curves(made(), lambda done, total: seen.append((done, total)))
    assert seen == [(done, 6) for done in range(1, 7)]

    def cancel(done: int, total: int) -> None:
        raise CancelledError("cancelled")

    with pytest.raises(CancelledError):
        all_class_curves(made(), cancel)
