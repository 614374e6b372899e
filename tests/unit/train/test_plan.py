from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.train.plan import Plan


def _plan(pictures: int, freeze: int = 0, **recipe: object) -> Plan:
    return Plan(RunConfig(dataset="d", architecture="a", freeze=freeze, recipe=Recipe.checked(recipe)), pictures)


def test_steps_and_epochs() -> None:
    plan = _plan(100, batch_size=32, epochs=3)
    assert (plan.steps_per_epoch, plan.total_steps, plan.epochs) == (4, 12, 3)
    assert [plan.epoch_of(step) for step in (1, 4, 5, 12)] == [1, 1, 2, 3]
    assert [step for step in range(1, 13) if plan.is_epoch_end(step)] == [4, 8, 12]


def test_a_number_of_steps_ends_an_epoch_early() -> None:
    plan = _plan(100, batch_size=32, epochs=9, steps=6)
    assert (plan.total_steps, plan.epochs) == (6, 2)
    assert plan.is_epoch_end(6)


def test_a_last_picture_alone_is_left_out() -> None:
    assert _plan(65, batch_size=32).usable == 64
    assert _plan(65, batch_size=1).usable == 65
    assert _plan(1, batch_size=32).usable == 1


def test_layers_are_unfrozen_one_by_one() -> None:
    plan = _plan(40, freeze=3, batch_size=10, unfreeze_every=0.5)
    assert [plan.frozen_layers(step) for step in range(8)] == [3, 3, 2, 2, 1, 1, 0, 0]
    assert _plan(40, freeze=3, batch_size=10).frozen_layers(1000) == 3
