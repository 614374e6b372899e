"""Randomness as a function of the run's seed and a counter.

Every draw of a run (order of an epoch, augmentation and dropout of a step) starts from a seed that is computed from
the run's own seed and the number of the epoch or step. So a run that goes on after step 4,711 draws what the
uninterrupted run would have drawn, without any generator's state having been saved.
"""

import hashlib

import torch


def derived_seed(seed: int, purpose: str, counter: int) -> int:
    """A seed of 63 bits that differs for every seed, purpose and counter."""
    digest = hashlib.blake2b(f"{seed}/{purpose}/{counter}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def epoch_order(seed: int, epoch: int, count: int) -> torch.Tensor:
    """The order of the training pictures in an epoch: int64, shape (count,), on the CPU."""
    generator = torch.Generator().manual_seed(derived_seed(seed, "order", epoch))
    return torch.randperm(count, generator=generator)
