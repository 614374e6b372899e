import threading

import torch
from torch import nn

from cnn_desktop.train.randomness import derived_seed, epoch_order, seed_device
from cnn_desktop.train.rewriting.dropout import BitDropout


def test_an_order_is_a_permutation_that_depends_on_seed_and_epoch_only() -> None:
    order = epoch_order(seed=3, epoch=2, count=100)
    assert sorted(order.tolist()) == list(range(100))
    torch.manual_seed(99)
    assert torch.equal(order, epoch_order(3, 2, 100))
    assert not torch.equal(order, epoch_order(3, 3, 100))
    assert not torch.equal(order, epoch_order(4, 2, 100))


def test_seeds_differ_for_every_purpose_and_counter() -> None:
    seeds = {derived_seed(s, p, n) for s in (0, 1, 2**62) for p in ("step", "order") for n in range(100)}
    assert len(seeds) == 600
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_no_other_thread_comes_between_the_draws_of_a_step() -> None:
    layer = BitDropout(0.5).train()
    values = torch.ones(1000)

    def drawn(disturbed: bool) -> torch.Tensor:
        seed_device(torch.device("cpu"), 7)
        first = layer(values)
        if disturbed:
            other = threading.Thread(target=lambda: (nn.Linear(9, 9), layer(values)))
            other.start()
            other.join()
        return torch.cat([first, layer(values)])

    assert torch.equal(drawn(disturbed=False), drawn(disturbed=True))
