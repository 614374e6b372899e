"""Where the pictures of a report are now, and what was decided about them. No Qt."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset, PictureRef
    from cnn_desktop.data.decisions import Decisions
    from cnn_desktop.data.health.report import Finding, HealthReport

Group = tuple[str, ...]

ALONE = frozenset({"mislabels", "unreadable", "small_class", "imbalance", "shortcut"})
"""Kinds of findings whose pictures are looked at one by one; in the others a group is one picture several times."""


class Place(NamedTuple):
    """Where a picture is used."""

    split: str
    class_name: str

    def __str__(self) -> str:
        return f"{self.split} · {self.class_name}"


class Tally(NamedTuple):
    """What there is of a finding, counted where there is time for it."""

    pictures: int
    settled: int
    """Groups that the person decided about."""
    copies: int
    """Pictures that would go if of each group that isn't to be kept only the first were left."""


@dataclass(frozen=True)
class GroupPicture:
    """A picture of a group and what is said of it."""

    ref: PictureRef
    key: str
    caption: str
    badge: str
    is_dimmed: bool


@dataclass(frozen=True)
class Standing:
    """The report's pictures as they were found and as they are used."""

    found: Dataset
    refs: Mapping[str, PictureRef]
    """By key, in `found`."""
    places: Mapping[str, Place]
    """By key, where the picture is used now; absent where it is left out."""
    decisions: Decisions

    def pictures(self, finding: Finding, most: int) -> list[list[GroupPicture]]:
        """The finding's groups with what was decided, `most` pictures in all; those that are gone are left aside."""
        kept = {key for group in self.decisions.kept.get(finding.kind, ()) for key in group}
        shown: list[list[GroupPicture]] = []
        for group in finding.groups:
            known = [key for key in islice(group, most) if key in self.refs]
            most -= len(known)
            shown.append([self._picture(key, finding, is_kept=key in kept) for key in known])
            if most <= 0:
                break
        return [group for group in shown if group]

    def tally(self, finding: Finding) -> Tally:
        """Count the finding's pictures and groups."""
        kept = set(self.decisions.kept.get(finding.kind, ()))
        settled = sum(group in kept or self._is_settled(group, finding.kind) for group in finding.groups)
        return Tally(len(finding.keys), settled, len(self.copies(self.open_groups(finding))))

    def open_groups(self, finding: Finding) -> list[Group]:
        """The groups that aren't to be kept as they are."""
        kept = set(self.decisions.kept.get(finding.kind, ()))
        return [group for group in finding.groups if group not in kept]

    def copies(self, groups: Collection[Group]) -> list[str]:
        """What has to go so that of each group only the first that is still used is left."""
        used = ([key for key in group if key in self.places] for group in groups)
        return [key for keys in used for key in keys[1:]]

    def _picture(self, key: str, finding: Finding, *, is_kept: bool) -> GroupPicture:
        ref, place = self.refs[key], self.places.get(key)
        if place is None:
            return GroupPicture(ref, key, str(_place(self.found, ref)), _("left out"), is_dimmed=True)
        badge = _("moved") if key in self.decisions.moved else _("kept") if is_kept else ""
        if not badge and key in finding.suggestions:
            badge = _("→ {name}").format(name=finding.suggestions[key])
        return GroupPicture(ref, key, str(place), badge, is_dimmed=False)

    def _is_settled(self, group: Group, kind: str) -> bool:
        used = [key for key in group if key in self.places]
        match kind:
            case "skipped_files":
                return False
            case "torn":
                return len({self.places[key].class_name for key in used}) < 2
            case "leaks":
                return len({self.places[key].split for key in used}) < 2
            case _ if kind in ALONE:
                return all(key in self.decisions.moved for key in used)
            case _:
                return len(used) < 2


def look_up(
    report: HealthReport, found: Dataset, dataset: Dataset, decisions: Decisions, progress: Progress
) -> Standing:
    """Find every picture that the report names.

    Raises:
        CancelledError: `progress` raised it.
    """
    from cnn_desktop.data.dataset import PictureRef

    wanted = {key for finding in report.findings for key in finding.keys}
    refs: dict[str, PictureRef] = {}
    places: dict[str, Place] = {}
    for name, split in found.splits.items():
        progress(0, 0)
        refs |= {key: PictureRef(name, index) for index, key in enumerate(split.all_keys()) if key in wanted}
    for name, split in dataset.splits.items():
        progress(0, 0)
        keys = enumerate(split.all_keys())
        places |= {key: _place(dataset, PictureRef(name, index)) for index, key in keys if key in wanted}
    return Standing(found, refs, places, decisions)


def _place(dataset: Dataset, ref: PictureRef) -> Place:
    from cnn_desktop.data.dataset import split_title

    return Place(split_title(ref.split), dataset.classes[int(dataset.splits[ref.split].labels[ref.index])])
