import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.manifold import TSNE

from cnn_desktop.core.errors import CancelledError
from cnn_desktop.explain.projection import by_neighbours, by_widest_directions, neighbours_kept


def digits(count: int) -> np.ndarray:
    return load_digits().data[:count].astype(np.float32)


def test_the_widest_directions_are_those_of_the_variance() -> None:
    generator = np.random.default_rng(0)
    points = generator.normal(size=(500, 6)) * np.array([9, 5, 1, 1, 1, 1])
    turn, _rest = np.linalg.qr(generator.normal(size=(6, 6)))
    places, share = by_widest_directions((points @ turn).astype(np.float32))
    assert places.std(axis=0) == pytest.approx([9, 5], rel=0.1)
    assert share == pytest.approx((81 + 25) / (81 + 25 + 4), abs=0.02)


def test_neighbours_are_kept_as_well_as_by_scikit_learns_own_steps() -> None:
    points = digits(200)
    seen: list[np.ndarray] = []
    places = by_neighbours(points, watcher=seen.append)
    kept = neighbours_kept(points, places)
    assert kept > neighbours_kept(points, TSNE(random_state=0).fit_transform(points)) - 0.03
    assert kept > 1.5 * neighbours_kept(points, by_widest_directions(points)[0])
    assert np.array_equal(seen[-1], places) and len(seen) > 2
    few = points[:40]
    assert np.array_equal(by_neighbours(few), by_neighbours(few))


def test_few_points_and_equal_ones_have_a_map() -> None:
    for points in (digits(3), np.zeros((12, 4), np.float32), np.repeat(digits(4), 3, axis=0)):
        assert np.isfinite(by_neighbours(points)).all()


def test_a_map_can_be_cancelled_between_its_stages() -> None:
    stages: list[int] = []

    def stop(done: int, _total: int) -> None:
        stages.append(done)
        if done == 2:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        by_neighbours(digits(60), stop)
    assert stages == [0, 1, 2]


def test_neighbours_kept_counts() -> None:
    line = np.arange(40, dtype=np.float32)[:, None]
    assert neighbours_kept(line, np.hstack([line, line])) == 1
    shuffled = np.random.default_rng(1).permutation(40).astype(np.float32)[:, None]
    assert neighbours_kept(line, shuffled, nearest=4) < 0.4
