"""Batch norms within the convolutions before them."""

from itertools import pairwise

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval


def fold_batch_norms(module: nn.Module) -> None:
    """Let each convolution that a batch norm follows in a sequence scale and shift for it; in place, not its tensors.

    In evaluation mode a batch norm is a fixed scale and shift of each channel, which the weights and the bias of the
    convolution can hold: logits differ in the last bits, and the maps are walked through once less. Where code and not
    a sequence calls the two, nothing tells that nobody else takes what lies between them, and they stay.
    """
    for sequence in module.modules():
        if not _is_plain_sequence(sequence):
            continue
        for (first, layer), (second, norm) in pairwise(list(sequence.named_children())):
            if type(layer) is nn.Conv2d and _is_fixed(norm):
                setattr(sequence, first, fuse_conv_bn_eval(layer, norm))
                setattr(sequence, second, nn.Identity())


def _is_plain_sequence(module: nn.Module) -> bool:
    return isinstance(module, nn.Sequential) and type(module).forward is nn.Sequential.forward


def _is_fixed(layer: nn.Module) -> bool:
    """Whether it is a batch norm that uses the statistics it has."""
    return isinstance(layer, nn.BatchNorm2d) and not layer.training and layer.running_mean is not None
