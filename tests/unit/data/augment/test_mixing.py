"""Mixup and cutmix: what is mixed is what is said."""

import pytest
import torch
from torchvision.transforms import v2

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.data.augment import Mixer
from cnn_desktop.data.augment.mixing import lesser_share_quantiles

CLASSES = 5


def _mixed(
    wanted: Augmentation, batch: torch.Tensor, labels: torch.Tensor, seed: int = 0
) -> tuple[torch.Tensor, torch.Tensor]:
    return Mixer(wanted, CLASSES)(batch, labels, torch.Generator(batch.device).manual_seed(seed))


def _levels(count: int, device: torch.device, height: int = 12, width: int = 20) -> torch.Tensor:
    """Pictures of one level each, its place in the batch, in channels_last."""
    levels = torch.arange(count, dtype=torch.float32, device=device)[:, None, None, None]
    return levels.expand(count, 3, height, width).contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("words", ["mixup=.2", "cutmix=1", "mixup=.4,cutmix=1"])
def test_pictures_and_classes_are_mixed_in_the_same_shares(words: str, device: torch.device) -> None:
    batch = _levels(50, device)
    labels = torch.arange(50, device=device) % CLASSES
    before = batch.clone()
    mixed, targets = _mixed(Augmentation.parse(words), batch, labels)
    assert mixed.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(batch, before)
    torch.testing.assert_close(targets.sum(1), torch.ones(50, device=device))
    own = targets[torch.arange(50), labels]
    others = batch.roll(1, 0)
    expected = own[:, None, None, None] * batch + (1 - own[:, None, None, None]) * others
    torch.testing.assert_close(mixed.mean(dim=(1, 2, 3)), expected.mean(dim=(1, 2, 3)), rtol=1e-4, atol=1e-4)
    assert (own >= 0.5 - 1e-6).all()  # the own class stays the one to find
    assert (targets.argmax(1) == labels).all()
    assert own.min() < 0.7
    again, same = _mixed(Augmentation.parse(words), batch, labels)
    assert torch.equal(mixed, again)
    assert torch.equal(targets, same)
    assert not torch.equal(mixed, _mixed(Augmentation.parse(words), batch, labels, seed=1)[0])


def test_mixup_is_as_torchvision_mixes_with_the_same_share(monkeypatch: pytest.MonkeyPatch) -> None:
    batch, labels = torch.rand(2, 3, 6, 6), torch.tensor([1, 3])
    mixed, targets = _mixed(Augmentation(mixup=1), batch, labels)
    for place in range(2):
        share = targets[place, labels[place]].item()
        theirs = v2.MixUp(num_classes=CLASSES)
        monkeypatch.setattr(theirs, "make_params", lambda _inputs, share=share: {"lam": share})
        theirs.eval()
        pictures, classes = theirs(batch, labels)
        torch.testing.assert_close(mixed[place], pictures[place])
        torch.testing.assert_close(targets[place], classes[place])


def test_cutmix_pastes_one_rectangle_of_the_other_picture(device: torch.device) -> None:
    batch = _levels(400, device)
    mixed, targets = _mixed(Augmentation(cutmix=1), batch, torch.zeros(400, dtype=torch.int64, device=device))
    pasted = (mixed == batch.roll(1, 0)).all(dim=1)
    assert ((mixed == batch).all(dim=1) | pasted).all()
    heights, widths = (pasted.any(dim=dim).sum(1) for dim in (2, 1))
    assert torch.equal(pasted.sum(dim=(1, 2)), heights * widths)
    assert heights.max() <= 12 * 0.5**0.5
    everywhere = pasted.float().mean(dim=0)
    assert everywhere.min() > 0.03  # also at the corners, where it is cut off
    assert torch.equal(targets[:, 0], torch.ones(400, device=device))  # of the same class: whole


def test_each_picture_takes_one_of_both_ways() -> None:
    batch = _levels(600, torch.device("cpu"))
    mixed, _targets = _mixed(Augmentation(mixup=1, cutmix=1), batch, torch.zeros(600, dtype=torch.int64))
    of_one_level = (mixed.flatten(1) == mixed.flatten(1)[:, :1]).all(dim=1)
    blended = of_one_level & (mixed[:, 0, 0, 0] != batch[:, 0, 0, 0])
    assert 240 < int(blended.sum()) < 360


@pytest.mark.parametrize("alpha", [0.1, 0.2, 0.4, 1.0, 2.0])
def test_shares_are_those_of_the_beta_distribution(alpha: float) -> None:
    torch.manual_seed(0)
    drawn = torch.distributions.Beta(alpha, alpha).sample((40_000,))
    lesser = torch.minimum(drawn, 1 - drawn)
    told = lesser_share_quantiles(alpha)
    assert told[0] == 0
    torch.testing.assert_close(told[-1], torch.tensor(0.5))
    shares = torch.linspace(0, 1, len(told))
    for share in (0.2, 0.5, 0.8, 0.95):
        expected = lesser.quantile(share)
        place = int((shares - share).abs().argmin())
        torch.testing.assert_close(told[place], expected, rtol=0.12, atol=0.004)


def test_the_share_of_a_mixed_picture_follows_its_distribution() -> None:
    batch = torch.zeros(4000, 1, 4, 4)
    _same, targets = _mixed(Augmentation(mixup=0.2), batch, torch.arange(4000) % CLASSES)
    lesser = 1 - targets.max(1).values
    expected = lesser_share_quantiles(0.2)
    for share in (0.5, 0.7, 0.9):
        torch.testing.assert_close(lesser.quantile(share), expected[int(share * 1024)], rtol=0.2, atol=0.002)
