"""A health report for a terminal."""

import shutil
import textwrap
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from cnn_desktop.core.language import _, ngettext

if TYPE_CHECKING:
    from cnn_desktop.data.health import Finding, HealthReport

_WIDEST = 100
_GROUPS, _IN_GROUP, _VALUES = 5, 4, 4
"""So many groups of a finding, pictures of a group, and values of a count are named; `--json` has them all."""


def health_text(report: "HealthReport") -> str:
    """The whole report, as wide as the terminal, 100 columns at most."""
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    head = ngettext(
        "{title}: {count:,} picture in {classes:,} classes",
        "{title}: {count:,} pictures in {classes:,} classes",
        report.facts.picture_count,
    )
    paragraphs = [
        head.format(title=report.title, count=report.facts.picture_count, classes=len(report.classes)),
        "\n".join(textwrap.fill(text, width) for text in (report.rule, *report.notices) if text),
        _counts(report),
        _facts(report, width),
        *(_finding(finding, width) for finding in report.findings),
    ]
    if not report.findings:
        paragraphs.append(_("Nothing to worry about was found."))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _counts(report: "HealthReport") -> str:
    from cnn_desktop.data.dataset import split_title

    counts = report.facts.counts
    name_width = max(map(len, report.classes), default=0)
    lines = [" " * name_width + "".join(f"{split_title(split):>12}" for split in counts)]
    lines += [
        f"{name:<{name_width}}" + "".join(f"{of_class[name]:>12,}" for of_class in counts.values())
        for name in report.classes
    ]
    return "\n".join(lines)


def _facts(report: "HealthReport", width: int) -> str:
    facts = report.facts
    parts = (
        (_("File types: {values}"), facts.file_types),
        (_("Sizes: {values}"), facts.sizes),
        (_("Pixels: {values}"), facts.modes),
    )
    return "\n".join(
        textwrap.fill(text.format(values=_frequencies(values)), width, subsequent_indent="  ")
        for text, values in parts
        if values
    )


def _frequencies(values: Mapping[str, int]) -> str:
    named = [f"{count:,} {value}" for value, count in list(values.items())[:_VALUES]]
    return ", ".join(_with_rest(named, len(values) - len(named)))


def _finding(finding: "Finding", width: int) -> str:
    mark = "!" if finding.severity == "warning" else "·"
    lines = [
        f"{mark} {finding.title}",
        textwrap.fill(finding.sentence, width, initial_indent="  ", subsequent_indent="  "),
    ]
    groups = [_group(finding, group) for group in finding.groups[:_GROUPS]]
    lines += (f"    {group}" for group in _with_rest(groups, len(finding.groups) - len(groups)))
    return "\n".join(lines)


def _group(finding: "Finding", group: tuple[str, ...]) -> str:
    named = [_remarked(key, finding.marks.get(key)) for key in group[:_IN_GROUP]]
    return ", ".join(_with_rest(named, len(group) - len(named)))


def _remarked(key: str, remark: str | None) -> str:
    if not remark:
        return key
    return remark if key in remark else f"{key} ({remark})"  # an error names its file itself


def _with_rest(named: Iterable[str], count: int) -> list[str]:
    rest = [ngettext("{count:,} more", "{count:,} more", count).format(count=count)] if count > 0 else []
    return [*named, *rest]
