"""A first layer that is computed from the pictures instead of learned from them."""

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import nn

_SMALLEST_VARIANCE = 5e-4
"""Added to each component's variance in units of the pictures', so that those of noise aren't blown up."""

_AT_ONCE = 64


class Whitening(nn.Conv2d):
    """Patches of pictures as their principal components of equal variance, each with both signs; not trained.

    float N×channels×H×W -> N×2·channels·kernel²×H'×W'. The two signs let a following ReLU keep both halves. Filters
    and biases are buffers: saved with the network, left alone by optimizers. They are random until `fit`.

    Source: Page, “How to train your ResNet”, part 8 (2019), in the form of Jordan, arXiv:2404.00498 (2024).
    """

    def __init__(self, channels: int, kernel: int, padding: int = 0) -> None:
        super().__init__(channels, 2 * channels * kernel**2, kernel, padding=padding)
        for name in ("weight", "bias"):
            values = getattr(self, name).detach()
            delattr(self, name)
            self.register_buffer(name, values)

    def fit(self, pictures: torch.Tensor) -> None:
        """Compute the filters from pictures as the network will see them, float N×channels×H×W with N of 1 or more."""
        mean, covariance = _patch_statistics(pictures, self.kernel_size[0])
        variances, components = torch.linalg.eigh(covariance)
        floor = _SMALLEST_VARIANCE * float(variances.mean()) + torch.finfo(torch.float32).tiny
        filters = (components / torch.sqrt(variances.clamp(min=0) + floor)).T.flip(0)
        both = torch.cat([filters, -filters])
        with torch.no_grad():
            self.weight.copy_(both.reshape(self.weight.shape))
            # The same as taking the mean patch off before; at a padded border it isn't, which nothing depends on.
            self.get_buffer("bias").copy_(-(both @ mean))


def _patch_statistics(pictures: torch.Tensor, kernel: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean (length P) and covariance (P×P) of all patches of `kernel`×`kernel` as vectors, float64."""
    length = pictures.shape[1] * kernel**2
    count, total, products = 0, torch.zeros(length, dtype=torch.float64), torch.zeros(length, length).double()
    for some in pictures.split(_AT_ONCE):
        patches = F.unfold(some, kernel).transpose(1, 2).reshape(-1, length).double()
        count += len(patches)
        total += patches.sum(0)
        products += patches.T @ patches
    mean = total / count
    return mean, products / count - torch.outer(mean, mean)
