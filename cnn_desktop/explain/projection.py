"""Points of many dimensions on a plane: by their widest directions, or so that neighbours stay together."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnn_desktop.core.progress import Progress, no_progress

_PERPLEXITY = 30.0
_STAGES = 4
"""Of t-SNE, after which the map can be seen and the work cancelled; scikit-learn offers no finer step."""
_STAGE = 250
"""Steps of each; scikit-learn's own map takes 1,000 steps of which the first 250 are exaggerated, as here."""
_EXAGGERATION = 12.0
_MOMENTUM = (0.5, 0.8)
"""scikit-learn's for the first 250 steps of a call, which are all that there are here, and for later ones."""


def by_widest_directions(points: np.ndarray) -> tuple[np.ndarray, float]:
    """Principal component analysis: float32 N×2, and which share of the points' variance the plane holds."""
    from sklearn.decomposition import PCA  # noqa: PLC0415  slow

    if not np.ptp(points, axis=0).any():
        return np.zeros((len(points), 2), np.float32), 1.0
    plane = PCA(2, random_state=0).fit(points)
    return plane.transform(points).astype(np.float32), float(plane.explained_variance_ratio_.sum())


def by_neighbours(
    points: np.ndarray, progress: Progress = no_progress, watcher: Callable[[np.ndarray], None] | None = None
) -> np.ndarray:
    """t-SNE by scikit-learn (van der Maaten and Hinton, 2008; Barnes-Hut, 2014): float32 N×2.

    Begins with the widest directions, so that the same points give the same map.

    Args:
        points: float32 N×D, N at least 3.
        progress: told of stages, of which there are few; may raise `CancelledError`.
        watcher: given the map after each.

    Raises:
        CancelledError: `progress` raised it.
    """
    from sklearn.manifold import TSNE  # noqa: PLC0415  slow
    from sklearn.neighbors import NearestNeighbors  # noqa: PLC0415

    count = len(points)
    perplexity = min(_PERPLEXITY, (count - 1) / 3)
    progress(0, _STAGES + 1)
    near = min(count, int(3 * perplexity + 1) + 1)  # one more, since each is its own nearest
    distances = NearestNeighbors(n_neighbors=near).fit(points).kneighbors_graph(points, mode="distance")
    places, _share = by_widest_directions(points)
    places = np.ascontiguousarray(places / max(float(places[:, 0].std()), 1e-12) * 1e-4, np.float32)
    for stage in range(1, _STAGES + 1):
        progress(stage, _STAGES + 1)
        is_first = stage == 1
        rate = max(count / _EXAGGERATION / 4, 50.0)
        if not is_first:  # as far as with the larger momentum that scikit-learn gives to later steps
            rate *= (1 - _MOMENTUM[0]) / (1 - _MOMENTUM[1])
        settings: dict[str, Any] = {"learning_rate": rate, "init": places}  # its types say less than its documents
        exaggeration = _EXAGGERATION if is_first else 1.0
        method = TSNE(
            perplexity=perplexity,
            early_exaggeration=exaggeration,
            max_iter=_STAGE,
            metric="precomputed",
            random_state=0,
            **settings,
        )
        places = method.fit_transform(distances)
        if watcher is not None:
            watcher(places)
    progress(_STAGES + 1, _STAGES + 1)
    return places


def neighbours_kept(points: np.ndarray, places: np.ndarray, nearest: int = 10, sample: int = 1000) -> float:
    """Of the `nearest` points to a point, the share that are so on the map too, on average over at most `sample`."""
    from sklearn.neighbors import NearestNeighbors  # noqa: PLC0415  slow

    asked = np.sort(np.random.default_rng(0).permutation(len(points))[:sample])
    nearest = min(nearest, len(points) - 1)
    found = [
        NearestNeighbors(n_neighbors=nearest + 1).fit(space).kneighbors(space[asked], return_distance=False)
        for space in (points, places)
    ]
    shared = [
        len((set(first) & set(second)) - {own}) / nearest for own, first, second in zip(asked, *found, strict=True)
    ]
    return float(np.mean(shared))
