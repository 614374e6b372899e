"""Each rule by itself: what is taken, multiplied and added, and where it lies."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from cnn_desktop.core.errors import ModelError
from cnn_desktop.explain.arithmetic import Arithmetic, NoArithmeticError, Padding, explain_cell
from cnn_desktop.explain.recording import INPUT, Recording, record


class Ending(nn.Module):
    """Any part of a network, with an end that makes logits of it."""

    def __init__(self, part: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.part = part

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        return self.part(batch).flatten(1)


def recorded(part: Callable[[torch.Tensor], torch.Tensor], shape: tuple[int, ...] = (4, 9, 8)) -> Recording:
    torch.manual_seed(0)
    return record(Ending(part).eval(), torch.randn(1, *shape))


def first_of(recording: Recording, function: str) -> str:
    return next(name for name, operation in recording.operations.items() if operation.function == function)


def own_operation(recording: Recording) -> str:
    """The last operation before the end."""
    return [name for name, found in recording.operations.items() if found.function not in ("flatten", "softmax")][-1]


def everywhere(recording: Recording, function: str, most: int = 60) -> list[Arithmetic]:
    """The arithmetic of cells all over the operation, or of all where there are few, each compared with torch."""
    name = first_of(recording, function)
    maps = recording.maps(name)
    every = list(np.ndindex(maps.shape))
    chosen = np.linspace(0, len(every) - 1, min(most, len(every))).astype(int)
    found = [explain_cell(recording, name, every[at]) for at in chosen]  # pyright: ignore[reportArgumentType]
    for arithmetic in found:
        assert arithmetic.torch == maps[arithmetic.cell]
        assert arithmetic.agrees, arithmetic
    return found


@settings(deadline=None, max_examples=25)
@given(
    st.sampled_from([(1, 1), (3, 3), (2, 3), (5, 1)]),
    st.sampled_from([1, 2, (2, 1)]),
    st.sampled_from([0, 1, (2, 1), "same"]),
    st.sampled_from([1, 2, (1, 2)]),
    st.sampled_from([1, 2, 4]),
    st.booleans(),
)
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_convolutions_of_all_sorts(kernel, stride, padding, dilation, groups, bias) -> None:  # noqa: ANN001
    assume(padding != "same" or stride == 1)
    layer = nn.Conv2d(4, 8, kernel, stride, padding, dilation, groups, bias)
    recording = recorded(layer)
    for arithmetic in everywhere(recording, "conv2d"):
        patches = arithmetic.working.patches
        assert patches is not None and patches.weights is not None
        assert np.array_equal(patches.weights, layer.weight[arithmetic.cell.channel].detach().numpy())
        assert list(patches.channels) == list(range(patches.channels[0], patches.channels[0] + 4 // groups))
        assert_lies_where_it_says(recording, arithmetic)


def assert_lies_where_it_says(recording: Recording, arithmetic: Arithmetic) -> None:
    patches = arithmetic.working.patches
    assert patches is not None
    maps = np.pad(recording.taken(patches.source)[0].numpy(), ((0, 0), (20, 20), (20, 20)), constant_values=np.nan)
    height, width = patches.values.shape[1:]
    rows = patches.top + 20 + patches.every[0] * np.arange(height)
    columns = patches.left + 20 + patches.every[1] * np.arange(width)
    there = maps[patches.channels][:, rows][:, :, columns]
    top, left, bottom, right = patches.padding
    inside = (slice(None), slice(top, height - bottom), slice(left, width - right))
    assert np.array_equal(patches.values[inside], there[inside])
    assert np.isnan(there).sum() == there.size - there[inside].size, "all of the rest is padding"


def test_padding_is_shown_as_padding() -> None:
    recording = recorded(nn.Conv2d(4, 1, 3, padding=1))
    corner = explain_cell(recording, "part", (0, 0, 7)).working.patches
    assert corner is not None and corner.padding == Padding(top=1, right=1)
    assert (corner.top, corner.left) == (-1, 6)
    assert not corner.values[:, 0].any() and not corner.values[:, :, 2].any()


@settings(deadline=None, max_examples=25)
@given(
    st.sampled_from([2, 3, (2, 3)]), st.sampled_from([1, 2, 3]), st.sampled_from([0, 1]), st.booleans(), st.booleans()
)
def test_pooling_of_all_sorts(kernel, stride, padding, ceil_mode, counts_padding) -> None:  # noqa: ANN001
    everywhere(recorded(nn.AvgPool2d(kernel, stride, padding, ceil_mode, counts_padding)), "avg_pool2d")
    largest = recorded(nn.MaxPool2d(kernel, stride, padding, ceil_mode=ceil_mode))
    for arithmetic in everywhere(largest, "max_pool2d"):
        patches, winner = arithmetic.working.patches, arithmetic.working.winner
        assert patches is not None and winner is not None
        assert patches.values[0][winner] == arithmetic.torch == patches.values.max()
        assert_lies_where_it_says(largest, arithmetic)


@pytest.mark.parametrize("size", [1, 3, (2, 5), 9])
def test_adaptive_pooling_takes_uneven_parts(size: int | tuple[int, int]) -> None:
    everywhere(recorded(nn.AdaptiveAvgPool2d(size)), "adaptive_avg_pool2d")
    everywhere(recorded(nn.AdaptiveMaxPool2d(size)), "adaptive_max_pool2d")


def test_other_divisors_and_dilated_pools() -> None:
    everywhere(recorded(lambda x: F.avg_pool2d(x, 3, divisor_override=4)), "avg_pool2d")
    everywhere(recorded(nn.MaxPool2d(3, 1, 1, dilation=2)), "max_pool2d")


def test_a_dense_layer_on_maps_shows_the_maps() -> None:
    layer = nn.Linear(4 * 9 * 8, 3)
    recording = recorded(nn.Sequential(nn.ReLU(), nn.Flatten(), nn.Dropout(), layer))
    for arithmetic in everywhere(recording, "linear"):
        patches = arithmetic.working.patches
        assert patches is not None and patches.is_map and patches.source == first_of(recording, "relu")
        assert np.array_equal(patches.values, recording.maps(patches.source))
        weights = layer.weight[arithmetic.cell.channel].detach().numpy().reshape(4, 9, 8)
        assert np.array_equal(patches.products, patches.values * weights)


def test_a_dense_layer_on_numbers_lists_them() -> None:
    recording = recorded(nn.Sequential(nn.Flatten(), nn.Linear(288, 5), nn.Linear(5, 3)))
    patches = explain_cell(recording, "part.2", (1, 0, 0)).working.patches
    assert patches is not None and not patches.is_map and patches.values.shape == (5, 1, 1)
    assert list(patches.strongest) == sorted(range(5), key=lambda at: -abs(patches.products[at, 0, 0]))


def test_a_dense_layer_on_tokens() -> None:
    everywhere(recorded(lambda x: F.linear(x.flatten(2).transpose(1, 2), torch.randn(6, 4), torch.randn(6))), "linear")


ACTIVATIONS = [
    nn.ReLU(), nn.ReLU6(), nn.Hardtanh(-0.3, 0.7), nn.LeakyReLU(0.2), nn.ELU(0.8), nn.SELU(), nn.GELU(),
    nn.GELU("tanh"), nn.SiLU(), nn.Mish(), nn.Sigmoid(), nn.Tanh(), nn.Hardswish(), nn.Hardsigmoid(), nn.Softplus(2.0),
    nn.Softsign(), nn.LogSigmoid(), nn.PReLU(), nn.PReLU(4),
]  # fmt: skip


@pytest.mark.parametrize("layer", ACTIVATIONS, ids=repr)
def test_activations(layer: nn.Module) -> None:
    if isinstance(layer, nn.PReLU):
        nn.init.uniform_(layer.weight, -0.5, 0.5)
    recording = recorded(layer, (4, 3, 3))
    last = own_operation(recording)
    for cell in np.ndindex(4, 3, 3):
        arithmetic = explain_cell(recording, last, cell)  # pyright: ignore[reportArgumentType]
        assert arithmetic.agrees and arithmetic.working.kind == "formula"
        xs, ys = zip(*arithmetic.working.curve, strict=True)
        there = np.interp(arithmetic.working.steps[0].value, xs, ys)
        assert there == pytest.approx(arithmetic.working.total, abs=0.01), "the curve goes through the point"


FUNCTIONS = [torch.exp, torch.abs, torch.neg, lambda x: torch.sqrt(x.abs()), lambda x: x.clamp(-0.2, 0.4)]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_of_one_number(function: Callable[[torch.Tensor], torch.Tensor]) -> None:
    recording = recorded(function, (2, 3, 3))
    last = own_operation(recording)
    assert all(explain_cell(recording, last, cell).agrees for cell in np.ndindex(2, 3, 3))  # pyright: ignore[reportArgumentType]


def test_norms() -> None:
    norm = nn.BatchNorm2d(4)
    for tensor in (norm.running_mean, norm.running_var, norm.weight, norm.bias):
        nn.init.uniform_(tensor, 0.5, 2)  # pyright: ignore[reportArgumentType]
    for arithmetic in everywhere(recorded(norm), "batch_norm"):
        channel = arithmetic.cell.channel
        assert f"{float(norm.running_mean[channel]):.5g}" in arithmetic.working.steps[1].text  # pyright: ignore[reportOptionalSubscript]
    everywhere(recorded(nn.BatchNorm2d(4, affine=False, track_running_stats=False)), "batch_norm")
    everywhere(recorded(nn.GroupNorm(2, 4)), "group_norm")
    everywhere(recorded(nn.LayerNorm([9, 8])), "layer_norm")
    everywhere(recorded(nn.LayerNorm([4, 9, 8], elementwise_affine=False)), "layer_norm")


def test_what_is_joined() -> None:
    other = torch.randn(4, 1, 1)
    for join, function in (
        (lambda x: torch.add(x.relu(), x, alpha=2), "add"),
        (lambda x: x - 0.5, "sub"),
        (lambda x: x * other, "mul"),
        (lambda x: x * x.mean((2, 3), keepdim=True), "mul"),
        (lambda x: x / 3, "div"),
        (lambda x: torch.maximum(x, x.neg()), "maximum"),
    ):
        for arithmetic in everywhere(recorded(join), function):
            assert len(arithmetic.working.items) == 2


def test_means_of_maps() -> None:
    for part in (lambda x: x.mean((2, 3)), lambda x: x.mean([2, 3], keepdim=True), lambda x: x.mean(1)):
        everywhere(recorded(part), "mean")


def test_a_number_that_is_passed_on_says_from_where() -> None:
    recording = recorded(lambda x: torch.cat([x.relu(), x.sigmoid()], 1))
    found = explain_cell(recording, first_of(recording, "cat"), (5, 2, 3)).working.origin
    assert found is not None
    assert (found.operation, found.cell) == (first_of(recording, "sigmoid"), (1, 2, 3))
    turned = recorded(lambda x: x.relu().permute(0, 2, 3, 1).transpose(1, 2))
    for function in ("permute", "transpose", "flatten"):
        for arithmetic in everywhere(turned, function):
            origin = arithmetic.working.origin
            assert origin is not None
            assert turned.maps(origin.operation)[origin.cell] == arithmetic.torch


def test_padding_of_its_own_is_padding_or_the_map() -> None:
    recording = recorded(nn.ZeroPad2d((1, 2, 3, 0)))
    found = everywhere(recording, "pad", 10_000)
    assert sum(arithmetic.working.origin is None for arithmetic in found) == 4 * (12 * 11 - 9 * 8)
    assert found[-1].working.origin is None or found[-1].working.origin.operation == INPUT


def test_softmax_shares_and_its_temperature() -> None:
    torch.manual_seed(0)
    recording = record(Ending(nn.AdaptiveAvgPool2d(1)).eval(), 5 * torch.randn(1, 6, 4, 4), temperature=1.7)
    shares = [explain_cell(recording, "softmax", (unit, 0, 0)) for unit in range(6)]
    assert all(share.agrees for share in shares)
    assert sum(share.working.total for share in shares) == pytest.approx(1)
    assert any("1.7" in step.text for step in shares[0].working.steps)
    assert all(len(share.working.items) == 6 for share in shares)


def test_softmax_of_large_logits_is_no_overflow() -> None:
    recording = recorded(lambda x: 1e4 * x, (3, 1, 1))
    assert explain_cell(recording, "softmax", (0, 0, 0)).agrees


def test_norms_and_activations_that_follow_are_told() -> None:
    layers = nn.Sequential(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2))
    recording = recorded(layers)
    follows = explain_cell(recording, "part.0", (1, 2, 3)).follows
    assert [after.operation for after in follows] == ["part.1", "part.2"]
    assert follows[-1].torch == recording.maps("part.2")[1, 2, 3]


def test_what_others_take_too_is_followed_by_nothing() -> None:
    recording = recorded(lambda x: (y := x * 2).relu() + y)
    assert not explain_cell(recording, first_of(recording, "mul"), (0, 0, 0)).follows


def test_a_number_that_torch_did_not_compute_so_is_noticed() -> None:
    recording = recorded(nn.Conv2d(4, 2, 3))
    recording.operations["part"].output[0, 1, 2, 3] += 0.01
    assert not explain_cell(recording, "part", (1, 2, 3)).agrees
    assert explain_cell(recording, "part", (1, 2, 4)).agrees


def test_what_cannot_be_written_out_says_why() -> None:
    attention = nn.MultiheadAttention(4, 2, batch_first=True)
    tokens = recorded(lambda x: attention(y := x.flatten(2).transpose(1, 2), y, y, need_weights=False)[0], (4, 2, 2))
    name = next(name for name, operation in tokens.operations.items() if "attention" in operation.function)
    with pytest.raises(NoArithmeticError, match="all places of the picture"):
        explain_cell(tokens, name, (0, 0, 0))
    rolled = recorded(lambda x: x.relu().roll(1, 2))
    with pytest.raises(NoArithmeticError, match="only moves numbers"):
        explain_cell(rolled, first_of(rolled, "roll"), (0, 0, 0))
    rounded = recorded(torch.round)
    with pytest.raises(NoArithmeticError, match="can’t be written out"):
        explain_cell(rounded, first_of(rounded, "round"), (0, 0, 0))


@pytest.mark.parametrize("cell", [(2, 0, 0), (0, 7, 0), (0, 0, 6), (-1, 0, 0)])
def test_a_cell_that_is_not_there_is_refused(cell: tuple[int, int, int]) -> None:
    with pytest.raises(NoArithmeticError):
        explain_cell(recorded(nn.Conv2d(4, 2, 3)), "part", cell)


def test_an_operation_that_is_not_there_is_refused() -> None:
    with pytest.raises(ModelError, match="part"):
        explain_cell(recorded(nn.Conv2d(4, 2, 3)), "parts", (0, 0, 0))


def test_parts_of_a_picture_that_are_laid_out_as_a_batch() -> None:
    recording = recorded(lambda x: x.sigmoid().reshape(2, 2, 9, 8).neg().reshape(1, 4, 9, 8))
    first, last = (name for name, found in recording.operations.items() if found.function == "reshape")
    for cell in ((0, 1, 2), (1, 8, 7)):
        found = explain_cell(recording, last, cell)
        assert found.agrees
        assert found.torch == recording.maps(last)[cell]
    assert explain_cell(recording, last, (1, 8, 7)).working.origin == (own_neg := first_of(recording, "neg"), (1, 8, 7))
    assert explain_cell(recording, last, (3, 8, 7)).working.origin is None, "only the first part is shown"
    assert explain_cell(recording, own_neg, (1, 8, 7)).agrees
    assert explain_cell(recording, first, (1, 8, 7)).agrees


def test_what_mixes_parts_of_a_picture_is_refused() -> None:
    recording = recorded(lambda x: x.reshape(2, 2, 9, 8).mean(0, keepdim=True))
    with pytest.raises(NoArithmeticError, match="mixes parts"):
        explain_cell(recording, first_of(recording, "mean"), (1, 2, 3))


def test_a_learned_number_that_is_laid_behind_others() -> None:
    recording = recorded(lambda x: torch.cat([torch.ones(1, 1, 9, 8), x], 1))
    found = explain_cell(recording, first_of(recording, "cat"), (0, 3, 3))
    assert found.torch == 1 and found.agrees and found.working.origin is None


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("broken", [float("nan"), float("inf"), -float("inf"), 1e30])
def test_broken_numbers_are_told_as_they_are(broken: float) -> None:
    layers = nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.BatchNorm2d(3), nn.SiLU(), nn.MaxPool2d(2), nn.GELU())
    batch = torch.randn(1, 2, 6, 6)
    batch[0, 0, 2, 2] = broken
    recording = record(Ending(layers).eval(), batch)
    for name in ("part.0", "part.1", "part.2", "part.3", "part.4"):
        for row in range(3):
            arithmetic = explain_cell(recording, name, (0, row, row))
            assert np.isfinite(arithmetic.torch) or not np.isfinite(arithmetic.working.total)
            assert arithmetic.working.digits(arithmetic.torch) >= 0
            assert arithmetic.agrees or not np.isnan(broken)


def test_what_is_divided_by_nothing() -> None:
    for part in (lambda x: x / 0, lambda x: x.clamp(max=0) ** -0.5, lambda x: x.sqrt()):
        recording = recorded(part, (2, 2, 2))
        assert all(explain_cell(recording, own_operation(recording), cell).agrees for cell in np.ndindex(2, 2, 2))  # pyright: ignore[reportArgumentType]
