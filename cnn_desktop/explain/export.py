"""A layer's filters and feature maps as files: pictures to look at, arrays to compute with."""

from pathlib import Path

import numpy as np
from PIL import Image

from cnn_desktop.core.files import atomic_path
from cnn_desktop.data.decoding import OpenedPicture
from cnn_desktop.explain.filters import filters
from cnn_desktop.explain.rendering import Scale, mosaic, near_square, resample, to_colours, to_rgb
from cnn_desktop.explain.viewing import record_picture
from cnn_desktop.models.model import Model

_PICTURE_SIDE = 1024
_WHITE = (255, 255, 255)


def write_layer(model: Model, picture: OpenedPicture, layer: str, folder: Path) -> list[Path]:
    """Write what `layer` makes of `picture`, and its filters where it has some; return the files written.

    `<layer>-maps.png` and `<layer>-maps.npy` (float32 C×H×W), `<layer>-filters.png` (a row a filter, a column an input
    channel) and `<layer>-filters.npy` (float32 out×in×height×width).

    `layer` is the name of an operation, or of a block, whose output it then is.

    Raises:
        ModelError: the network has no such layer.
        OSError: the folder can't be written.
    """
    recording = record_picture(model, picture)
    name, maps = recording.operation(layer).name, recording.maps(layer)
    folder.mkdir(parents=True, exist_ok=True)
    written = [
        _write_picture(folder / f"{layer}-maps.png", to_colours(maps, Scale.of(maps)), near_square(len(maps))),
        _write_array(folder / f"{layer}-maps.npy", maps),
    ]
    weights = filters(model.module, name)
    if weights is not None:
        tiles, columns = _filter_tiles(weights)
        written.append(_write_picture(folder / f"{layer}-filters.png", tiles, columns))
        written.append(_write_array(folder / f"{layer}-filters.npy", weights))
    return written


def _filter_tiles(weights: np.ndarray) -> tuple[np.ndarray, int]:
    if weights.shape[1] == 3:
        coloured = np.moveaxis(weights, 1, -1)
        return to_rgb(coloured, Scale.of(coloured, symmetric=True)), near_square(len(weights))
    kernels = weights.reshape(-1, *weights.shape[2:])
    columns = weights.shape[1] if weights.shape[1] > 1 else near_square(len(kernels))
    return to_colours(kernels, Scale.of(kernels, symmetric=True), "signed"), columns


def _write_picture(target: Path, tiles: np.ndarray, columns: int) -> Path:
    zoom = max(1, _PICTURE_SIDE // (columns * (tiles.shape[2] + 1)))
    enlarged = resample(tiles, tiles.shape[1] * zoom, tiles.shape[2] * zoom)
    with atomic_path(target) as temporary:
        Image.fromarray(mosaic(enlarged, columns, gap=max(1, zoom // 4), background=_WHITE)).save(temporary, "PNG")
    return target


def _write_array(target: Path, values: np.ndarray) -> Path:
    with atomic_path(target) as temporary, temporary.open("wb") as stream:
        np.save(stream, values)
    return target
