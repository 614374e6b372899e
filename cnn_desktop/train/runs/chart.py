"""A run's curves as a PNG, for where there is no window."""

import json
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from cnn_desktop.core.files import atomic_path
from cnn_desktop.core.language import _
from cnn_desktop.train.runs.run_folder import METRICS

CHART = "chart.png"

# Drawn at twice the size and brought down, which smooths lines that Pillow draws hard-edged.
_SCALE = 2
_WIDTH, _PANEL_HEIGHT = 960, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 48, 40
_BLUE, _ORANGE, _INK, _GREY, _GRID = "#0072B2", "#D55E00", "#1a1a1a", "#6b7280", "#e3e6ea"


@dataclass(frozen=True)
class _Curve:
    title: str
    colour: str
    points: list[tuple[float, float]]
    """(epoch, value)"""


def write_chart(run: Path) -> Path:
    """Draw loss and accuracy of a run by epoch into `chart.png` of its folder."""
    epochs = [
        event
        for line in (run / METRICS).read_text().splitlines()
        if (event := json.loads(line))["event"] == "epoch_done"
    ]
    image = Image.new("RGB", (_WIDTH * _SCALE, 2 * _PANEL_HEIGHT * _SCALE), "white")
    draw = ImageDraw.Draw(image)
    for row, (title, figure) in enumerate([(_("Loss"), "loss"), (_("Accuracy"), "accuracy")]):
        curves = [
            _Curve(_("training"), _BLUE, _points(epochs, f"train_{figure}")),
            _Curve(_("validation"), _ORANGE, _points(epochs, f"validation_{figure}")),
        ]
        _draw_panel(draw, row * _PANEL_HEIGHT, title, [curve for curve in curves if curve.points])
    target = run / CHART
    with atomic_path(target) as temporary:
        image.resize((_WIDTH, 2 * _PANEL_HEIGHT), Image.Resampling.LANCZOS).save(temporary, "PNG")
    return target


def _points(epochs: list[dict[str, float]], figure: str) -> list[tuple[float, float]]:
    return [(event["epoch"], event[figure]) for event in epochs if event[figure] is not None]


def _draw_panel(draw: ImageDraw.ImageDraw, top: int, title: str, curves: list[_Curve]) -> None:
    last_epoch = max((curve.points[-1][0] for curve in curves), default=1)
    highest = max((value for curve in curves for _epoch, value in curve.points), default=1.0) or 1.0
    bottom = top + _PANEL_HEIGHT - _BOTTOM

    def place(epoch: float, value: float) -> tuple[float, float]:
        x = _LEFT + (_WIDTH - _LEFT - _RIGHT) * epoch / last_epoch
        return x * _SCALE, (bottom - (bottom - top - _TOP) * value / highest) * _SCALE

    _text(draw, (_LEFT, top + 12), title, 16, _INK)
    for share in (0, 0.25, 0.5, 0.75, 1):
        draw.line([place(0, share * highest), place(last_epoch, share * highest)], _GRID, _SCALE)
        x, y = place(0, share * highest)
        _text(draw, (x / _SCALE - 8, y / _SCALE - 7), f"{share * highest:.2f}", 12, _GREY, anchor="ra")
    for epoch in sorted({0, round(last_epoch / 2), round(last_epoch)}):
        _text(draw, (place(epoch, 0)[0] / _SCALE, bottom + 6), str(epoch), 12, _GREY, anchor="ma")
    _text(draw, (_WIDTH / 2, bottom + 22), _("epoch"), 12, _GREY, anchor="ma")
    for number, curve in enumerate(curves):
        line = [place(*point) for point in curve.points]
        draw.line(line, curve.colour, 2 * _SCALE, joint="curve")
        for x, y in line:
            draw.circle((x, y), 3 * _SCALE, curve.colour)
        right = _WIDTH - _RIGHT - 180 * (len(curves) - 1 - number)
        _text(draw, (right, top + 14), f"● {curve.title} {curve.points[-1][1]:.3f}", 13, curve.colour, "ra")


def _text(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, colour: str, anchor: str = "la"
) -> None:
    font = ImageFont.load_default(size * _SCALE)
    draw.text((at[0] * _SCALE, at[1] * _SCALE), text, colour, font, anchor)
