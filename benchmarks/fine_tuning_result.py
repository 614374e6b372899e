"""What real weights are worth: accuracy after few epochs, against the same network from scratch."""

from typing import ClassVar

from pydantic import BaseModel
from typing_extensions import override

from benchmarks.results import Result, Verdict, table

_SHOWN = (1, 3, 5)


class Way(BaseModel):
    """A run that is done."""

    title: str
    frozen: int
    """Layers with weights that kept them, from the input on."""
    accuracies: list[float]
    """On the validation part, 0 to 1, one an epoch."""
    train_seconds: float


class FineTuningResult(Result):
    """One architecture on one dataset, trained in several ways."""

    part: ClassVar[str] = "fine_tuning"
    title: ClassVar[str] = "Fine-tuning"

    architecture: str
    dataset: str
    side: int
    epochs: int
    ways: list[Way]

    @property
    @override
    def name(self) -> str:
        return self.architecture

    @override
    def text(self) -> str:
        rows = [
            [way.title, str(way.frozen), *(f"{way.accuracies[epoch - 1]:.1%}" for epoch in _SHOWN), _time(way)]
            for way in self.ways
        ]
        heading = (
            f"### `{self.architecture}` on {self.dataset}, {self.side}×{self.side} pixels, {self.epochs} epochs\n\n"
        )
        after = [f"after {epoch} epoch{'s' if epoch > 1 else ''}" for epoch in _SHOWN]
        return heading + table(["what learns", "frozen layers", *after, "training time"], rows)

    @override
    def verdicts(self) -> list[Verdict]:
        return []


def _time(way: Way) -> str:
    return f"{way.train_seconds:,.0f} s"
