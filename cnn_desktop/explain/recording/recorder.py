"""Runs a network once and notes every operation."""

import torch
from torch import nn

from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.explain.independence import independent
from cnn_desktop.explain.recording.recording import Recording
from cnn_desktop.explain.recording.tracer import OverwrittenError, Tracer
from cnn_desktop.explain.recording.writing import written
from cnn_desktop.models.layers import weightless_copy


def record(module: nn.Module, batch: torch.Tensor, temperature: float = 1.0) -> Recording:
    """Run `batch` through a copy of `module` that shares its numbers, in eval mode and float32.

    `module` itself is neither hooked nor switched: it may be predicting or being trained in other threads meanwhile.

    Args:
        module: any classifier.
        batch: float N×C×H×W, preprocessed, on the module's device.
        temperature: what the logits are divided by in the softmax that is added where the network ends in logits.

    Raises:
        ModelError: the network gives something other than one tensor of logits.
    """
    return _recorded(independent(module), batch, temperature)


def outline(module: nn.Module, input_shape: tuple[int, int, int]) -> Recording:
    """The operations of `module` for a picture of `input_shape` (channels, height, width), without computing.

    Outputs have shapes and no values: torch's meta device.

    Raises:
        ModelError: as `record`.
    """
    return _recorded(weightless_copy(module).float().eval(), torch.empty(1, *input_shape, device="meta"), 1.0)


def _recorded(own: nn.Module, batch: torch.Tensor, temperature: float) -> Recording:
    try:
        return _run(own, batch.detach(), temperature, copying=False)
    except OverwrittenError:
        return _run(own, batch.detach().clone(), temperature, copying=True)


def _run(own: nn.Module, batch: torch.Tensor, temperature: float, *, copying: bool) -> Recording:
    tracer = Tracer(copying)
    with torch.no_grad():
        tracer.begin(batch)
        with tracer.watching(own), tracer:
            answer = own(batch)
        last = tracer.known(answer) if isinstance(answer, torch.Tensor) else None
        if last is None or answer.ndim != 2:
            raise ModelError(_("The network gives something other than one number a class."))
        if last.function != "softmax":
            arguments = {"input": last, "dim": 1, "temperature": temperature}
            tracer.append("softmax", arguments, torch.softmax(answer / temperature, dim=1))
    tracer.require_intact()
    return written(own, tracer.drafts, tracer.ends, last)
