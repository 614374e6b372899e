"""A health report as one page that needs nothing beside itself: style, figures and small pictures are in it."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.core.units import percent_text
from cnn_desktop.data.dataset import Dataset, PictureRef, split_title
from cnn_desktop.data.health.html_style import STYLE
from cnn_desktop.data.html_page import html_page
from cnn_desktop.data.picture_html import picture_figure, picture_source

if TYPE_CHECKING:
    from cnn_desktop.data.health.report import Facts, Finding, HealthReport

_GROUPS, _IN_GROUP = 24, 6
"""So many groups of a finding, and pictures of a group, are shown; the rest is counted."""
_LINES = 12
"""So many sizes, modes and types are listed."""


def page(report: "HealthReport", dataset: Dataset) -> str:
    """The whole page; pictures are read from `dataset`, of which the report is."""
    album = _Album(dataset, {key for finding in report.findings for key in _shown_keys(finding)})
    findings = "".join(_finding(finding, album) for finding in report.findings)
    if not report.findings:
        findings = f'<section class="card well"><h2>{_escaped(_("Nothing to worry about"))}</h2></section>'
    title = _("Health report: {title}").format(title=report.title)
    body = f"{_head(report)}{findings}{_balance(report)}{_about_files(report.facts)}"
    return html_page(title, STYLE, body)


class _Album:
    """Small pictures of a dataset by key."""

    def __init__(self, dataset: Dataset, wanted: set[str]) -> None:
        self._dataset = dataset
        self._refs = {
            key: PictureRef(name, index)
            for name, split in dataset.splits.items()
            for index, key in enumerate(split.all_keys())
            if key in wanted
        }

    def figure(self, key: str, remark: str) -> str:
        """The picture with its name and what is said of it."""
        ref = self._refs.get(key)
        source = "" if ref is None else picture_source(self._dataset.splits[ref.split], ref.index)
        return picture_figure(source, key, remark)


def _shown_keys(finding: "Finding") -> list[str]:
    return [key for group in finding.groups[:_GROUPS] for key in group[:_IN_GROUP]]


def _finding(finding: "Finding", album: _Album) -> str:
    groups = "".join(
        f'<div class="group">{"".join(album.figure(key, finding.marks.get(key, "")) for key in group[:_IN_GROUP])}'
        f"{_and_more(len(group) - _IN_GROUP)}</div>"
        for group in finding.groups[:_GROUPS]
    )
    if finding.kind in {"skipped_files", "unreadable"}:
        groups = _reasons(finding)
    return (
        f'<section class="card {finding.severity}"><h2>{_escaped(finding.title)}</h2>'
        f"<p>{_escaped(finding.sentence)}</p>"
        f'<div class="groups">{groups}{_and_more(len(finding.groups) - _GROUPS)}</div></section>'
    )


def _reasons(finding: "Finding") -> str:
    rows = [(key, finding.marks.get(key, "")) for key in finding.keys[: 4 * _GROUPS]]
    lines = "".join(f"<tr><th>{_escaped(key)}</th><td>{_escaped(reason)}</td></tr>" for key, reason in rows)
    return f'<table class="reasons">{lines}</table>{_and_more(len(finding.keys) - len(rows))}'


def _and_more(count: int) -> str:
    if count <= 0:
        return ""
    text = ngettext("and {count:,} more", "and {count:,} more", count).format(count=count)
    return f'<span class="more">{_escaped(text)}</span>'


def _head(report: "HealthReport") -> str:
    counts = report.facts.counts
    tiles = [(_("Classes"), len(report.classes)), (_("Pictures"), report.facts.picture_count)]
    tiles += [(split_title(split).capitalize(), sum(of_class.values())) for split, of_class in counts.items()]
    figures = "".join(f'<div class="tile"><span>{_escaped(name)}</span><b>{value:,}</b></div>' for name, value in tiles)
    notes = "".join(f"<li>{_escaped(notice)}</li>" for notice in report.notices)
    return (
        f'<header><h1>{_escaped(report.title)}</h1><p class="source">{_escaped(report.source)}</p>'
        f'<p>{_escaped(report.rule)}</p><div class="tiles">{figures}</div>'
        f"{f'<ul>{notes}</ul>' if notes else ''}</header>"
    )


def _balance(report: "HealthReport") -> str:
    counts = report.facts.counts
    most = max((count for of_class in counts.values() for count in of_class.values()), default=0)
    heads = "".join(f"<th>{_escaped(split_title(split).capitalize())}</th>" for split in counts)
    rows = "".join(
        f"<tr><th>{_escaped(name)}</th>"
        + "".join(f"<td>{_bar(of_class[name], most)}</td>" for of_class in counts.values())
        + "</tr>"
        for name in report.classes
    )
    return (
        f'<section class="card"><h2>{_escaped(_("Pictures of each class"))}</h2>'
        f'<table class="balance"><tr><th></th>{heads}</tr>{rows}</table></section>'
    )


def _bar(count: int, most: int) -> str:
    width = 100 * count / most if most else 0
    return f'<i style="width:{width:.1f}%"></i><span>{count:,}</span>'


def _about_files(facts: "Facts") -> str:
    parts = (
        (_("File types"), facts.file_types),
        (_("Sizes in pixels"), facts.sizes),
        (_("How the pixels are kept"), facts.modes),
    )
    lists = "".join(_frequencies(title, values) for title, values in parts if values)
    return f'<section class="card columns">{lists}</section>'


def _frequencies(title: str, values: Mapping[str, int]) -> str:
    total = sum(values.values())
    shown: Sequence[tuple[str, int]] = list(values.items())[:_LINES]
    rows = "".join(
        f"<tr><th>{_escaped(value)}</th><td>{count:,}</td><td>{percent_text(count / total)}</td></tr>"
        for value, count in shown
    )
    return f"<div><h2>{_escaped(title)}</h2><table>{rows}</table>{_and_more(len(values) - len(shown))}</div>"


def _escaped(text: str) -> str:
    return escape(text)
