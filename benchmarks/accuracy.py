"""Trains to the end through the command line, a run folder for each seed; what is done stays, what isn't goes on.

Remove `build/benchmarks/accuracy` to start from nothing.
"""

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.accuracy_result import AccuracyResult, SeedFigures
from benchmarks.contestant import clean_environment
from benchmarks.machine import machine
from benchmarks.pictures import real_data
from benchmarks.places import ACCURACY_RUNS, LOGS, ROOT
from cnn_desktop.train.setup import default_config


@dataclass(frozen=True)
class Trial:
    """What is trained with its default recipe on the whole training split, and how many times."""

    architecture: str
    dataset: str
    seeds: int


TRIALS = (
    Trial("mnist_cnn", "mnist", 3),
    Trial("cifar_vgg6", "cifar10", 3),
    Trial("cifar_tf", "cifar10", 1),
    Trial("resnet9", "cifar10", 3),
)


class OutOfTimeError(Exception):
    """The time that was given is over; a checkpoint was saved."""


def measure(trial: Trial, deadline: float, home: Path) -> AccuracyResult | None:
    """Train until `deadline` (of `time.monotonic`), and return the figures of the seeds that are done, if any.

    Raises:
        SystemExit: no folder of real data is named.
        subprocess.CalledProcessError: a run failed; its log says why.
    """
    runs: list[SeedFigures] = []
    for seed in range(trial.seeds):
        try:
            finished = _train(trial, seed, deadline, home)
        except OutOfTimeError:
            break
        runs.append(SeedFigures.model_validate({**finished, "seed": seed}))
    if not runs:
        return None
    return AccuracyResult(
        machine=machine(),
        architecture=trial.architecture,
        dataset=trial.dataset,
        epochs=default_config(trial.dataset, trial.architecture).recipe.epochs,
        runs=runs,
    )


def _train(trial: Trial, seed: int, deadline: float, home: Path) -> dict[str, Any]:
    """The last event of the seed's run, which is begun or gone on with where it isn't done."""
    run = ACCURACY_RUNS / f"{trial.architecture}-seed{seed}"
    if (finished := _outcome(run)) and finished["outcome"] == "done":
        return finished
    if time.monotonic() >= deadline:
        raise OutOfTimeError
    command = [sys.executable, "-m", "cnn_desktop", "train", "--json", *_arguments(trial, seed, run)]
    print(f"  {run.name}", file=sys.stderr, flush=True)
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / f"{run.name}.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=clean_environment(home))
        try:
            code = process.wait(deadline - time.monotonic())
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            code = process.wait()
    finished = _outcome(run)
    if code == 130:
        raise OutOfTimeError
    if code or finished is None:
        raise subprocess.CalledProcessError(code, command)
    return finished


def _arguments(trial: Trial, seed: int, run: Path) -> list[str]:
    if (run / "checkpoints" / "last.json").is_file():
        return ["--resume", str(run)]
    data = real_data()
    if data is None:
        raise SystemExit("CNN_DESKTOP_DATA must name the folder of datasets that accuracy is measured on.")
    what = ["--dataset", trial.dataset, "--arch", trial.architecture, "--data-root", str(data), "--val-fraction", "0"]
    return [*what, "--seed", str(seed), "--run-dir", str(run)]


def _outcome(run: Path) -> dict[str, Any] | None:
    """The event with which the run ended, if it did."""
    metrics = run / "metrics.jsonl"
    lines = metrics.read_text().splitlines() if metrics.is_file() else []
    last = json.loads(lines[-1]) if lines and lines[-1].endswith("}") else {}
    return last if last.get("event") == "run_finished" else None
