"""How much each label is at odds with what a network sees: two opinions on a picture, given without its own label."""

import numpy as np
from sklearn.neighbors import NearestNeighbors
from sklearn.utils.extmath import randomized_svd

_DIRECTIONS = 256
_NEAR_DIRECTIONS = 64
_NEIGHBOURS = 40
_STIFFNESS = 1.0
"""Of the linear opinion: it tells in how many pictures a direction has to agree before it is trusted."""
_WEIGHT = 0.2
"""Of the neighbours' opinion beside the linear one."""


def label_doubt(embedding: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each picture how doubtful its label is, and the label that it seems to belong to instead.

    The neighbours' opinion is the balanced share of each class among the nearest pictures. The linear one is that of a
    ridge regression on class indicators that was fitted without the picture (its leave-one-out form; Allen, 1974). Each
    says by how much another class is ahead of the label.

    Args:
        embedding: float, N×features.
        labels: int64, N; two classes or more.

    Returns:
        float64 N: above 0 where another label fits better, the more the likelier; and that other label, int64 N.
    """
    numbers, places = np.unique(labels, return_inverse=True)
    directions = _directions(embedding)
    opinions = _linear(directions, places) + _WEIGHT * _neighbours(directions[:, :_NEAR_DIRECTIONS], places)
    own = opinions[np.arange(len(places)), places].copy()
    opinions[np.arange(len(places)), places] = -np.inf
    return opinions.max(axis=1) - own, numbers[opinions.argmax(axis=1)]


def _directions(embedding: np.ndarray) -> np.ndarray:
    """float32 N×directions: where the pictures lie in the directions in which they differ most."""
    # Roots weigh the few strong features of a picture against its many weak ones.
    rooted = _unit(np.sign(embedding) * np.sqrt(np.abs(embedding)).astype(np.float32))
    rooted = _unit(rooted - rooted.mean(axis=0))
    count = min(_DIRECTIONS, *rooted.shape)
    lengths, sizes, _axes = randomized_svd(rooted, count, n_iter=2, random_state=0)  # pyright: ignore[reportArgumentType]
    return lengths * sizes


def _linear(directions: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """float64 N×classes: about 1 for the class that a picture belongs to, about 0 for others."""
    values = np.column_stack([directions, np.ones(len(directions))]).astype(np.float64)
    wanted = np.eye(labels.max() + 1)[labels]
    weights = (1 / np.bincount(labels))[labels]  # every class counts as much
    weights *= len(labels) / weights.sum()
    weighted = values * weights[:, None]
    inverse = np.linalg.inv(values.T @ weighted + _STIFFNESS * np.eye(values.shape[1]))
    answers = values @ (inverse @ (weighted.T @ wanted))
    leverage = ((values @ inverse) * weighted).sum(axis=1)
    return wanted - (wanted - answers) / (1 - leverage)[:, None]


def _neighbours(directions: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """float64 N×classes: the logarithm of each class's balanced share of the nearest pictures."""
    count = min(_NEIGHBOURS, len(labels) - 1)
    points = _unit(directions)
    found = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(points).kneighbors(return_distance=False)
    classes = labels.max() + 1
    votes = np.stack([(labels[found] == label).sum(axis=1) for label in range(classes)], axis=1) + 0.5
    shares = votes / np.bincount(labels, minlength=classes)
    return np.log(shares / shares.sum(axis=1, keepdims=True))


def _unit(values: np.ndarray) -> np.ndarray:
    return values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-6)
