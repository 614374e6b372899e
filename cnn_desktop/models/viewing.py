"""Which layers of a network are worth looking at."""

from torch import nn

_ALWAYS = (nn.Conv2d, nn.MaxPool2d)
_OUTSIDE_BLOCKS = (nn.ReLU, nn.ReLU6, nn.SiLU, nn.Hardswish, nn.GELU)
_END = (nn.Flatten, nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d)


def layers_with_maps(module: nn.Module) -> list[str]:
    """Dotted names of convolutions, max pools, activations and blocks, in the order in which they answer.

    It ends where the picture is flattened, or pooled to single numbers. Activations inside blocks are left out: many
    networks run one of them several times in a pass, so that its output is no one picture.
    """
    return _walk(module, "", inside_block=False)


def _walk(module: nn.Module, prefix: str, *, inside_block: bool) -> list[str]:
    names: list[str] = []
    for name, child in module.named_children():
        path = prefix + name
        if isinstance(child, _END):
            break
        if isinstance(child, nn.Sequential):
            names += _walk(child, f"{path}.", inside_block=inside_block)
        elif _is_block(child):
            # A block answers after the layers inside it.
            names += [*_walk(child, f"{path}.", inside_block=True), path]
        elif isinstance(child, _ALWAYS) or (isinstance(child, _OUTSIDE_BLOCKS) and not inside_block):
            names.append(path)
    return names


def _is_block(module: nn.Module) -> bool:
    # A squeeze-and-excitation has children too, but weighs channels by single numbers: nothing to look at.
    has_children = next(module.children(), None) is not None
    return has_children and type(module).__name__ != "SqueezeExcitation"
