"""Contestant: the program's own engine, its threads waiting in one of several ways.

Run as: waiting_contestant.py WAY ARCHITECTURE DATASET BATCH_SIZE PRECISION.
"""

import os
import sys

WAYS: dict[str, dict[str, str]] = {
    "the program's default": {},
    "GNU's default": {"GOMP_SPINCOUNT": "300000"},
    "10,000 turns": {"GOMP_SPINCOUNT": "10000"},
    "1,000 turns": {"GOMP_SPINCOUNT": "1000"},
    "100 turns": {"GOMP_SPINCOUNT": "100"},
    "asleep at once": {"OMP_WAIT_POLICY": "PASSIVE"},
    "one thread": {"OMP_NUM_THREADS": "1"},
}
"""Environment variables, which OpenMP reads when torch is imported."""


def main() -> None:
    """Become the engine."""
    os.environ.update(WAYS[sys.argv.pop(1)])
    from benchmarks.ours import main as train  # noqa: PLC0415 - imports torch

    train()


if __name__ == "__main__":
    main()
