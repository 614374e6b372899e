"""A contestant's side of the pipe: it says what it is, then runs whenever it is told to.

The standard library only: contestants live in environments of their own.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

Order = dict[str, Any]
Answer = dict[str, Any]


class Answers:
    """The way to whoever gives the orders; make it first, for what libraries print must not get in between."""

    def __init__(self) -> None:
        self._stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)

    def send(self, answer: Answer) -> None:
        """Write `answer` as one line of JSON."""
        self._stream.write(json.dumps(answer) + "\n")
        self._stream.flush()

    def serve(self, facts: Answer, run: Callable[..., Answer]) -> None:
        """Send `facts`, then `run(**order)` for each order that comes, until the other side hangs up."""
        self.send(facts)
        for line in sys.stdin:
            self.send(run(**json.loads(line)))
