"""Training throughput of ours and of others, measured in one run."""

import statistics
from typing import ClassVar, Literal

from pydantic import BaseModel
from typing_extensions import override

from benchmarks.results import Result, Verdict, table

Kind = Literal["ours", "keras", "script"]

_DEFAULT_OVER_KERAS = {"mnist_cnn": 2.5, "cifar_vgg6": 3.0, "cifar_tf": 3.0}
_FP32_OVER_KERAS = {"mnist_cnn": 1.4, "cifar_vgg6": 1.0, "cifar_tf": 1.0}
GOALS_BATCH = 128


class Entry(BaseModel):
    """One contestant's training pictures a second, a figure for each round."""

    name: str
    kind: Kind
    precision: str
    is_default: bool = False
    """Whether it is what our program chooses by itself."""
    rates: list[float]

    @property
    def median(self) -> float:
        """Over the rounds."""
        return statistics.median(self.rates)

    @property
    def best(self) -> float:
        """Of all rounds."""
        return max(self.rates)


class ThroughputResult(Result):
    """All contestants on one network at one batch size, and what the machine could do at most."""

    part: ClassVar[str] = "throughput"
    title: ClassVar[str] = "Training throughput"

    architecture: str
    batch_size: int
    pictures: str
    parameters: int
    flops_per_picture: float
    """Of forward and backward pass, multiplications and additions counted singly."""
    seconds: float
    """Of one turn."""
    entries: list[Entry]
    gemm: dict[str, dict[str, float]]
    """Best FLOP/s of a matrix product, by precision and shape."""

    @property
    @override
    def name(self) -> str:
        return f"{self.architecture}-{self.batch_size}"

    def peak(self, precision: str) -> float:
        """FLOP/s of the fastest matrix product of any shape."""
        return max(self.gemm[precision].values())

    def peak_share(self, entry: Entry) -> float | None:
        """How much of the machine's peak the entry's median comes to; None where the peak wasn't measured."""
        if entry.precision not in self.gemm:
            return None
        return entry.median * self.flops_per_picture / self.peak(entry.precision)

    @override
    def text(self) -> str:
        reference = self._best_of("keras", "fp32") or self._best_of("script", "fp32")
        rows: list[list[str]] = []
        for entry in self.entries:
            share = self.peak_share(entry)
            rows.append(
                [
                    entry.name,
                    f"{entry.median:,.0f}",
                    f"{entry.best:,.0f}",
                    f"{min(entry.rates):,.0f}–{entry.best:,.0f}",
                    "–" if reference is None else f"{entry.best / reference.best:.2f}",
                    "–" if share is None else f"{share:.0%}",
                ]
            )
        rounds = len(self.entries[0].rates)
        heading = f"### `{self.architecture}`, batch {self.batch_size}\n\n"
        facts = (
            f"{self.pictures}; {self.parameters:,} parameters, {self.flops_per_picture / 1e6:.1f} MFLOP a picture "
            f"forwards and backwards; {rounds} rounds of {self.seconds:g} s each.\n\n"
        )
        columns = [
            "pictures a second",
            "median",
            "best",
            "spread",
            f"best / {reference.name}" if reference else "",
            "of GEMM peak",
        ]
        return heading + facts + table(columns, rows) + "\n" + self._gemm_text()

    @override
    def verdicts(self) -> list[Verdict]:
        ours = next(entry for entry in self.entries if entry.is_default)
        verdicts: list[Verdict] = []
        if self.batch_size == GOALS_BATCH:
            verdicts += self._against_keras(ours)
            if self.architecture == "cifar_vgg6" and (bf16 := self._best_of("ours", "bf16")):
                share = self.peak_share(bf16) or 0.0
                verdicts.append(Verdict.at_least(f"share of the bf16 GEMM peak{self._where}", 0.5, share))
        if script := self._best_of("script", "fp32"):
            verdicts.append(self._ratio(f"ours ({ours.precision}) / usual PyTorch script", 5.0, ours, script))
        return verdicts

    def _against_keras(self, ours: Entry) -> list[Verdict]:
        verdicts: list[Verdict] = []
        keras = self._best_of("keras", "fp32")
        if keras is not None:
            goal = f"ours in its default ({ours.precision}) / Keras fp32"
            verdicts.append(self._ratio(goal, _DEFAULT_OVER_KERAS[self.architecture], ours, keras))
        for precision, wanted in (("bf16", 1.5), ("fp32", _FP32_OVER_KERAS[self.architecture])):
            ours_too, keras = self._best_of("ours", precision), self._best_of("keras", precision)
            if ours_too is not None and keras is not None:
                verdicts.append(self._ratio(f"ours / Keras, both {precision}", wanted, ours_too, keras))
        return verdicts

    def _ratio(self, goal: str, wanted: float, ours: Entry, other: Entry) -> Verdict:
        medians = f" (medians {ours.median / other.median:.2f})"
        return Verdict.at_least(goal + self._where, wanted, ours.best / other.best, medians)

    def _best_of(self, kind: Kind, precision: str) -> Entry | None:
        fitting = [entry for entry in self.entries if (entry.kind, entry.precision) == (kind, precision)]
        return max(fitting, key=lambda entry: entry.best, default=None)

    @property
    def _where(self) -> str:
        return f", `{self.architecture}` at {self.batch_size}"

    def _gemm_text(self) -> str:
        shapes = list(self.gemm["fp32"])
        rows = [[name, *(f"{self.gemm[name][shape] / 1e9:,.0f}" for shape in shapes)] for name in self.gemm]
        return table(["GEMM, GFLOP/s", *shapes], rows)
