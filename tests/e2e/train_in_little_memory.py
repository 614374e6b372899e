"""Trains in a process that may take only so many more bytes than it has once torch is imported; prints its events.

Usage: train_in_little_memory.py RUN_DIR MORE_BYTES
"""

import json
import resource
import sys
from pathlib import Path

import torch

from cnn_desktop.core.events import RunFinished
from cnn_desktop.train.control import Control
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train


def _limit_memory(more: int) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def main() -> None:
    """Train a step of a network whose maps don't fit."""
    torch.set_num_threads(1)
    config = default_config("digits", "resnet9", run_dir=Path(sys.argv[1]), image_size=64, device="cpu")
    config = config.changed(precision="fp32", recipe=config.recipe.changed(steps=1, batch_size=128))
    for event in train(config, Control()):
        print(json.dumps(event.to_json()), flush=True)
        if event.to_json()["event"] == "training_started":
            _limit_memory(int(sys.argv[2]))
        if isinstance(event, RunFinished):
            return


if __name__ == "__main__":
    main()
