"""A model as an ONNX file: its network as a graph, its facts as metadata, its weights whole, under their own names."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import torch

from cnn_desktop.core.errors import BadInputError, ExportError
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress
from cnn_desktop.core.units import bytes_text
from cnn_desktop.models.model import Model
from cnn_desktop.models.model_facts import sealed_facts
from cnn_desktop.predict.export.preprocessing_graph import preprocessing_graph
from cnn_desktop.predict.export.tracing import OPSET, trace

if TYPE_CHECKING:
    import onnx_ir

_LARGEST = 2**31 - 2**20
"""Bytes. A protobuf message ends at 2 GiB, and the graph needs a little."""

_COUNTER = "num_batches_tracked"
"""Of a batch norm, for training only: no graph that predicts holds it."""

_PREPROCESSING = "preprocessing."
"""How the names of the values begin that are computed before the network."""


def require_onnx() -> None:
    """Refuse where the packages that write and run ONNX files aren't installed.

    Raises:
        BadInputError: with the line that installs them.
    """
    try:
        import onnx  # noqa: F401, PLC0415  an extra
        import onnxruntime  # noqa: F401, PLC0415
        import onnxscript  # noqa: F401, PLC0415
    except ImportError as error:
        raise BadInputError(
            _('ONNX needs packages that aren\'t installed: run `pip install "cnn-desktop[onnx]"`.')
        ) from error


def write_onnx(model: Model, path: Path, with_preprocessing: bool, progress: Progress) -> None:
    """Write `model`, which nobody changes meanwhile, as an ONNX file that takes any number of pictures.

    Input: float32 N×channels×height×width, normalised; or `with_preprocessing` uint8 N×height×width×3, RGB, any size.
    Outputs: logits and, after division by the model's temperature, probabilities.

    Raises:
        ExportError: its weights are more than one ONNX file holds, or the exporter can't write its network.
        OSError: the file can't be written.
    """
    import onnx_ir  # noqa: PLC0415  an extra

    weights = {
        name: tensor.detach().cpu().contiguous()
        for name, tensor in model.module.state_dict().items()
        if not name.endswith(_COUNTER)
    }
    _require_room(model, weights)
    with TemporaryDirectory() as folder:
        traced = Path(folder) / "graph.onnx"
        trace(model, traced, progress)
        written = onnx_ir.load(traced)
        _put_weights_in(written.graph, weights)
        if with_preprocessing:
            _put_before(written.graph, preprocessing_graph(model.preprocessing, OPSET))
        written.metadata_props.update(sealed_facts(model, weights))
        onnx_ir.save(written, path, format="protobuf")


def _require_room(model: Model, weights: Mapping[str, torch.Tensor]) -> None:
    size = sum(tensor.numel() * tensor.element_size() for tensor in weights.values())
    if size > _LARGEST:
        raise ExportError(
            _("{title} has {size} of weights, and an ONNX file holds 2 GB at most: export it as safetensors.").format(
                title=model.title, size=bytes_text(size)
            )
        )


def _put_weights_in(graph: "onnx_ir.Graph", weights: Mapping[str, torch.Tensor]) -> None:
    """Give the graph's inputs that are weights their numbers; weights that it has no use for lie in it all the same."""
    import onnx_ir  # noqa: PLC0415  an extra

    pictures, *used = graph.inputs
    graph.inputs.clear()
    graph.inputs.append(pictures)
    places = {str(value.name): value for value in used}
    for name, tensor in weights.items():
        value = places.get(name) or onnx_ir.Value(name=name)
        value.const_value = onnx_ir.tensor(tensor.numpy(), name=name)
        graph.initializers.add(value)


def _put_before(graph: "onnx_ir.Graph", text: str) -> None:
    """Let `graph` begin with what the ONNX model in `text` does."""
    import onnx_ir  # noqa: PLC0415  an extra

    first = onnx_ir.from_onnx_text(text).graph
    nodes = list(first)
    first.remove(nodes)
    for value in (value for node in nodes for value in node.outputs):
        value.name = f"{_PREPROCESSING}{value.name}"
    graph.inputs[0].replace_all_uses_with(first.outputs[0])
    pictures = list(first.inputs)
    first.inputs.clear()
    graph.inputs.clear()
    graph.inputs.extend(pictures)
    graph.insert_before(graph[0], nodes)
