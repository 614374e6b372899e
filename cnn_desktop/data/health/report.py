"""What a check of a dataset says: facts, and findings that name their pictures."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cnn_desktop.data.dataset import Dataset, SplitName
from cnn_desktop.data.health.html import page

FindingKind = Literal[
    "leaks",
    "torn",
    "exact_duplicates",
    "near_duplicates",
    "mislabels",
    "shortcut",
    "small_class",
    "imbalance",
    "unreadable",
    "skipped_files",
]
Severity = Literal["warning", "note"]


@dataclass(frozen=True)
class Finding:
    """One thing that a person should look at."""

    kind: FindingKind
    severity: Severity
    """`warning`: the model or its figures suffer from it; `note`: it may be just as it should be."""
    title: str
    """A few words, its count among them."""
    sentence: str
    """What it means and what to do."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Keys of the pictures, those that belong together in one group; for `skipped_files` the files' names."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """By key, where there is something to say of one picture: why it can't be read, what it is taken for."""
    suggestions: Mapping[str, str] = field(default_factory=dict)
    """By key: the class to which the picture might be moved."""

    @property
    def keys(self) -> tuple[str, ...]:
        """All pictures named in it, each once."""
        return tuple(dict.fromkeys(key for group in self.groups for key in group))


@dataclass(frozen=True)
class Facts:
    """What was counted among the readable pictures."""

    counts: Mapping[SplitName, Mapping[str, int]]
    """By split and class."""
    sizes: Mapping[str, int]
    """By “width×height”, the most frequent first."""
    modes: Mapping[str, int]
    """By Pillow's name of how the file keeps its pixels: RGB, L, P, CMYK, I;16."""
    file_types: Mapping[str, int]
    """By format: JPEG, PNG; empty for pictures that don't lie in files of their own."""

    @property
    def picture_count(self) -> int:
        """In all splits and classes."""
        return sum(sum(by_class.values()) for by_class in self.counts.values())


@dataclass(frozen=True)
class HealthReport:
    """What was found in one dataset."""

    title: str
    source: str
    """The registered name, or the folder's path."""
    rule: str
    """How a folder was understood, in a sentence."""
    classes: tuple[str, ...]
    notices: tuple[str, ...]
    """What there was to say when the dataset was opened."""
    facts: Facts
    findings: tuple[Finding, ...]
    """The most harmful first; empty: all is well."""

    def with_finding(self, finding: Finding) -> "HealthReport":
        """The report with one more finding, in its place; one of the same kind is replaced."""
        others = [other for other in self.findings if other.kind != finding.kind]
        return dataclasses.replace(self, findings=in_order_of_harm([*others, finding]))

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return dataclasses.asdict(self)

    def to_html(self, dataset: Dataset) -> str:
        """A page that needs nothing beside itself: the pictures of `dataset`, which was checked, are in it."""
        return page(self, dataset)


def in_order_of_harm(findings: list[Finding]) -> tuple[Finding, ...]:
    """Warnings before notes, then in the order of `FindingKind`."""
    kinds = FindingKind.__args__  # pyright: ignore[reportAttributeAccessIssue]
    return tuple(sorted(findings, key=lambda finding: (finding.severity == "note", kinds.index(finding.kind))))
