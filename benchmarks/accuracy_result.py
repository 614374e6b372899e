"""How well networks learn with their default recipes, over several seeds."""

import statistics
from typing import ClassVar

from pydantic import BaseModel
from typing_extensions import override

from benchmarks.results import Result, Verdict, table

_GOALS = {"mnist_cnn": 98.3, "cifar_vgg6": 83.0, "cifar_tf": 79.0, "resnet9": 94.0}


class SeedFigures(BaseModel):
    """A run that is done."""

    seed: int
    test_accuracy: float
    """The share of right answers on the test split, 0 to 1."""
    train_seconds: float
    throughput: float


class AccuracyResult(Result):
    """One architecture trained on the whole training split as it recommends, once a seed."""

    part: ClassVar[str] = "accuracy"
    title: ClassVar[str] = "Accuracy on the test split"

    architecture: str
    dataset: str
    epochs: int
    runs: list[SeedFigures]

    @property
    @override
    def name(self) -> str:
        return self.architecture

    @property
    def mean(self) -> float:
        """Per cent of right answers, over the seeds."""
        return 100 * statistics.mean(run.test_accuracy for run in self.runs)

    @override
    def text(self) -> str:
        rows = [
            [f"seed {run.seed}", f"{run.test_accuracy:.2%}", f"{run.train_seconds:,.0f} s", f"{run.throughput:,.0f}"]
            for run in self.runs
        ]
        seconds = statistics.mean(run.train_seconds for run in self.runs)
        rows.append(["mean", f"{self.mean:.2f}%", f"{seconds:,.0f} s", ""])
        heading = f"### `{self.architecture}` on {self.dataset}, {self.epochs} epochs\n\n"
        return heading + table(["", "right on the test split", "training time", "pictures a second"], rows)

    @override
    def verdicts(self) -> list[Verdict]:
        wanted = _GOALS[self.architecture]
        seeds = f"{len(self.runs)} seeds" if len(self.runs) > 1 else "1 seed"
        goal = f"`{self.architecture}` after {self.epochs} epochs, mean of {seeds}"
        return [Verdict.at_least(goal, wanted, self.mean, unit=" %")]
