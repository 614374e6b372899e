"""Activation maximisation: from noise, step by step, to a picture that excites one unit.

After Olah, Mordvintsev and Schubert, 2017, “Feature Visualization”, distill.pub.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.explain.independence import independent
from cnn_desktop.explain.maximisation.canvas import Canvas
from cnn_desktop.explain.maximisation.moving import moved
from cnn_desktop.explain.maximisation.unit import Unit, Watch, excitement
from cnn_desktop.models.model import Model

_RATE = 0.05
_STAGES = 48
"""How many pictures on the way are shown."""


@dataclass(frozen=True)
class Rules:
    """How the picture is searched for; what isn't kept natural by them becomes noise that excites all the same."""

    steps: int = 256
    robustness: float = 1.0
    """How far the picture is shifted, scaled and turned at each step: 0 not at all, 1 the usual."""
    smoothness: float = 0.05
    """What differences between neighbouring pixels cost (total variation), in units of what is reached."""
    is_plain: bool = False
    """Search among pixels instead of frequencies and decorrelated colours."""
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Stage:
    """The picture on its way."""

    step: int
    pixels: np.ndarray
    """uint8 C×H×W, of the size that the network takes."""
    excitement: float
    """Of the picture as it was moved for this step."""


@dataclass(frozen=True, eq=False)
class Found:
    """The picture at the end."""

    unit: Unit
    rules: Rules
    pixels: np.ndarray
    """uint8 C×H×W: exactly what a file of it holds."""
    excitement: float
    """Measured with those pixels, unmoved."""
    begin: float
    """The same of the noise at the start."""

    @property
    def is_dead(self) -> bool:
        """Whether the search got nowhere."""
        return not self.excitement > self.begin


Watcher = Callable[[Stage], None]


def maximise(
    model: Model, unit: Unit, rules: Rules, progress: Progress = no_progress, watcher: Watcher | None = None
) -> Found:
    """Search for a picture that excites `unit` as much as possible. The same seed gives the same picture.

    Args:
        progress: told of steps; may raise `CancelledError`.
        watcher: given some of the pictures on the way.

    Raises:
        ModelError: the network has no such unit, or answers with something that is no number.
        CancelledError: `progress` raised it.
    """
    generator = torch.Generator().manual_seed(rules.seed)
    size = model.preprocessing
    module = independent(model.module)
    device = next(module.parameters()).device
    canvas = Canvas(size.channels, size.height, size.width, generator, is_plain=rules.is_plain).to(device)
    begin = _pixels(canvas)
    watch = Watch(module, unit, is_steep=True)
    try:
        _climb(canvas, watch, rules, generator, size, progress, watcher)
    finally:
        watch.close()
    end = _pixels(canvas)
    before, after = excitement(model, unit, torch.from_numpy(np.stack([begin, end]))).tolist()
    return Found(unit, rules, end, after, before)


def _climb(
    canvas: Canvas,
    watch: Watch,
    rules: Rules,
    generator: torch.Generator,
    size: Preprocessing,
    progress: Progress,
    watcher: Watcher | None,
) -> None:
    optimizer = torch.optim.Adam(canvas.parameters(), _RATE)
    every = max(1, rules.steps // _STAGES)
    for step in range(1, rules.steps + 1):
        optimizer.zero_grad()
        picture = canvas()
        reached = watch(_normalised(moved(picture, rules.robustness, generator), size)).sum()
        if not torch.isfinite(reached):
            raise ModelError(_("The network computes something that is no number: its weights are damaged."))
        cost = rules.smoothness * _variation(picture) * reached.detach().abs()
        (cost - reached).backward()
        optimizer.step()
        progress(step, rules.steps)
        if watcher is not None and step % every == 0:
            watcher(Stage(step, _pixels(canvas), reached.item()))


def _variation(picture: torch.Tensor) -> torch.Tensor:
    """The mean difference between neighbours, times the side: the same for a picture and for its enlargement."""
    across, down = picture.diff(dim=3).abs().mean(), picture.diff(dim=2).abs().mean()
    return (across + down) * max(picture.shape[2:])


def _normalised(picture: torch.Tensor, size: Preprocessing) -> torch.Tensor:
    """As `data.pictures.normalize` does with pixels, for values in 0…1 that have a gradient."""
    mean, std = (torch.tensor(part, device=picture.device)[:, None, None] for part in (size.mean, size.std))
    return (picture - mean) / std


def _pixels(canvas: Canvas) -> np.ndarray:
    with torch.no_grad():
        return (canvas()[0] * 255).round().to("cpu", torch.uint8).numpy()
