"""Which part of a plane of points is seen, and where its points lie in pixels."""

import numpy as np

_MARGIN = 0.06
"""Of the view's shorter side, around all points."""
_CLOSEST = 200.0


class Plane:
    """All points fitted into the view, until a person zooms in; both directions have one scale."""

    def __init__(self) -> None:
        self._places = np.zeros((0, 2), np.float32)
        self._size = (1.0, 1.0)
        self.zoom = 1.0
        self._centre = np.zeros(2)
        """Of the view, in the points' own units."""

    def show(self, places: np.ndarray, *, keeps_view: bool = False) -> None:
        """Show points, float N×2."""
        self._places = places
        if not keeps_view:
            self.reset()

    def reset(self) -> None:
        """Show everything."""
        self.zoom = 1.0
        self._centre = self._middle

    def resize(self, width: float, height: float) -> None:
        """The view has this size in pixels."""
        self._size = max(1.0, width), max(1.0, height)

    def pixels(self) -> np.ndarray:
        """Where the points lie: float N×2, x to the right and y down."""
        return self._to_pixels(self._places)

    def zoom_by(self, factor: float, x: float, y: float) -> None:
        """Come nearer, or go away; what lies at pixel (x, y) stays there."""
        before = self._from_pixels(x, y)
        self.zoom = float(np.clip(self.zoom * factor, 1.0, _CLOSEST))
        self._centre = self._centre + before - self._from_pixels(x, y)
        if self.zoom == 1.0:
            self._centre = self._middle

    def pan_by(self, x: float, y: float) -> None:
        """Move what is seen by so many pixels."""
        self._centre = self._centre - np.array([x, -y]) / self._scale

    @property
    def _ends(self) -> tuple[np.ndarray, np.ndarray]:
        if not len(self._places):
            return np.zeros(2), np.ones(2)
        return self._places.min(axis=0).astype(float), self._places.max(axis=0).astype(float)

    @property
    def _middle(self) -> np.ndarray:
        low, high = self._ends
        return (low + high) / 2

    @property
    def _scale(self) -> float:
        """Pixels for each unit."""
        low, high = self._ends
        margin = 2 * _MARGIN * min(self._size)
        extent = np.maximum(high - low, 1e-9)
        return float(np.min((np.array(self._size) - margin) / extent)) * self.zoom

    def _to_pixels(self, places: np.ndarray) -> np.ndarray:
        moved = (places - self._centre) * self._scale
        return moved * (1, -1) + np.array(self._size) / 2

    def _from_pixels(self, x: float, y: float) -> np.ndarray:
        return (np.array([x, y]) - np.array(self._size) / 2) * (1, -1) / self._scale + self._centre


def inside(outline: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Which of the points (N×2) lie in the polygon (M×2, closed by itself), by the even-odd rule: bool N."""
    x, y = pixels[:, 0], pixels[:, 1]
    crossings = np.zeros(len(pixels), np.int64)
    for (x1, y1), (x2, y2) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if y1 == y2:
            continue
        spans = (y1 > y) != (y2 > y)
        crossings += spans & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return crossings % 2 == 1
