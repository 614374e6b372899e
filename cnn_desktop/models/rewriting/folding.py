"""Batch norms within the convolutions before them."""

from itertools import pairwise

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_weights


def fold_batch_norms(module: nn.Module) -> None:
    """Let each convolution that a batch norm follows in a sequence scale and shift for it; in place, not its tensors.

    In evaluation mode a batch norm is a fixed scale and shift of each channel, which the weights and the bias of the
    convolution can hold: logits differ in the last bits, and the maps are walked through once less. Where code and not
    a sequence calls the two, nothing tells that nobody else takes what lies between them, and they stay.
    """
    for sequence in module.modules():
        if not _is_plain_sequence(sequence):
            continue
        for (_first, layer), (second, norm) in pairwise(list(sequence.named_children())):
            if type(layer) is nn.Conv2d and isinstance(norm, nn.BatchNorm2d) and _fold(layer, norm):
                setattr(sequence, second, nn.Identity())


def _is_plain_sequence(module: nn.Module) -> bool:
    return isinstance(module, nn.Sequential) and type(module).forward is nn.Sequential.forward


def _fold(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> bool:
    """Give `convolution` tensors of its own that hold `norm` too; not where that goes by each batch's statistics."""
    mean, variance = norm.running_mean, norm.running_var
    if norm.training or mean is None or variance is None:
        return False
    convolution.weight, convolution.bias = fuse_conv_bn_weights(
        convolution.weight, convolution.bias, mean, variance, norm.eps, norm.weight, norm.bias
    )
    return True
