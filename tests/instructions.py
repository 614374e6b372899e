"""How much Python a step runs: work that no other program on the machine changes, as time would be."""

import sys
from collections.abc import Callable
from types import FrameType


def instructions(step: Callable[[], object]) -> int:
    """How many instructions of Python's own `step` takes in this thread, with all that Qt calls back meanwhile.

    What C++ and numpy do isn't seen, but whatever goes through pictures, rows or cells one by one in Python is.
    """
    count = 0

    def count_one(frame: FrameType, event: str, _argument: object) -> object:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return count_one

    before = sys.gettrace()
    sys.settrace(count_one)
    try:
        step()
    finally:
        sys.settrace(before)
    return count
