"""What bounds a training step: its operators by their share of the time."""

from typing import ClassVar

from pydantic import BaseModel
from typing_extensions import override

from benchmarks.results import Result, Verdict, table

_SHOWN = 12


class Operator(BaseModel):
    """What one of torch's operators took in all the steps that were profiled, without what it calls itself."""

    name: str
    seconds: float
    calls: int


class ProfilingResult(Result):
    """The operators of some steps of the program's own run, under torch's profiler."""

    part: ClassVar[str] = "profiling"
    title: ClassVar[str] = "What a training step is made of"

    architecture: str
    batch_size: int
    precision: str
    steps: int
    operators: list[Operator]

    @property
    @override
    def name(self) -> str:
        return f"{self.architecture}-{self.batch_size}-{self.precision}"

    @override
    def text(self) -> str:
        operators = sorted(self.operators, key=lambda operator: operator.seconds, reverse=True)
        total = sum(operator.seconds for operator in operators)
        rows = [
            [
                f"`{operator.name}`",
                f"{operator.seconds / total:.1%}",
                f"{1000 * operator.seconds / self.steps:.3f}",
                f"{operator.calls / self.steps:.1f}",
            ]
            for operator in operators[:_SHOWN]
        ]
        rows.append(["all", "100%", f"{1000 * total / self.steps:.3f}", ""])
        return (
            f"### `{self.architecture}`, batch {self.batch_size}, {self.precision}\n\n"
            f"{self.steps} steps under torch's profiler, which itself takes time.\n\n"
            f"{table(['operator', 'share', 'ms a step', 'calls a step'], rows)}"
        )

    @override
    def verdicts(self) -> list[Verdict]:
        return []
