"""Max pools before ReLUs."""

from itertools import pairwise

from torch import nn


def pool_before_relu(module: nn.Module) -> None:
    """Let each max pool that follows a ReLU in a sequence go before it; in place.

    The larger of two numbers stays the larger when both are cut off at zero, so the outputs are equal, and so are the
    gradients: they reach the largest value where that is positive, and nothing where it isn't. The ReLU then handles
    the pooled maps only, a quarter of the numbers. Both layers are without parameters: names of weights stay.
    """
    for sequence in module.modules():
        if not isinstance(sequence, nn.Sequential):
            continue
        names = [name for name, _layer in sequence.named_children()]
        for first, second in pairwise(names):
            relu, pool = getattr(sequence, first), getattr(sequence, second)
            if isinstance(relu, nn.ReLU) and isinstance(pool, nn.MaxPool2d) and not pool.return_indices:
                setattr(sequence, first, pool)
                setattr(sequence, second, relu)
