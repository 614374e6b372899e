"""What a part of the benchmarks found out, as a small JSON file; and how it is put into words."""

import statistics
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import BaseModel

from cnn_desktop.core.files import write_atomic


class Verdict(BaseModel):
    """A goal beside what was measured."""

    goal: str
    wanted: str
    figure: str
    is_met: bool

    @classmethod
    def at_least(cls, goal: str, wanted: float, figure: float, beside: str = "", unit: str = "") -> Self:
        """`figure` should be `wanted` or more; `beside` is said after it."""
        text = f"{figure:.2f}{unit}{beside}"
        return cls(goal=goal, wanted=f"≥ {wanted:g}{unit}", figure=text, is_met=figure >= wanted)

    @classmethod
    def below(cls, goal: str, wanted: float, figure: float, unit: str = "") -> Self:
        """`figure` should be less than `wanted`."""
        return cls(goal=goal, wanted=f"< {wanted:g}{unit}", figure=f"{figure:.1f}{unit}", is_met=figure < wanted)


class Result(BaseModel):
    """One part's figures with the machine that they were measured on."""

    part: ClassVar[str]
    title: ClassVar[str]
    """Heading over all results of the part."""
    machine: dict[str, Any]

    @property
    @abstractmethod
    def name(self) -> str:
        """What tells it from other results of its part; a newer one of the same name replaces it."""

    @abstractmethod
    def text(self) -> str:
        """The figures in Markdown."""

    @abstractmethod
    def verdicts(self) -> list[Verdict]:
        """The goals that these figures say something about."""

    def save(self, folder: Path) -> Path:
        """Write the result into `folder`."""
        file = folder / f"{self.part}-{self.name}.json"
        write_atomic(file, self.model_dump_json(indent=1) + "\n")
        return file

    @classmethod
    def load_all(cls, folder: Path) -> list[Self]:
        """The part's results in `folder`, by name."""
        return [cls.model_validate_json(file.read_bytes()) for file in sorted(folder.glob(f"{cls.part}-*.json"))]


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table: the first column to the left, the others to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def median_and_quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """The median, and between which values the middle half lies."""
    if len(values) < 2:
        return values[0], values[0], values[0]
    lower, middle, upper = statistics.quantiles(values, n=4, method="inclusive")
    return middle, lower, upper
