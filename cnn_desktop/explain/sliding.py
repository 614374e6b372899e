"""Which cells of its input one operation takes for given cells of its output."""

from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it

from cnn_desktop.explain.recording.axes import RESHAPING, found_again
from cnn_desktop.explain.recording.functions import ACTIVATIONS, IDENTITIES
from cnn_desktop.explain.recording.operation import Operation, Places

_CELL_BY_CELL = ACTIVATIONS.union(
    IDENTITIES,
    ("add", "sub", "mul", "div", "rsub", "pow", "maximum", "minimum", "where", "lerp", "batch_norm"),
    ("clone", "contiguous", "detach", "float", "to", "type", "type_as", "local_response_norm"),
)
_ALONG_ONE_AXIS = ("chunk", "split", "cat", "softmax", "log_softmax")
_ALONG_THE_LAST_AXIS = ("linear", "layer_norm")


class Cells(NamedTuple):
    """Where some rows and some columns cross: bool, one for each row and each column of a tensor."""

    rows: np.ndarray
    columns: np.ndarray

    def lies_in(self, other: "Cells") -> bool:
        """Whether `other` has all of these."""
        return bool((self.rows <= other.rows).all() and (self.columns <= other.columns).all())


def cells_taken(operation: Operation, places: Places, cells: Cells) -> Cells:
    """What `operation` takes of an input that has `places`, to compute `cells` of its own output.

    All cells where the operation mixes them, or isn't known.
    """
    sides = places.extent
    if places.axes.row is not None and operation.axes.row is not None:
        if operation.window is not None:
            return Cells(*(_slid(operation, cells[at], sides[at], at) for at in (0, 1)))
        if operation.function.startswith("adaptive_"):
            return Cells(*(_shared_out(cells[at], sides[at]) for at in (0, 1)))
        if _is_cell_by_cell(operation, places):
            return Cells(*(_alike(cells[at], sides[at]) for at in (0, 1)))
        if (origins := _origins(operation, places)) is not None:
            return Cells(*(_chosen(origins[at][cells[at]], sides[at]) for at in (0, 1)))
    return Cells(*(np.ones(side, bool) for side in sides))


def _slid(operation: Operation, wanted: np.ndarray, side: int, at: int) -> np.ndarray:
    window = operation.window
    assert window is not None
    starts = np.flatnonzero(wanted) * window.stride[at] - window.before[at]
    return _chosen(starts[:, None] + np.arange(window.kernel[at]) * window.dilation[at], side)


def _shared_out(wanted: np.ndarray, side: int) -> np.ndarray:
    """torch divides the side evenly; neighbouring parts overlap where that leaves a rest."""
    count, taken = len(wanted), np.zeros(side, bool)
    for at in np.flatnonzero(wanted):
        taken[at * side // count : -(-(at + 1) * side // count)] = True
    return taken


def _alike(wanted: np.ndarray, side: int) -> np.ndarray:
    return wanted if side == len(wanted) else np.full(side, wanted.any())


def _chosen(places: np.ndarray, side: int) -> np.ndarray:
    """What lies outside is padding."""
    taken = np.zeros(side, bool)
    taken[places[(places >= 0) & (places < side)]] = True
    return taken


def _is_cell_by_cell(operation: Operation, places: Places) -> bool:
    """Whether each cell comes of the cell in the same place, or of the only one in its row or column."""
    function, arguments = operation.function, operation.arguments
    if function in ("permute", "transpose"):
        return True
    if function in RESHAPING:
        return found_again(places.axes, places.shape, operation.places.shape) is not None
    if places.axes[1:] != operation.axes[1:]:
        return False
    if function in _ALONG_ONE_AXIS:
        return arguments.get("dim", 0) % len(places.shape) == places.axes.channel
    is_last = places.axes.channel == len(places.shape) - 1
    if function == "layer_norm":
        return is_last and len(arguments["normalized_shape"]) == 1
    return is_last if function == "linear" else function in _CELL_BY_CELL


def _origins(operation: Operation, places: Places) -> list[np.ndarray] | None:
    """For each row, and each column, of an output that only moves cells: which one of the input it is, -1 for none.

    None where the operation does something else.
    """
    origins = []
    for source, target in zip(places.axes[1:], operation.axes[1:], strict=True):
        assert source is not None
        assert target is not None
        numbers = torch.arange(places.shape[source], dtype=torch.float32) + 1
        form = [-1 if axis == source else 1 for axis in range(len(places.shape))]
        moved = _moved(operation, numbers.reshape(form).expand(places.shape))
        if moved is None:
            return None
        line = moved.movedim(target, 0).flatten(1).amax(dim=1)
        origins.append(line.numpy().astype(int) - 1)
    return origins


def _moved(operation: Operation, numbers: torch.Tensor) -> torch.Tensor | None:
    arguments = operation.arguments
    match operation.function:
        case "getitem" if _is_plain(arguments["index"]):
            return numbers[arguments["index"]]
        case "pad":
            return F.pad(numbers, arguments["pad"], mode=arguments.get("mode", "constant"))
        case _:
            return None


def _is_plain(index: Any) -> bool:
    parts = index if isinstance(index, tuple) else (index,)
    return all(part is None or part is Ellipsis or isinstance(part, int | slice) for part in parts)
