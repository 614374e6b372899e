"""A person's own design as source."""

from cnn_desktop.core.design import Design
from cnn_desktop.models.design.architecture import FIRST_WEIGHTS
from cnn_desktop.models.design.building import ResidualBlock, calls_of
from cnn_desktop.models.design.report import report
from cnn_desktop.models.source.bundle import Bundle
from cnn_desktop.models.source.layout import signature

_SOME = 10
"""Classes, while the code is made; it takes any number."""


def add_design(bundle: Bundle, design: Design, channels: int, size: tuple[int, int], name: str) -> None:
    """Take in the function `name(classes, channels, size)`, whose layers are as wide as such pictures make them.

    Raises:
        ModelError: a layer can't stand where it does.
    """
    *calls, (head, last) = calls_of(report(design, (channels, *size), _SOME), design.title).items()
    bundle.need("from collections import OrderedDict", "from torch import nn")
    if any(call.is_ours for _name, call in calls):
        bundle.add(ResidualBlock)
    layers = [f"{layer}={call.text}," for layer, call in calls]
    layers.append(f"{head}=nn.Linear({last.positional[0]}, classes),")
    body = ["nn.Sequential(", "    OrderedDict(", *(f"        {layer}" for layer in layers), "    )", ")"]
    lines = signature(name, ["classes: int", "channels: int", "size: tuple[int, int]"], "nn.Module")
    lines.append(f'    """{_plain(design.title)}, for pictures of {size[1]}×{size[0]} in {channels} channels."""')
    if first := FIRST_WEIGHTS.get(design.first_weights):
        bundle.add(first)
        ending = [f"    {first.__name__}(network)", "    return network"]
        lines += [f"    network = {body[0]}", *(f"    {line}" for line in body[1:]), *ending]
    else:
        lines += [f"    return {body[0]}", *(f"    {line}" for line in body[1:])]
    bundle.write(name, "\n".join(lines))


def design_code(design: Design, channels: int, size: tuple[int, int], classes: int) -> str:
    """`design` as a piece of Python that needs torch alone and leaves `network` behind.

    Raises:
        ModelError: a layer can't stand where it does.
    """
    bundle = Bundle()
    add_design(bundle, design, channels, size, "build_network")
    made = f"network = build_network({classes}, {channels}, {size})"
    return f"{bundle.imports}\n\n\n{bundle.take()}\n\n\n{made}\n"


def _plain(title: str) -> str:
    """A title that can stand in a text of three quotes."""
    return title.replace("\\", "/").replace('"', "'")
