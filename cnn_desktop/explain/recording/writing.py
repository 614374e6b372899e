"""From the calls that a tracer saw to operations with names."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import nn

from cnn_desktop.explain.recording.axes import axes_of, usual_axes
from cnn_desktop.explain.recording.blocks import Blocks
from cnn_desktop.explain.recording.functions import short_name, window_of, word
from cnn_desktop.explain.recording.operation import Axes, Operation
from cnn_desktop.explain.recording.recording import INPUT, Recording
from cnn_desktop.explain.recording.tracer import Draft, drafts_in
from cnn_desktop.models.layer_words import describe


def written(module: nn.Module, drafts: Sequence[Draft], ends: Mapping[str, Draft], last: Draft) -> Recording:
    """The recording of `drafts`, the first of which is the input.

    Args:
        module: the network that ran.
        drafts: in the order of the calls.
        ends: what each module gave.
        last: what gave the logits.
    """
    writer = _Writer(drafts[0], module)
    for draft in drafts[1:]:
        writer.add(draft)
    blocks = {module: writer.names[id(draft)] for module, draft in ends.items() if module}
    own_names = {module: name for module, name in blocks.items() if module not in writer.operations}
    return Recording(writer.operations, own_names, drafts[0].output, writer.names[id(last)])


class _Writer:
    def __init__(self, batch: Draft, module: nn.Module) -> None:
        self._blocks = Blocks(module)
        self._parameters = {id(tensor) for tensor in module.parameters()}
        self.operations: dict[str, Operation] = {}
        self.names = {id(batch): INPUT}
        self._axes = {INPUT: usual_axes(batch.output.ndim)}
        self._shapes: dict[str, tuple[int, ...]] = {INPUT: tuple(batch.output.shape)}
        self._uses: Counter[str] = Counter((INPUT,))

    def add(self, draft: Draft) -> None:
        base = draft.module_name or ".".join(filter(None, (draft.inside, short_name(draft.function))))
        self._uses[base] += 1
        use = self._uses[base]
        name = base if use == 1 else f"{base} ({use})"
        arguments: dict[str, Any] = self._named(draft.arguments)
        inputs = tuple(self.names[id(source)] for source in drafts_in(draft.arguments))
        shape = tuple(draft.output.shape)
        kind, detail = describe(draft.module) if draft.module else (word(draft.function), "")
        self.operations[name] = Operation(
            name=name,
            kind=kind,
            detail=detail,
            module_name=draft.module_name,
            block=self._blocks.of(draft.module_name.rpartition(".")[0] if draft.module_name else draft.inside),
            use=use,
            inputs=inputs,
            shape=shape[1:],
            parameters=self._parameters_of(draft),
            function=draft.function,
            arguments=arguments,
            is_layer=draft.is_layer,
            axes=self._axes_of(draft, arguments, inputs[0], shape),
            output=draft.output,
            window=window_of(draft.function, arguments),
        )
        self.names[id(draft)] = name
        self._axes[name], self._shapes[name] = self.operations[name].axes, shape

    def _axes_of(self, draft: Draft, arguments: Mapping[str, Any], source: str, shape: tuple[int, ...]) -> Axes:
        return axes_of(draft.function, arguments, shape, self._axes[source], self._shapes[source])

    def _parameters_of(self, draft: Draft) -> int:
        held = {id(tensor): tensor.numel() for tensor in _tensors_in(draft.arguments) if id(tensor) in self._parameters}
        if not held and draft.module is not None:
            held = {id(tensor): tensor.numel() for tensor in draft.module.parameters()}
        return sum(held.values())

    def _named(self, value: Any) -> Any:
        match value:
            case Draft():
                return self.names[id(value)]
            case dict():
                return {name: self._named(part) for name, part in value.items()}
            case tuple():
                return tuple(self._named(part) for part in value)
            case _:
                return value


def _tensors_in(value: Any) -> Iterator[torch.Tensor]:
    match value:
        case torch.Tensor():
            yield value
        case dict():
            for part in value.values():
                yield from _tensors_in(part)
        case tuple():
            for part in value:
                yield from _tensors_in(part)
        case _:
            return
