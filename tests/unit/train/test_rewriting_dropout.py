import copy

import pytest
import torch
from torch import nn

from cnn_desktop.train.randomness import own_generator
from cnn_desktop.train.rewriting import drop_by_random_bits, dropout


def _dropout(p: float) -> nn.Sequential:
    layer = nn.Sequential(nn.Dropout(p))
    drop_by_random_bits(layer)
    assert type(layer[0]) is dropout.BitDropout
    return layer


@pytest.mark.parametrize("p", [0.25, 0.5, 0.1, 0.3, 0.999])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_share_is_right_in_every_part_of_a_word(p: float, dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    count = 1 << 17
    dropped = (_dropout(p)(torch.ones(count, dtype=dtype)) == 0).double()
    for lane in range(8):
        values = dropped[lane::8]
        assert values.mean() == pytest.approx(p, abs=5 * (p * (1 - p) / len(values)) ** 0.5)
    # Neighbours, and the same places of neighbouring words, know nothing of each other.
    for distance in (1, 8):
        both = (dropped[distance:] * dropped[:-distance]).mean()
        assert both == pytest.approx(p * p, abs=5 / count**0.5)


def test_quarters_and_halves_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    every_byte = torch.arange(256, dtype=torch.uint8)
    monkeypatch.setattr(dropout, "_random_bits", lambda _like, _dtype: every_byte)
    for p in (1 / 4, 1 / 2, 3 / 256):
        assert (_dropout(p)(torch.ones(256)) == 0).sum() == 256 * p


def test_every_word_of_thirty_two_bits_has_its_side_of_the_threshold(monkeypatch: pytest.MonkeyPatch) -> None:
    words = torch.tensor([-(2**31), -(2**31) + 858_993_458, -(2**31) + 858_993_459, 0, 2**31 - 1], dtype=torch.int32)
    monkeypatch.setattr(dropout, "_random_bits", lambda _like, _dtype: words)
    assert (_dropout(0.2)(torch.ones(5)) == 0).tolist() == [True, True, False, False, False]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_values_and_gradients_are_those_of_torch_for_the_same_draw(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    batch = torch.randn(3, 5, 7, 7, dtype=dtype).to(memory_format=torch.channels_last).requires_grad_()
    result = _dropout(0.25)(batch)
    assert result.is_contiguous(memory_format=torch.channels_last)
    kept = torch.where(result == 0, 0.0, 1.0).to(dtype)
    factors = kept / (1 - 0.25)  # as torch's own dropout makes them out of its draws
    assert torch.equal(result, batch * factors)
    gradient = torch.randn_like(result)
    assert torch.equal(torch.autograd.grad(result, batch, gradient)[0], gradient * factors)


def test_a_seed_says_everything_whatever_the_threads() -> None:
    layer, batch = _dropout(0.5), torch.ones(64, 1000)
    threads, results = torch.get_num_threads(), []
    try:
        for count in (1, 2):
            torch.set_num_threads(count)
            own_generator().manual_seed(7)
            results.append(layer(batch))
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(*results)
    assert not torch.equal(results[0], layer(batch)), "the generator didn't move on"


def test_nothing_is_dropped_in_evaluation_mode_nor_in_a_copy_of_it() -> None:
    layer = _dropout(0.5).eval()
    batch = torch.randn(100)
    assert torch.equal(layer(batch), batch)
    assert torch.equal(copy.deepcopy(layer)(batch), batch)
    assert isinstance(layer[0], nn.Dropout)


def test_a_view_with_gaps_and_a_repeated_row_are_dropped_value_by_value() -> None:
    torch.manual_seed(0)
    for batch in (torch.ones(64, 128)[:, ::2], torch.ones(1, 64).expand(64, 64), torch.ones(0, 3)):
        result = _dropout(0.5)(batch)
        assert result.shape == batch.shape
        assert batch.numel() == 0 or 0.45 < (result == 0).double().mean() < 0.55


def test_other_dropouts_stay() -> None:
    layers = nn.Sequential(nn.Dropout(0.0), nn.Dropout(1.0), nn.Dropout(0.5, inplace=True), nn.Dropout2d(0.5))
    drop_by_random_bits(layers)
    assert [type(layer) for layer in layers] == [nn.Dropout, nn.Dropout, nn.Dropout, nn.Dropout2d]
