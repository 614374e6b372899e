"""A picture as the numbers that a search changes: frequencies and decorrelated colours, or plain pixels."""

import torch
from torch import nn

_COLOURS = ((0.26, 0.09, 0.02), (0.27, 0.00, -0.05), (0.27, -0.09, 0.03))
"""Red, green and blue of three directions in which the colours of photographs vary independently: the square root of
their covariance over ImageNet (Olah, Mordvintsev and Schubert, 2017, “Feature Visualization”, with lucid)."""

_FIRST = 0.01
"""The standard deviation of the numbers that a search begins with."""


class Canvas(nn.Module):
    """Calling it gives float 1×channels×height×width in 0…1.

    Args:
        is_plain: each pixel for itself, instead of frequencies, of which the low ones move as easily as the high ones.
    """

    def __init__(
        self, channels: int, height: int, width: int, generator: torch.Generator, *, is_plain: bool = False
    ) -> None:
        super().__init__()
        self._size = height, width
        self._is_plain = is_plain
        shape = (height, width) if is_plain else (height, width // 2 + 1, 2)
        self.numbers = nn.Parameter(_FIRST * torch.randn(1, channels, *shape, generator=generator))
        rows, columns = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)[None]
        slowest = 1 / max(height, width)
        self.register_buffer("weights", 1 / torch.hypot(rows, columns).clamp_min(slowest))
        mixing = torch.tensor(_COLOURS)
        self.register_buffer("mixing", mixing / mixing.norm(dim=0).max())

    def forward(self) -> torch.Tensor:
        """The picture."""
        if self._is_plain:
            return torch.sigmoid(self.numbers)
        spectrum = torch.view_as_complex(self.numbers) * self.get_buffer("weights")
        values = torch.fft.irfft2(spectrum, self._size, norm="ortho") / 4
        if values.shape[1] == 3:
            values = torch.einsum("rc,nchw->nrhw", self.get_buffer("mixing"), values)
        return torch.sigmoid(values)
