"""A network with real ImageNet weights and a new head, some of its layers frozen, against the same one from scratch."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestant import clean_environment
from benchmarks.fine_tuning_result import FineTuningResult, Way
from benchmarks.machine import machine
from benchmarks.pictures import real_data
from benchmarks.places import FINE_TUNING_RUNS, LOGS, ROOT

ARCHITECTURE = "mobilenet_v2"
WEIGHTS = Path("models") / "mobilenet_v2-imagenet-dequant.pth"
DATASET = "flowers"
EPOCHS = 5
SIDE = 128
"""The flowers' own size: enlarged to 224 they would cost three times as much and show no more."""


@dataclass(frozen=True)
class _Start:
    title: str
    frozen: int | None
    """Of the layers with weights, from the input on; None: from scratch, all of them learn."""


_STARTS = (_Start("head only", 52), _Start("the last third", 35), _Start("all layers", 0), _Start("from scratch", None))


def measure(home: Path) -> FineTuningResult:
    """Train each way for `EPOCHS` epochs; what was trained before stays.

    Raises:
        SystemExit: no folder of real data is named.
        subprocess.CalledProcessError: a run failed; its log says why.
    """
    root = real_data()
    if root is None:
        raise SystemExit("CNN_DESKTOP_DATA must name the folder with the weights and the flowers.")
    ways = [_train(start, root, home) for start in _STARTS]
    return FineTuningResult(
        machine=machine(), architecture=ARCHITECTURE, dataset=DATASET, side=SIDE, epochs=EPOCHS, ways=ways
    )


def _train(start: _Start, root: Path, home: Path) -> Way:
    run = FINE_TUNING_RUNS / start.title.replace(" ", "-")
    events = _events(run)
    if not events or events[-1].get("outcome") != "done":
        weights = [] if start.frozen is None else ["--from", str(root / WEIGHTS), "--freeze", str(start.frozen)]
        what = ["--dataset", str(root / DATASET), "--arch", ARCHITECTURE, "--image-size", str(SIDE), *weights]
        command = [sys.executable, "-m", "cnn_desktop", "train", "--json", *what, "--epochs", str(EPOCHS)]
        command += ["--seed", "0", "--run-dir", str(run)]
        print(f"  {start.title}", file=sys.stderr, flush=True)
        LOGS.mkdir(parents=True, exist_ok=True)
        with (LOGS / f"fine-tuning-{run.name}.log").open("w") as log:
            subprocess.run(command, cwd=ROOT, stdout=log, stderr=log, env=clean_environment(home), check=True)
        events = _events(run)
    return Way(
        title=start.title,
        frozen=start.frozen or 0,
        accuracies=[event["validation_accuracy"] for event in events if event["event"] == "epoch_done"],
        train_seconds=events[-1]["train_seconds"],
    )


def _events(run: Path) -> list[dict]:
    metrics = run / "metrics.jsonl"
    return [json.loads(line) for line in metrics.read_text().splitlines()] if metrics.is_file() else []
