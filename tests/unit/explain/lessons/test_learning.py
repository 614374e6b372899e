"""The small trainings teach what the lessons say that they teach."""

import pytest
import torch

from cnn_desktop.explain.lessons.learning import (
    Dials,
    Material,
    SmallTraining,
    Transfer,
    crosses_and_noughts,
    digits,
    small_network,
)
from cnn_desktop.explain.lessons.learning.training import varied


@pytest.fixture(scope="module")
def ten_digits() -> Material:
    return digits()


def test_the_loss_falls_and_new_digits_are_recognised(ten_digits: Material) -> None:
    network = small_network(8, 10)
    assert sum(parameter.numel() for parameter in network.parameters()) == 3_818
    looks = list(SmallTraining(network, ten_digits, Dials(batch_size=64)).looks(200, every=40))
    assert looks[0].learned.loss == pytest.approx(2.3, abs=0.1)
    assert looks[0].tested.accuracy < 0.2
    assert looks[-1].learned.loss < 0.2
    assert looks[-1].tested.accuracy > 0.9
    assert looks[-1].answers.sum(1).allclose(torch.ones(12))
    assert [look.step for look in looks] == [0, 40, 80, 120, 160, 200]


def test_the_same_seed_gives_the_same_numbers_and_leaves_torchs_generator_alone(ten_digits: Material) -> None:
    before = torch.random.get_rng_state()
    runs = [
        list(SmallTraining(small_network(8, 10), ten_digits, Dials(augments=True)).looks(5, every=5))
        for _run in range(2)
    ]
    assert torch.equal(runs[0][-1].filters, runs[1][-1].filters)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_rate_that_is_turned_meanwhile_counts_at_once(ten_digits: Material) -> None:
    dials = Dials()
    training = SmallTraining(small_network(8, 10), ten_digits, dials)
    training.take_step()
    dials.learning_rate = 0.0
    before = training.look().filters
    training.take_step()
    assert torch.equal(training.look().filters, before)


def test_few_pictures_are_learned_by_heart_and_augmentation_helps() -> None:
    material = crosses_and_noughts(10)
    assert material.labels.tolist().count(0) == 5
    ends = [
        list(SmallTraining(small_network(16, 2), material, Dials(0.02, 16, augments=augments)).looks(400, 400))[-1]
        for augments in (False, True)
    ]
    plain, moved = ends
    assert plain.learned.accuracy == 1
    assert plain.learned.accuracy - plain.tested.accuracy > 0.1
    assert moved.tested.accuracy > plain.tested.accuracy + 0.05


def test_more_pictures_are_the_first_ones_and_others() -> None:
    few, more = crosses_and_noughts(6), crosses_and_noughts(100)
    assert len(few.pictures) == 6
    assert len(more.pictures) == 100
    assert torch.equal(few.test_pictures, more.test_pictures)
    assert all(any(torch.equal(one, other) for other in more.pictures) for one in few.pictures)
    assert not torch.equal(varied(few.pictures), few.pictures)


def test_tuning_begins_ahead_and_frozen_layers_stay() -> None:
    transfer = Transfer()
    with pytest.raises(ValueError, match="learned first"):
        next(transfer.tune(2, 1, Dials(), 5))
    first = list(transfer.learn_first())[-1]
    assert first.tested.accuracy > 0.95
    looks = list(transfer.tune(2, 2, Dials(0.01, 10), 25))
    tuned, anew = looks[-1]
    assert tuned.step == anew.step == 25
    assert tuned.tested.accuracy > anew.tested.accuracy + 0.2
    assert torch.equal(tuned.filters, looks[0][0].filters)
    assert not torch.equal(anew.filters, looks[0][1].filters)
    assert (tuned.weights_learning, anew.weights_learning) == (1_285, 2_533)


def test_digits_are_labelled_by_their_place_among_those_wanted() -> None:
    few = digits(range(5, 10), per_class=3)
    assert few.classes == ("5", "6", "7", "8", "9")
    assert sorted(few.labels.tolist()) == sorted(3 * [0, 1, 2, 3, 4])
    assert set(few.test_labels.tolist()) == {0, 1, 2, 3, 4}
