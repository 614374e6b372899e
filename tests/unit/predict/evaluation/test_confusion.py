import numpy as np
import pytest
from sklearn import metrics

from cnn_desktop.data.dataset import PictureRef
from cnn_desktop.predict.evaluation.confusion import ConfusedPair, Confusion
from cnn_desktop.predict.evaluation.mistakes import confident_mistakes, top_losses
from tests.unit.predict.evaluation.conftest import answers_of, made, sure_of


def test_counts_and_shares_are_those_of_scikit_learn() -> None:
    answers = made()
    found = Confusion(answers)
    for normalize, ours in ((None, found.counts), ("true", found.by_row), ("pred", found.by_column)):
        wanted = metrics.confusion_matrix(answers.labels, answers.best, labels=range(6), normalize=normalize)
        assert ours == pytest.approx(wanted)


def test_classes_that_never_come_have_zeros() -> None:
    found = Confusion(sure_of([0, 0], [0, 1], classes=4))
    assert found.counts.shape == (4, 4)
    assert found.by_row[2:].sum() == found.by_column[:, 1:].sum() == 0


def test_labels_swapped_by_hand_show_as_confused() -> None:
    answers = made(strength=20.0, count=300)
    swapped = answers.labels.copy()
    swapped[answers.labels == 5], swapped[answers.labels == 3] = 3, 5
    pairs = Confusion(answers_of(answers.logits, swapped)).most_confused()
    threes, fives = int((answers.labels == 3).sum()), int((answers.labels == 5).sum())
    assert pairs == (ConfusedPair(3, 5, fives, 1.0), ConfusedPair(5, 3, threes, 1.0))


def test_pairs_come_by_count_then_by_share() -> None:
    labels = [0] * 10 + [1] * 3 + [2] * 10
    best = [0] * 7 + [1] * 3 + [1, 1, 2] + [2] * 9 + [0]
    pairs = Confusion(sure_of(best, labels)).most_confused()
    assert [(pair.label, pair.answer, pair.count) for pair in pairs] == [(0, 1, 3), (1, 2, 1), (2, 0, 1)]
    assert [pair.share for pair in pairs] == pytest.approx([0.3, 1 / 3, 0.1])
    assert len(Confusion(sure_of(best, labels)).most_confused(1)) == 1


def test_a_cell_leads_to_its_pictures_the_surest_first() -> None:
    logits = np.array([[0, 1], [0, 5], [3, 0], [0, 3]])
    answers = answers_of(logits, np.array([0, 0, 0, 1]))
    assert Confusion(answers).pictures(0, 1) == (PictureRef("test", 1), PictureRef("test", 0))
    assert Confusion(answers).pictures(1, 0) == ()


def test_the_worst_come_first() -> None:
    logits = np.array([[9, 0, 0], [4, 0, 3], [0, 8, 0], [0, 0, 6], [1, 0, 0.9]])
    answers = answers_of(logits, np.array([0, 2, 2, 2, 0]))
    losses, mistakes = top_losses(answers), confident_mistakes(answers)
    assert [one.key for one in losses] == ["test 2", "test 1", "test 4", "test 3", "test 0"]
    wanted = sorted((-np.log(one.label_probability) for one in losses), reverse=True)
    assert [one.loss for one in losses] == pytest.approx(wanted, abs=1e-5)
    assert [one.key for one in mistakes] == ["test 2", "test 1"]
    assert not any(one.is_right for one in mistakes)
    worst = mistakes[0]
    assert (worst.label, worst.answer, worst.ref) == ("c2", "c1", PictureRef("test", 2))
    assert worst.probability == pytest.approx(np.exp(8) / (np.exp(8) + 2))
    assert worst.label_probability == pytest.approx(1 / (np.exp(8) + 2), rel=1e-4)
    assert len(top_losses(answers, 2)) == 2 and len(confident_mistakes(answers, 1)) == 1
