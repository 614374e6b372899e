"""Every registered architecture: what is recorded is what the network computes."""

import gc
import weakref
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import nn

from cnn_desktop.explain.filters import filters
from cnn_desktop.explain.recording import Recording, outline, record
from tests.unit.explain.recording.networks import NAMES, network, side_of


def plainly_hooked(module: nn.Module, batch: torch.Tensor) -> tuple[dict[str, list[torch.Tensor]], torch.Tensor]:
    """What each part of the network gave, in order, copied before anything could change it; and the logits."""
    seen: dict[str, list[torch.Tensor]] = {}
    handles = [
        part.register_forward_hook(lambda _part, _in, out, name=name: seen.setdefault(name, []).append(out.clone()))
        for name, part in module.named_modules()
    ]
    with torch.no_grad():
        logits = module(batch)
    for handle in handles:
        handle.remove()
    return seen, logits


@dataclass
class Case:
    module: nn.Module
    batch: torch.Tensor
    recording: Recording


@pytest.fixture(scope="module", params=NAMES)
def case(request: pytest.FixtureRequest) -> Case:
    module, side = network(request.param), side_of(request.param)
    batch = torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(1))
    return Case(module, batch, record(module, batch))


def test_everything_recorded_is_what_a_plain_hook_sees(case: Case) -> None:
    module, batch, recording = case.module, case.batch, case.recording
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in module.modules())
    seen, logits = plainly_hooked(module, batch)

    for operation in recording.operations.values():
        if operation.module_name:
            assert torch.equal(operation.output, seen[operation.module_name][operation.use - 1]), operation.name
    for block, ending in recording.blocks.items():
        assert torch.equal(recording.operations[ending].output, seen[block][-1]), block
    ran = {
        part: len(outputs)
        for part, outputs in seen.items()
        if next(module.get_submodule(part).children(), None) is None
    }
    uses = Counter(found.module_name for found in recording.operations.values() if found.module_name)
    assert {part: uses[part] for part in ran if part not in recording.blocks} == dict(uses), "each use once"
    passing = {type(module.get_submodule(part)).__name__ for part in ran if part in recording.blocks}
    assert passing <= {"Identity", "StochasticDepth"}, "what gives its input back does nothing"
    assert dict(uses).items() <= ran.items()
    assert torch.equal(recording.logits, logits[0])
    assert torch.equal(recording.probabilities, logits[0].softmax(0))


def test_layers_have_the_networks_parameters_and_filters(case: Case) -> None:
    module, recording = case.module, case.recording
    operations = recording.operations.values()
    assert sum(found.parameters for found in operations if found.is_layer) == sum(
        parameter.numel() for parameter in module.parameters()
    )
    for found in operations:
        if found.function == "conv2d":
            weight = module.get_submodule(found.module_name).weight
            assert isinstance(weight, torch.Tensor)
            assert torch.equal(found.arguments["weight"], weight)
            assert np.array_equal(filters(module, found.module_name), weight.detach().numpy())
        maps = recording.maps(found.name)
        assert maps.dtype == np.float32
        assert maps.shape == (found.map_shape if len(found.map_shape) == 3 else (*found.map_shape, 1, 1))


def test_an_outline_has_the_same_operations_and_holds_nothing(case: Case) -> None:
    side = case.batch.shape[2]
    recording, drawn = case.recording, outline(case.module, (3, side, side))

    def facts(of: Recording) -> list[tuple[object, ...]]:
        return [
            (found.name, found.kind, found.block, found.inputs, found.shape, found.axes, found.parameters)
            for found in of.operations.values()
        ]

    assert facts(recording) == facts(drawn)
    assert all(found.output.is_meta for found in drawn.operations.values())


@pytest.mark.parametrize("name", ["mnist_cnn", "squeezenet1_0"])
def test_a_hundred_recordings_leave_nothing_behind(name: str) -> None:
    """Without the garbage collector's help: a cycle would hold hundreds of megabytes until it comes by."""
    module, batch = network(name), torch.rand(1, 3, side_of(name), side_of(name))
    gc.collect()
    gc.disable()
    try:
        outputs = []
        for _time in range(100):
            recording = record(module, batch)
            outputs += [weakref.ref(found.output) for found in recording.operations.values()]
            del recording
        assert not any(output() is not None for output in outputs)
    finally:
        gc.enable()
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in module.modules())
