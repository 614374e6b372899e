import numpy as np
import pytest

from cnn_desktop.explain.ordering import order_of


@pytest.fixture
def maps() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(12, 9, 7)).astype(np.float32)


def test_by_number_is_the_layers_own_order(maps: np.ndarray) -> None:
    assert order_of(maps, "index").tolist() == list(range(12))


def test_by_mean_the_strongest_comes_first(maps: np.ndarray) -> None:
    means = maps.mean(axis=(1, 2))[order_of(maps, "mean")]
    assert (np.diff(means) <= 0).all()


def test_equal_maps_stay_in_their_order() -> None:
    assert order_of(np.ones((5, 2, 2), np.float32), "mean").tolist() == [0, 1, 2, 3, 4]


def test_maps_that_are_alike_stand_together_whatever_their_size_and_scale() -> None:
    generator = np.random.default_rng(1)
    patterns = generator.normal(size=(4, 40, 33)).astype(np.float32)
    kinds = generator.permutation(np.repeat(np.arange(4), 5))
    gains = generator.uniform(0.5, 20, (20, 1, 1))
    noise = 0.05 * generator.normal(size=(20, 40, 33))
    maps = (gains * (patterns[kinds] + noise) + generator.normal(size=(20, 1, 1))).astype(np.float32)
    ordered = kinds[order_of(maps, "similarity")]
    assert np.count_nonzero(np.diff(ordered)) == 3


@pytest.mark.parametrize("order", ["index", "mean", "similarity"])
@pytest.mark.parametrize("shape", [(1, 3, 3), (30, 1, 1), (8, 1, 5)])
def test_every_map_has_one_place_also_flat_ones_and_what_is_no_number(shape: tuple[int, ...], order: str) -> None:
    maps = np.random.default_rng(2).normal(size=shape).astype(np.float32)
    maps[0] = np.nan
    maps[-1] = 0
    assert sorted(order_of(maps, order)) == list(range(shape[0]))  # pyright: ignore[reportArgumentType]
