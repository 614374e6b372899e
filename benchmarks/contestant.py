"""Children that compute only when told to, and rounds in which each of them has its turn."""

import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.answering import Answer
from benchmarks.places import LOGS, PICTURES, ROOT

_TUNING = ("OMP_", "KMP_", "GOMP_", "MKL_", "TF_", "KERAS_", "XDG_", "CNN_DESKTOP_")
_PATIENCE_SECONDS = 180.0
"""After which a silent contestant is taken for hanging."""
_FAREWELL_SECONDS = 10.0


class Contestant:
    """A module of ours in a process of its own, which answers orders one at a time.

    Args:
        name: names its log file.
        module: dotted name of the module to run, and its arguments.
        home: a folder that it may take for the person's home.
        python: the interpreter, where it isn't this one.

    Raises:
        RuntimeError: it ended before it was ready; the message holds the end of its log.
    """

    def __init__(self, name: str, module: list[str], home: Path, python: Path | None = None) -> None:
        LOGS.mkdir(parents=True, exist_ok=True)
        self.name = name
        self._log = LOGS / f"{name}.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [python or sys.executable, "-m", *module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=ROOT,
                env=clean_environment(home),
            )
        self.facts = self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            self._process.communicate(timeout=_FAREWELL_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def run(self, **order: float | str | bool) -> Answer:
        """Give an order and wait for the answer.

        Raises:
            RuntimeError: it ended instead; the message holds the end of its log.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Answer:
        assert self._process.stdout is not None
        patience = threading.Timer(_PATIENCE_SECONDS, self._process.kill)
        patience.start()
        line = self._process.stdout.readline()
        patience.cancel()
        if not line:
            raise RuntimeError(f"{self.name} ended with {self._process.wait()}:\n{self._log.read_text()[-2000:]}")
        return json.loads(line)


def clean_environment(home: Path) -> dict[str, str]:
    """This process's environment without what tunes libraries, and with a home and datasets of the benchmark's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_TUNING)}
    homes = dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA"), str(home))
    return kept | homes | {"CNN_DESKTOP_DATA": str(PICTURES)}


def interleaved(contestants: Mapping[str, tuple[Contestant, Answer]], rounds: int) -> dict[str, list[Answer]]:
    """Each contestant's answers to its order, one a round; the order of turns is drawn anew for every round.

    So the machine's moods, such as a neighbour's load, meet all of them, and nobody always follows the same one.
    """
    answers: dict[str, list[Answer]] = {name: [] for name in contestants}
    turns = random.Random(0)
    for number in range(rounds):
        for name in turns.sample(list(contestants), len(contestants)):
            contestant, order = contestants[name]
            answers[name].append(contestant.run(**order))
        print(f"  round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return answers
