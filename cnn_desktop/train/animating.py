"""A training as a moving picture: filters, feature maps or the confusion matrix, snapshot by snapshot."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.decoding import OpenedPicture
from cnn_desktop.explain.animation import Frame, with_names, write_animation
from cnn_desktop.explain.filters import filters, strength
from cnn_desktop.explain.rendering import Scale, mosaic, near_square, resample, to_colours, to_rgb
from cnn_desktop.explain.viewing import record_picture
from cnn_desktop.models.model import Model
from cnn_desktop.train.replay import Sample
from cnn_desktop.train.runs.snapshots import SnapshotInfo, open_snapshot

Subject = Literal["filters", "maps", "confusion"]

_SIDE = 640
"""Pixels of the picture, about."""
_MOST_TILES = 144
"""More of them could not be told apart at that size."""
_WHITE = (255, 255, 255)

Look = Callable[[Model], np.ndarray]
"""What is shown of a model: N×h×w, or N×h×w×3 for kernels over red, green and blue."""


def animate_filters(
    snapshots: Sequence[SnapshotInfo], layer: str, target: Path, seconds: float, progress: Progress = no_progress
) -> None:
    """Write how the filters of `layer` came to be; raises what `write_animation` does, and:

    Raises:
        ModelError: the layer has no filters, or a snapshot is damaged.
    """

    def look(model: Model) -> np.ndarray:
        weights = filters(model.module, layer)
        if weights is None:
            raise ModelError(_("“{layer}” has no filters.").format(layer=layer))
        weights = weights[:_MOST_TILES]
        if weights.shape[1] == 3:
            return weights.transpose(0, 2, 3, 1)
        return weights[:, 0] if weights.shape[1] == 1 else strength(weights)

    title = _("{layer} filters").format(layer=layer)
    _animate(snapshots, look, title, target, seconds, progress, is_signed=True)


def animate_maps(
    snapshots: Sequence[SnapshotInfo],
    layer: str,
    picture: OpenedPicture,
    target: Path,
    seconds: float,
    progress: Progress = no_progress,
) -> None:
    """Write what `layer` made of `picture` as the network learned; raises as `animate_filters`."""

    def look(model: Model) -> np.ndarray:
        recording = record_picture(model, picture)
        return recording.maps(layer)[:_MOST_TILES]

    title = _("{layer} feature maps").format(layer=layer)
    _animate(snapshots, look, title, target, seconds, progress, is_signed=False)


def animate_confusion(
    snapshots: Sequence[SnapshotInfo], sample: Sample, target: Path, seconds: float, progress: Progress = no_progress
) -> None:
    """Write what was taken for what as the network learned; raises as `animate_filters`."""
    classes = sample.classes
    cell = max(2, min(44, _SIDE // len(classes)))

    def frames() -> Iterator[Frame]:
        for snapshot in snapshots:
            counts = sample.confusion(open_snapshot(snapshot))
            shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
            picture = to_colours(shares[None], Scale(np.zeros(1), np.ones(1)))
            enlarged = resample(picture, cell * len(classes), cell * len(classes))[0]
            named = with_names(enlarged, classes, cell) if cell >= 10 else enlarged
            right = np.trace(counts) / max(1, counts.sum())
            words = _("{moment} · {share:.1%} right")
            yield Frame(named, words.format(moment=moment_text(snapshot), share=right))

    write_animation(target, _("Confusion: class by answer"), frames(), len(snapshots), seconds, progress)


def moment_text(snapshot: SnapshotInfo) -> str:
    """“epoch 3.2, step 1,200”."""
    return _("epoch {epoch:.1f}, step {step:,}").format(epoch=snapshot.epoch, step=snapshot.step)


def _animate(
    snapshots: Sequence[SnapshotInfo],
    look: Look,
    title: str,
    target: Path,
    seconds: float,
    progress: Progress,
    *,
    is_signed: bool,
) -> None:
    """All moments in the same colours: a colour is the same number from the first frame to the last."""
    seen: list[np.ndarray] = []
    for done, snapshot in enumerate(snapshots):
        progress(done, 2 * len(snapshots))
        seen.append(_reduced(look(open_snapshot(snapshot))))
    values = np.stack(seen)
    is_coloured = values.ndim == 5
    is_signed = is_signed and bool((values < 0).any())
    whole = Scale.of(values, symmetric=is_coloured or is_signed)
    scale = Scale(whole.low.ravel(), whole.high.ravel())

    def frames() -> Iterator[Frame]:
        for snapshot, tiles in zip(snapshots, values, strict=True):
            colormap = "signed" if is_signed else "viridis"
            colours = to_rgb(tiles, scale) if is_coloured else to_colours(tiles, scale, colormap)
            yield Frame(_laid_out(colours), moment_text(snapshot))

    count = len(snapshots)
    write_animation(target, title, frames(), count, seconds, lambda done, _total: progress(count + done, 2 * count))


def _reduced(tiles: np.ndarray) -> np.ndarray:
    """No larger than it is drawn, so that a whole training fits into memory."""
    side = max(1, _SIDE // near_square(len(tiles)))
    height, width = tiles.shape[1:3]
    return resample(tiles, min(height, side), min(width, side)).astype(np.float32)


def _laid_out(colours: np.ndarray) -> np.ndarray:
    columns = near_square(len(colours))
    zoom = max(1, (_SIDE // columns - 4) // max(colours.shape[1:3]))
    enlarged = resample(colours, zoom * colours.shape[1], zoom * colours.shape[2])
    return mosaic(enlarged, columns, gap=4, background=_WHITE)
