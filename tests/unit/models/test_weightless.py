"""Networks that are built without values."""

import pytest
import torch
from torch import nn

from cnn_desktop.models.archs import architectures
from cnn_desktop.models.weightless import weightless


@pytest.mark.parametrize("name", architectures)
def test_they_have_the_shapes_and_nothing_else(name: str) -> None:
    side = max(64, architectures[name].min_size)
    with torch.device("meta"):
        usual = architectures[name].build(7, 3, (side, side))
    with weightless():
        module = architectures[name].build(7, 3, (side, side))
    assert str(module) == str(usual)
    ours, theirs = module.state_dict(), usual.state_dict()
    assert [(key, value.shape, value.dtype) for key, value in ours.items()] == [
        (key, value.shape, value.dtype) for key, value in theirs.items()
    ]
    assert all(value.is_meta for value in ours.values())


def test_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(*_arguments: object, **_named: object) -> None:
        raise AssertionError("drawn")

    monkeypatch.setattr(torch.Tensor, "normal_", draw)
    with pytest.raises(AssertionError, match="drawn"):
        nn.init.normal_(torch.empty(3))
    before = torch.get_rng_state()
    with weightless():
        nn.init.normal_(torch.empty(3))
        layers = nn.Linear(3, 4), nn.Conv2d(3, 4, 3), nn.Embedding(3, 4), nn.init.trunc_normal_(torch.empty(3))
    assert len(layers) == 4
    assert torch.get_rng_state().equal(before)


def test_other_tensors_get_their_values() -> None:
    with weightless():
        filled = torch.empty(3, device="cpu").fill_(2)
    assert filled.tolist() == [2, 2, 2]
    assert not nn.Linear(2, 2).weight.is_meta
