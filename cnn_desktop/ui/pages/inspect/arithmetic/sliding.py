"""Which cell comes next when the window slides, and which one a place under the cursor belongs to."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from cnn_desktop.ui.pages.inspect.subject import LayerCell

Shape = tuple[int, int, int]


def next_cell(cell: LayerCell, shape: Shape, by: int) -> LayerCell:
    """The cell `by` further on in its map, row by row and round; in a layer without extent, the next unit."""
    channels, rows, columns = shape
    if rows * columns == 1:
        return LayerCell((cell.channel + by) % channels, 0, 0)
    row, column = divmod((cell.row * columns + cell.column + by) % (rows * columns), columns)
    return LayerCell(cell.channel, row, column)


def nearest_output(place: float, *, length: int, stride: int, before: int, reach: int) -> int:
    """The row (or column) of the output whose window has its middle nearest to `place`.

    Args:
        place: of the input, from its edge.
        length: how many there are in the output.
        stride, before: how far a window goes on, and how much padding lies before the first.
        reach: how many rows of the input a window covers, from its first to its last.
    """
    return min(max(round((place + before - reach / 2) / stride), 0), length - 1)


class Player(QObject):
    """Calls `step` so many times a second while it plays."""

    def __init__(self, step: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.timeout.connect(step)

    @property
    def is_playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._timer.isActive()

    def set_speed(self, per_second: int) -> None:
        """Go so many cells a second."""
        self._timer.setInterval(1000 // per_second)

    def play(self, is_on: bool) -> None:
        """Begin, or stop where it is."""
        if is_on:
            self._timer.start()
        else:
            self._timer.stop()
