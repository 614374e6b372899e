"""What happens to a picture before a network sees it, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnn_desktop.core.language import _

if TYPE_CHECKING:
    from cnn_desktop.core.preprocessing import Preprocessing
    from cnn_desktop.data.dataset import Dataset


def words_of(preprocessing: Preprocessing, dataset: Dataset) -> str:
    """Two or three sentences: the size and how it comes about, the channels, the range of the numbers."""
    return " ".join((_size(preprocessing, dataset), _channels(preprocessing, dataset), _numbers(preprocessing)))


def _size(preprocessing: Preprocessing, dataset: Dataset) -> str:
    size = _("{width} × {height} pixels").format(width=preprocessing.width, height=preprocessing.height)
    if dataset.image_size == (preprocessing.height, preprocessing.width):
        return _("{size}, as they are.").format(size=size)
    if preprocessing.resize == "crop":
        text = _("{size}: the shorter side is brought to {side}, then the middle is cut out.")
        return text.format(size=size, side=preprocessing.shorter_side)
    return _("{size}: the whole picture, stretched to this size.").format(size=size)


def _channels(preprocessing: Preprocessing, dataset: Dataset) -> str:
    if preprocessing.channels == 1:
        return _("One channel: grey.")
    if dataset.channels == 1:
        return _("Three channels, all three the same grey.")
    return _("Three channels: red, green, blue.")


def _numbers(preprocessing: Preprocessing) -> str:
    if not any(preprocessing.mean) and all(part == 1 for part in preprocessing.std):
        return _("Each value is divided by 255, so that it lies between 0 and 1.")
    text = _("Each value is divided by 255, less {mean}, over {std}, so that it lies between {low:.1f} and {high:.1f}.")
    ends = [
        (end - mean) / std for end in (0, 1) for mean, std in zip(preprocessing.mean, preprocessing.std, strict=True)
    ]
    return text.format(mean=_listed(preprocessing.mean), std=_listed(preprocessing.std), low=min(ends), high=max(ends))


def _listed(values: tuple[float, ...]) -> str:
    return " / ".join(f"{value:.3g}" for value in values)
