import pytest
import torch

from benchmarks.augmentation_contestant import BATCH, RECIPES, SIDE, batched, one_by_one
from cnn_desktop.core.augmentation import Augmentation


def _batch(answer: object) -> torch.Tensor:
    pictures = answer[0] if isinstance(answer, tuple) else answer
    assert isinstance(pictures, torch.Tensor)
    return pictures


@pytest.mark.parametrize("title", RECIPES)
def test_both_ways_do_the_same_kind_of_thing(title: str) -> None:
    torch.manual_seed(0)
    coarse = torch.rand(BATCH, 3, 4, 4)
    pixels = (torch.nn.functional.interpolate(coarse, SIDE, mode="bilinear") * 255).to(torch.uint8)
    labels = torch.arange(BATCH) % 10
    plain = _batch(batched(Augmentation(), pixels, labels)())
    torch.testing.assert_close(_batch(one_by_one(Augmentation(), pixels, labels)()), plain)
    ours, theirs = (_batch(way(RECIPES[title], pixels, labels)()) for way in (batched, one_by_one))
    assert ours.shape == theirs.shape == (BATCH, 3, SIDE, SIDE)
    middle = slice(SIDE // 4, 3 * SIDE // 4)  # towards the edge they fill differently
    changes = [(changed - plain).abs()[:, :, middle, middle].mean().item() for changed in (ours, theirs)]
    assert changes[0] == pytest.approx(changes[1], rel=0.35)
    assert changes[0] > 0.1
