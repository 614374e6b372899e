"""Contestant: the window's run without a window. Run as: headless_contestant.py CONFIG.json RUN_DIR."""

import sys
import time
from pathlib import Path

from benchmarks.answering import Answer, Answers
from benchmarks.pictures import register_pictures
from benchmarks.step_rate import step_rate
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.events import Paused, TrainingStarted
from cnn_desktop.train.control import Control
from cnn_desktop.train.trainer import train


def main() -> None:
    """Begin the same run in a folder of its own, and let it go on whenever told to."""
    answers = Answers()
    register_pictures()
    config = RunConfig.from_json(Path(sys.argv[1]).read_bytes()).changed(run_dir=Path(sys.argv[2]))
    control = Control()
    events = train(config, control)
    next(event for event in events if isinstance(event, TrainingStarted))

    def run_for(seconds: float) -> Answer:
        control.resume()
        until = time.perf_counter() + seconds
        passed: list[dict[str, object]] = []
        for event in events:
            passed.append(event.to_json())
            if isinstance(event, Paused):
                break
            if time.perf_counter() >= until:
                control.pause()
        return {"rate": step_rate(passed, config.recipe.batch_size)}

    answers.serve({"batch_size": config.recipe.batch_size}, run_for)


if __name__ == "__main__":
    main()
