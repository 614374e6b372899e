import numpy as np
import torch
from torch import nn

from cnn_desktop.explain.filters import filters, strength


def test_a_filters_strength_is_its_length_over_the_input_channels() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Conv2d(6, 8, 3), nn.ReLU())
    weights = filters(module, "0")
    assert weights is not None
    assert np.allclose(strength(weights), module[0].weight.detach().pow(2).sum(dim=1).sqrt().numpy(), atol=1e-6)


def test_what_is_no_convolution_has_no_filters() -> None:
    module = nn.Sequential(nn.Conv2d(6, 8, 3), nn.ReLU())
    assert filters(module, "1") is None
    assert filters(module, "0.sum") is None
