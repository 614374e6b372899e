"""A network's graph, written by a process of its own.

torch's exporter changes torch's global state while it looks at a network: a training in another thread of the same
process was seen to fail in its optimizer. The graph is traced without the weights, which the caller puts in.
"""

import multiprocessing
import os
import warnings
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import nn

from cnn_desktop.core.design import Design
from cnn_desktop.core.errors import CnnDesktopError, ExportError, one_line
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress
from cnn_desktop.models.architecture import new_network
from cnn_desktop.models.described import architecture_of
from cnn_desktop.models.model import Model
from cnn_desktop.models.onnx_file import CONSTANT

if TYPE_CHECKING:
    import onnx_ir

OPSET = 18
"""The first whose Resize filters as pictures need it, and old enough for the runtimes in use."""

INPUT, LOGITS, PROBABILITIES = "input", "logits", "probabilities"

_NETWORK = "network."
"""What comes before the names of a network's weights inside `_Answering`."""

_POLL = 0.1
"""Seconds between two looks at whether the person cancelled."""


_WORDS = 400
"""Characters of an error that are passed on: exporters print whole graphs, which would not fit into the pipe."""


@dataclass(frozen=True)
class NetworkPlan:
    """What a graph depends on besides the weights."""

    architecture: str
    design: Design | None
    classes: int
    channels: int
    size: tuple[int, int]
    """(height, width)."""
    temperature: float


def plan_of(model: Model) -> NetworkPlan:
    """The plan of `model`'s graph."""
    facts = model.preprocessing
    size = (facts.height, facts.width)
    return NetworkPlan(model.architecture, model.design, len(model.classes), facts.channels, size, model.temperature)


def trace(model: Model, path: Path, progress: Progress) -> None:
    """Write the graph of `model`'s network to `path`: any number of pictures in, logits and probabilities out.

    float32 N×channels×height×width, normalised; each output float32 N×classes. Weights are inputs of the graph.

    Raises:
        ExportError: the exporter can't, or its process ended before it was done.
        CancelledError: what `progress` raised; the process is ended.
    """
    plan = plan_of(model)
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_in_process, args=(plan, path, sending), daemon=True)
    process.start()
    sending.close()
    try:
        while process.is_alive():
            progress(0, 0)
            process.join(_POLL)
    finally:
        process.kill()
        process.join()
    with receiving:
        is_over = process.exitcode == 0
        reason = str(receiving.recv()) if is_over else _("its process ended with {code}").format(code=process.exitcode)
    if reason:
        raise ExportError(
            _("{title} can't be written as ONNX: {reason}.").format(title=model.title, reason=reason.rstrip("."))
        )


class _Answering(nn.Module):
    """A network that also says how probable each class is."""

    def __init__(self, network: nn.Module, temperature: float) -> None:
        super().__init__()
        self.network = network
        self.temperature = temperature

    def forward(self, pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits and probabilities, each float32 N×classes."""
        logits = self.network(pictures)
        return logits, (logits / self.temperature).softmax(dim=1)


def _in_process(plan: NetworkPlan, path: Path, sending: Connection) -> None:
    """What the process does; at its end it sends why there is no graph, or an empty text."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)  # the command line prints its answers there
    reason = ""
    try:
        write_graph(plan, path)
    except (torch.onnx.OnnxExporterError, CnnDesktopError) as error:
        reason = one_line(error)[:_WORDS]
    sending.send(reason)


def write_graph(plan: NetworkPlan, path: Path) -> None:
    """`trace` in this process, which nobody may train in meanwhile.

    Raises:
        torch.onnx.OnnxExporterError: the exporter can't.
        CnnDesktopError: there is no such architecture, or not for such pictures.
    """
    import onnx_ir  # noqa: PLC0415  an extra

    network = new_network(architecture_of(plan), plan.classes, plan.channels, plan.size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they are for programmers of exporters
        traced = _exported(_Answering(network, plan.temperature).eval(), plan)
    _take_weights_out(traced.graph, {f"{_NETWORK}{name}" for name in network.state_dict()})
    # The exporter notes where each operator comes from, with the paths of this machine's files.
    traced.graph.metadata_props.clear()
    for node in traced.graph.all_nodes():
        node.metadata_props.clear()
    onnx_ir.save(traced, path, format="protobuf")


def _exported(network: nn.Module, plan: NetworkPlan) -> "onnx_ir.Model":
    # Two pictures: the exporter takes one for a constant.
    example = torch.zeros(2, plan.channels, *plan.size)
    program = torch.onnx.export(
        network,
        (example,),
        dynamo=True,
        # Else it folds weights into each other and renames them; runtimes do that when they load the graph.
        optimize=False,
        opset_version=OPSET,
        input_names=[INPUT],
        output_names=[LOGITS, PROBABILITIES],
        dynamic_shapes=({0: torch.export.Dim("N")},),
        verbose=False,
    )
    assert program is not None
    return program.model


def _take_weights_out(graph: "onnx_ir.Graph", weights: set[str]) -> None:
    """Make inputs of what the network's weights are, under their own names, and mark what else there is."""
    found = list(graph.initializers.values())
    graph.initializers.clear()
    for value in found:
        name = str(value.name)
        if name in weights:
            value.name = name.removeprefix(_NETWORK)
            value.const_value = None
            graph.inputs.append(value)
        else:
            value.name = f"{CONSTANT}{name}"
            graph.initializers.add(value)
