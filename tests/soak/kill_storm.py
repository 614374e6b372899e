"""Kills a run with `kill -9` again and again, and compares what it ends with to a run that nobody disturbed.

    python -m tests.soak.kill_storm [--kills 20] [--steps 1500] [--seed 0]

Exit code 1 when a bit differs, when a run went back further than the checkpoint interval, or behind a step that it had
said to be saved.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from tests.soak.same_end import differences

INTERVAL = 0.3
_SLACK_SECONDS = 1.0
"""For the steps between two looks at the clock on a busy machine."""
_RECIPE = ["--augment", "flip,crop=2", "--ema-decay", "0.99", "--optimizer", "sgd", "--lr", "0.02"]
_RECIPE += ["--schedule", "one_cycle", "--batch-size", "16", "--device", "cpu", "--precision", "fp32", "--seed", "7"]


@dataclass
class Start:
    """One process of a run, from its start to its end."""

    first_step: int = 0
    last_step: int = 0
    """The last that it reported."""
    saved_step: int = 0
    """The last that it said to be saved, or else the one that it began with."""
    unsaved_seconds: float = 0.0
    """From then on to its end."""
    longest_save: float = 0.0
    outcome: str = "killed"

    @property
    def allowed_seconds(self) -> float:
        """The interval that the program states: longer where saving takes more than a twentieth of it."""
        return max(INTERVAL, 20 * self.longest_save) + self.longest_save + _SLACK_SECONDS


@dataclass
class Storm:
    """A set to train on, and what became of it."""

    name: str
    dataset: str
    environment: dict[str, str]
    starts: list[Start] = field(default_factory=list[Start])
    wrong: list[str] = field(default_factory=list[str])

    def blow(self, place: Path, steps: int, kills: int, seed: int) -> None:
        """Train once undisturbed and once killed; note what went wrong."""
        chance = random.Random(seed)
        train = ["--dataset", self.dataset, "--arch", "mnist_cnn", "--steps", str(steps), *_RECIPE, "--run-dir"]
        whole, cut = place / "whole", place / "cut"
        self._start([*train, str(whole)], place, None, 0.0)
        for target in sorted(chance.sample(range(1, steps * 19 // 20), kills)):
            can_go_on = (cut / "checkpoints" / "last.json").exists()
            arguments = ["--resume", str(cut)] if can_go_on else self._anew(train, cut)
            self.starts.append(self._start(arguments, place, target, chance.uniform(0, 0.2)))
        self.starts.append(self._start(["--resume", str(cut)], place, None, 0.0))
        self._check_starts()
        self.wrong += differences(whole, cut)

    @staticmethod
    def _anew(train: list[str], run: Path) -> list[str]:
        shutil.rmtree(run, ignore_errors=True)  # killed before its first checkpoint, there is nothing to go on from
        return [*train, str(run)]

    def _start(self, arguments: list[str], place: Path, kill_at: int | None, delay: float) -> Start:
        """Run the command line until it ends, or until it is killed some time after the step `kill_at`."""
        command = [sys.executable, "-m", "cnn_desktop", "train", *arguments, "--json"]
        own = {"HOME": str(place), "CNN_DESKTOP_CHECKPOINT_SECONDS": str(INTERVAL), **self.environment}
        with subprocess.Popen(
            command, env={**os.environ, **own}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            start = Start()
            saved_at = before = time.perf_counter()
            for event in _events(process):
                now = time.perf_counter()
                match event["event"]:
                    case "training_started":
                        start.first_step = start.saved_step = event["first_step"]
                        saved_at = now
                    case "checkpoint_saved":
                        start.saved_step, saved_at = event["step"], now
                        start.longest_save = max(start.longest_save, now - before)
                    case "steps_done":
                        start.last_step = event["step"]
                        if kill_at is not None and event["step"] >= kill_at:
                            time.sleep(delay)
                            process.send_signal(signal.SIGKILL)
                            start.unsaved_seconds = time.perf_counter() - saved_at
                            kill_at = None
                    case "run_finished":
                        start.outcome = event["outcome"]
                before = now
            if start.outcome != "done" and process.wait() != -signal.SIGKILL:
                raise RuntimeError(process.stderr.read() if process.stderr else "")
        return start

    def _check_starts(self) -> None:
        for before, after in zip(self.starts, self.starts[1:], strict=False):
            if after.first_step < before.saved_step:
                self.wrong.append(f"step {before.saved_step} was said to be saved; it went on from {after.first_step}")
        for start in self.starts:
            if start.unsaved_seconds > start.allowed_seconds:
                self.wrong.append(
                    f"{start.unsaved_seconds:.1f} s weren't saved, at most {start.allowed_seconds:.1f} s may be"
                )
        if self.starts[-1].outcome != "done":
            self.wrong.append(f"the last start ended as {self.starts[-1].outcome}")

    def row(self) -> str:
        """The line of a table."""
        kills = [start for start in self.starts if start.outcome == "killed"]
        lost = [max(0, one.last_step - after.first_step) for one, after in zip(kills, self.starts[1:], strict=False)]
        figures: list[Any] = [self.name, len(kills), f"{median(lost):g}", max(lost)]
        unsaved, allowed = (max(getattr(one, name) for one in kills) for name in ("unsaved_seconds", "allowed_seconds"))
        figures += [f"{unsaved:.2f} s", f"{allowed:.2f} s", len(self.wrong)]
        return "| " + " | ".join(map(str, figures)) + " |"


def _events(process: "subprocess.Popen[str]") -> Iterator[dict[str, Any]]:
    """What a killed process said last can be cut short."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.endswith("\n"):
            yield json.loads(line)


def write_digits(folder: Path, count: int) -> None:
    """The first `count` digits of scikit-learn as PNG files, a folder a class."""
    from PIL import Image
    from sklearn.datasets import load_digits

    digits = load_digits()
    for number, (pixels, label) in enumerate(zip(digits.images[:count], digits.target, strict=False)):
        file = folder / str(label) / f"{number:04d}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray((pixels * 15).astype("uint8")).resize((28, 28)).save(file)


def storms(place: Path) -> list[Storm]:
    """A set in memory, and a folder whose pictures are read from their files in every epoch."""
    write_digits(place / "digits", 400)
    return [
        Storm("in memory", "digits", {}),
        Storm("files", str(place / "digits"), {"CNN_DESKTOP_PIXEL_MEMORY": "0"}),
    ]


def main() -> int:
    """Print a table; 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    memory = Path("/dev/shm")  # a kill loses nothing that was written; only a power cut would
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        place = Path(folder)
        print("| pictures | kills | steps lost, median | most | longest unsaved | allowed | wrong |")
        print("|---|---|---|---|---|---|---|")
        for storm in storms(place):
            (place / storm.name).mkdir()
            storm.blow(place / storm.name, chosen.steps, chosen.kills, chosen.seed)
            print(storm.row(), flush=True)
            wrong += [f"{storm.name}: {line}" for line in storm.wrong]
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
