"""Batches, and dice that fall as a test wants them."""

import pytest
import torch

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.augment.dice import Dice
from cnn_desktop.data.pictures import normalize

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


@pytest.fixture(params=DEVICES)
def device(request: pytest.FixtureRequest) -> torch.device:
    return torch.device(request.param)


def facts(height: int, width: int, channels: int = 3) -> Preprocessing:
    """A preprocessing whose mean and deviation differ from channel to channel."""
    mean, std = ((0.4, 0.5, 0.6), (0.2, 0.25, 0.3)) if channels == 3 else ((0.45,), (0.3,))
    return Preprocessing(height=height, width=width, channels=channels, mean=mean, std=std)


def random_pixels(count: int, seen: Preprocessing, seed: int = 0) -> torch.Tensor:
    """uint8 N×C×H×W in channels_last, with neighbours that resemble each other."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(count, seen.channels, 5, 5, generator=generator)
    smooth = torch.nn.functional.interpolate(coarse, (seen.height, seen.width), mode="bicubic").clamp(0, 1)
    return (smooth * 255).round().to(torch.uint8).contiguous(memory_format=torch.channels_last)


def random_batch(count: int, seen: Preprocessing, device: torch.device | None = None, seed: int = 0) -> torch.Tensor:
    """The same, normalised, on `device`."""
    return normalize(random_pixels(count, seen, seed).to(device or torch.device("cpu")), seen)


def in_unit_range(batch: torch.Tensor, seen: Preprocessing) -> torch.Tensor:
    """A normalised batch as colours of 0…1."""
    mean, std = (torch.tensor(values, device=batch.device)[:, None, None] for values in (seen.mean, seen.std))
    return batch * std + mean


def dice(count: int, device: torch.device | None = None, **fallen: float | list[float] | torch.Tensor) -> Dice:
    """All dice in the middle, where they change nothing that goes either way, but for `fallen`."""
    middle = {name: torch.full((count,), 0.5) for name in Dice._fields}
    given = {name: torch.as_tensor(value, dtype=torch.float32).expand(count) for name, value in fallen.items()}
    return Dice(**{name: die.to(device or torch.device("cpu")) for name, die in {**middle, **given}.items()})
