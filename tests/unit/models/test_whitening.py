"""The computed first layer: patches come out uncorrelated, with equal variance, in both signs, and stay as they are."""

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it

from cnn_desktop.models.freezing import freezable
from cnn_desktop.models.whitening import Whitening


def smooth_pictures(count: int = 40) -> torch.Tensor:
    noise = torch.rand(count, 3, 20, 20, generator=torch.Generator().manual_seed(0))
    return F.avg_pool2d(noise, 3, stride=1) * torch.tensor([1.0, 0.5, 2.0])[:, None, None] + 0.3


def test_components_are_uncorrelated_and_of_equal_variance_around_zero() -> None:
    pictures = smooth_pictures()
    layer = Whitening(3, 2)
    layer.fit(pictures)
    outputs = layer(pictures)
    assert outputs.shape == (40, 24, 17, 17)
    first = outputs[:, :12].transpose(0, 1).flatten(1).double()
    assert float(first.mean(1).abs().max()) < 1e-4
    covariance = torch.cov(first)
    assert torch.allclose(covariance, torch.eye(12).double(), atol=0.05)
    assert torch.allclose(outputs[:, 12:], -outputs[:, :12], atol=1e-4)


def test_pictures_of_one_colour_leave_finite_filters() -> None:
    layer = Whitening(1, 2)
    layer.fit(torch.full((2, 1, 8, 8), 0.5))
    assert bool(torch.isfinite(layer.weight).all())
    assert float(layer(torch.full((1, 1, 8, 8), 0.5)).abs().max()) < 1e-3


def test_the_filters_are_saved_but_nothing_trains_or_freezes_them() -> None:
    layer = Whitening(3, 2)
    assert list(layer.parameters()) == []
    assert set(layer.state_dict()) == {"weight", "bias"}
    assert freezable(torch.nn.Sequential(layer, torch.nn.Conv2d(24, 2, 1))) == ["1"]
