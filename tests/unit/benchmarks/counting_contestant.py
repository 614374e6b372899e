"""A contestant that counts its turns, notes each in a file, and ends without an answer when told to."""

import sys
from pathlib import Path

from benchmarks.answering import Answers

answers = Answers()
print("what libraries print must not get between the answers")
turns = 0


def take_turn(name: str) -> dict[str, int]:
    global turns  # noqa: PLW0603
    if name == "nobody":
        raise SystemExit("fell over")
    turns += 1
    with Path(sys.argv[1]).open("a") as notes:
        notes.write(name + "\n")
    return {"turns": turns}


answers.serve({"name": "counting"}, take_turn)
