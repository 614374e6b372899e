"""Curves and calibration of an evaluation as SVG."""

from collections.abc import Sequence
from html import escape

import numpy as np

from cnn_desktop.core.language import _
from cnn_desktop.predict.evaluation.calibration import Reliability
from cnn_desktop.predict.evaluation.curves import Curve

_LEFT, _TOP, _SIDE, _BOTTOM = 50, 8, 300, 36
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)

# Okabe and Ito (2008), each with a dash of its own so that no line depends on its colour alone.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8a8f98")
_DASHES = ("none", "7 3", "2 2", "9 3 2 3", "5 5", "1 3", "12 4")

NamedCurve = tuple[str, Curve]


def curve_chart(title: str, axes: tuple[str, str], curves: Sequence[NamedCurve], chance: bool) -> str:
    """A chart of curves in 0…1 with a legend; `chance` adds the diagonal."""
    lines = '<line class="chance" x1="{}" y1="{}" x2="{}" y2="{}"/>'.format(*_at(0, 0), *_at(1, 1)) if chance else ""
    for number, (_name, curve) in enumerate(curves):
        points = " ".join("{:.1f},{:.1f}".format(*_at(x, y)) for x, y in zip(curve.x, curve.y, strict=True))
        lines += f'<polyline points="{points}" {_stroke(number)}/>'
    items = "".join(
        f'<li><svg viewBox="0 0 26 8"><line x1="0" y1="4" x2="26" y2="4" stroke-width="2" {_stroke(number)}/></svg>'
        f"{escape(name)} · {curve.area:.3f}</li>"
        for number, (name, curve) in enumerate(curves)
    )
    return f'<div class="chart"><h2>{escape(title)}</h2>{_framed(axes, lines)}<ul class="legend">{items}</ul></div>'


def reliability_chart(title: str, found: Reliability) -> str:
    """How often answers are right, over how probable the model finds them; the gap to the diagonal is tinted."""
    width = 1 / len(found.counts)
    bars = ""
    for number in np.flatnonzero(found.counts):
        share, said, left = float(found.accuracy[number]), float(found.confidence[number]), number * width
        remark = _("{count:,} answers, {said:.1%} sure, {share:.1%} right").format(
            count=int(found.counts[number]), said=said, share=share
        )
        bars += (
            f"<g><title>{escape(remark)}</title>{_bar('bar', left, width, 0, share)}"
            f"{_bar('gap', left, width, min(share, said), max(share, said))}</g>"
        )
    bars += '<line class="chance" x1="{}" y1="{}" x2="{}" y2="{}"/>'.format(*_at(0, 0), *_at(1, 1))
    axes = (_("probability of the answer"), _("share that is right"))
    return f'<div class="chart"><h2>{escape(title)}</h2>{_framed(axes, bars)}</div>'


def _framed(axes: tuple[str, str], content: str) -> str:
    """`content` on a grid from 0 to 1."""
    grid = ""
    for tick in _TICKS:
        (x, bottom), (left, y) = _at(tick, 0), _at(0, tick)
        grid += f'<line class="grid" x1="{left}" y1="{y}" x2="{_LEFT + _SIDE}" y2="{y}"/>'
        grid += f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{tick:g}</text>'
        grid += f'<text x="{x}" y="{bottom + 15}" text-anchor="middle">{tick:g}</text>'
    across, up = escape(axes[0]), escape(axes[1])
    middle, foot = _LEFT + _SIDE / 2, _TOP + _SIDE + 30
    return (
        f'<svg viewBox="0 0 {_LEFT + _SIDE + 12} {_TOP + _SIDE + _BOTTOM}" role="img" aria-label="{up}, {across}">'
        f'{grid}<text x="{middle}" y="{foot}" text-anchor="middle">{across}</text>'
        f'<text transform="translate(11 {_TOP + _SIDE / 2}) rotate(-90)" text-anchor="middle">{up}</text>'
        f"{content}</svg>"
    )


def _bar(kind: str, left: float, width: float, low: float, high: float) -> str:
    (x, top), (right, bottom) = _at(left, high), _at(left + width, low)
    return (
        f'<rect class="{kind}" x="{x + 1:.1f}" y="{top:.1f}" width="{right - x - 2:.1f}" height="{bottom - top:.1f}"/>'
    )


def _at(x: float, y: float) -> tuple[float, float]:
    """Where a point of the unit square is drawn."""
    return _LEFT + x * _SIDE, _TOP + (1 - y) * _SIDE


def _stroke(number: int) -> str:
    return f'stroke="{_COLOURS[number % len(_COLOURS)]}" stroke-dasharray="{_DASHES[number % len(_DASHES)]}"'
