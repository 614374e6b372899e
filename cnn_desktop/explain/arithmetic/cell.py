"""Chooses the rule by which a number is written out, and sets torch's own beside it."""

from collections.abc import Iterator

from cnn_desktop.core.language import _
from cnn_desktop.explain.arithmetic import formulas, joining, lists, norms, windows
from cnn_desktop.explain.arithmetic.taken import Index, NoArithmeticError, Rule, Taken, index_of
from cnn_desktop.explain.arithmetic.working import After, Arithmetic, Cell, Working
from cnn_desktop.explain.recording import Operation, Recording

_RULES: dict[str, Rule] = windows.RULES | lists.RULES | formulas.RULES | norms.RULES | joining.RULES
_FOLLOWING = {*formulas.RULES, "batch_norm"}
"""What makes one number of one number, so that it is told along with the operation before it."""
_MOVING = ("permute", "transpose", "view", "reshape", "contiguous")


def explain_cell(recording: Recording, operation: str, cell: tuple[int, int, int]) -> Arithmetic:
    """Write out how one number of an operation came to be, in double precision, from what torch had before it.

    Args:
        recording: of a picture.
        operation: the name of an operation, or of a larger part of the network, whose last operation then counts.
        cell: channel, row and column, as in `recording.maps(operation)`.

    Raises:
        ModelError: there is no such operation.
        NoArithmeticError: there is no such number, or the operation is none that can be written out; says why.
    """
    found = recording.operation(operation)
    place = Cell(*cell)
    index = index_of(found.places, place)
    working = _working(recording, found, index)
    follows = tuple(_behind(recording, found, index))
    return Arithmetic(found.name, place, working, _torch(found, index), follows)


def _working(recording: Recording, operation: Operation, index: Index) -> Working:
    rule = _RULES.get(operation.function)
    if rule is None or isinstance(operation.arguments.get("weight"), str):
        raise NoArithmeticError(_why_not(operation))
    working = rule(Taken(recording, operation, index))
    if working.origin is None or operation.function not in _MOVING or not operation.module_name:
        return working
    # A layer that turns its numbers around once they are computed: what counts is how they were.
    source = recording.operations.get(working.origin.operation)
    if source is None or source.block != operation.module_name:
        return working
    return _working(recording, source, index_of(source.places, working.origin.cell))


def _behind(recording: Recording, operation: Operation, index: Index) -> Iterator[After]:
    while True:
        takers = [other for other in recording.operations.values() if operation.name in other.inputs]
        if len(takers) != 1 or takers[0].function not in _FOLLOWING or takers[0].shape != operation.shape:
            return
        operation = takers[0]
        yield After(operation.name, operation.kind, _working(recording, operation, index), _torch(operation, index))


def _torch(operation: Operation, index: Index) -> float:
    return float(operation.output[0][index])


def _why_not(operation: Operation) -> str:
    if "attention" in operation.function:
        text = _("“{name}” lets all places of the picture look at each other: too many numbers to be written out.")
    elif not operation.is_layer:
        text = _("“{name}” computes nothing: it only moves numbers.")
    else:
        text = _("How “{name}” ({kind}) computes a number can’t be written out here.")
    return text.format(name=operation.name, kind=operation.kind)
