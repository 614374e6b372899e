import json

import numpy as np
import pytest
from scipy import stats

from cnn_desktop.core.errors import DatasetError
from cnn_desktop.data.dataset import PictureRef
from cnn_desktop.predict.evaluation.comparing import compare, mcnemar
from cnn_desktop.predict.evaluation.intervals import wilson
from tests.unit.predict.evaluation.conftest import answers_of, made, sure_of


@pytest.mark.parametrize(("hits", "count"), [(0, 1), (1, 1), (3, 7), (0, 50), (50, 50), (497, 500), (90_712, 100_000)])
def test_intervals_are_those_of_scipy(hits: int, count: int) -> None:
    wanted = stats.binomtest(hits, count).proportion_ci(method="wilson")
    assert wilson(hits, count) == pytest.approx((wanted.low, wanted.high), abs=1e-12)
    wide = stats.binomtest(hits, count).proportion_ci(0.99, method="wilson")
    assert wilson(hits, count, 0.99) == pytest.approx((wide.low, wide.high), abs=1e-12)


def test_of_nothing_nothing_is_known() -> None:
    assert wilson(0, 0) == (0, 1)
    assert str(wilson(1, 2)) == "9.5–90.5 %"


@pytest.mark.parametrize(("a", "b"), [(1, 0), (5, 5), (3, 11), (20, 2), (180, 220), (600, 400)])
def test_few_differences_are_counted_out(a: int, b: int) -> None:
    assert mcnemar(a, b) == pytest.approx((stats.binomtest(a, a + b).pvalue, True))
    assert mcnemar(b, a) == mcnemar(a, b)


@pytest.mark.parametrize(("a", "b"), [(700, 700), (700, 701), (1000, 900), (5000, 5400)])
def test_many_differences_are_approximated_well(a: int, b: int) -> None:
    p_value, is_exact = mcnemar(a, b)
    assert not is_exact
    assert p_value == pytest.approx(stats.chi2.sf(max(0, abs(a - b) - 1) ** 2 / (a + b), 1))
    assert p_value == pytest.approx(stats.binomtest(a, a + b).pvalue, abs=2e-3)


def test_none_is_no_difference() -> None:
    assert mcnemar(0, 0) == (1, True)


def test_pictures_are_told_apart_by_who_is_right() -> None:
    labels = [0, 1, 2, 0, 1, 2]
    first, second = sure_of([0, 1, 2, 1, 1, 0], labels), sure_of([0, 1, 1, 0, 2, 1], labels)
    found = compare(first, second)
    assert found.count == 6
    assert found.both_right == 2
    assert found.first.alone_right == (PictureRef("test", 2), PictureRef("test", 4))
    assert found.second.alone_right == (PictureRef("test", 3),)
    assert found.both_wrong == (PictureRef("test", 5),)
    assert found.first.accuracy == pytest.approx(4 / 6)
    assert found.first.interval == wilson(4, 6)
    assert found.p_value == 1
    assert (found.first.model, found.second.model) == ("a model (1)", "a model (2)")


def test_the_sentence_says_whether_it_is_more_than_chance() -> None:
    labels = np.zeros(100, dtype=np.int64)
    good, poor = labels.copy(), labels.copy()
    poor[:30], good[30:40] = 1, 1

    def of(best: np.ndarray, title: str):  # noqa: ANN202
        return answers_of(np.eye(2)[best], labels, title)

    found = compare(of(good, "good"), of(poor, "{poor}"))
    assert found.is_more_than_chance
    assert str(found).startswith("“good” alone is right on 30 pictures, “{poor}” alone on 10: “good” is better by more")
    assert "(p = 0.002, McNemar's exact test)." in str(found)
    assert str(compare(of(poor, "{poor}"), of(good, "good"))).count("“good” is better") == 1
    alike = compare(of(poor, "a"), of(np.roll(poor, 3), "b"))
    assert not alike.is_more_than_chance and "chance alone would give" in str(alike)
    same = compare(of(good, "a"), of(good, "b"))
    assert str(same) == "Both models are right on the same pictures and wrong on the same ones."
    assert json.loads(json.dumps(found.to_json()))["models"][0] == {
        "model": "good",
        "accuracy": 0.9,
        "accuracy_interval": pytest.approx(list(wilson(90, 100))),
        "alone_right": 30,
    }


def test_pictures_that_only_one_has_read_are_left_out() -> None:
    answers = made(count=20)
    fewer = made(count=20)
    kept = np.array([3, 7, 11])
    object.__setattr__(fewer, "keys", tuple(fewer.keys[place] for place in kept))
    object.__setattr__(fewer, "labels", fewer.labels[kept])
    object.__setattr__(fewer, "logits", fewer.logits[kept])
    found = compare(answers, fewer)
    assert found.count == 3
    assert found.first.alone_right == found.second.alone_right == ()
    with pytest.raises(DatasetError, match="same pictures"):
        compare(answers, made(count=20, labels=np.roll(answers.labels, 1)))
