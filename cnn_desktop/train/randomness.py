"""Randomness as a function of the run's seed and a counter.

Every draw of a run (order of an epoch, augmentation and dropout of a step) starts from a seed that is computed from
the run's own seed and the number of the epoch or step. So a run that goes on after step 4,711 draws what the
uninterrupted run would have drawn, without any generator's state having been saved.
"""

import hashlib
import threading

import torch

_of_thread = threading.local()


def derived_seed(seed: int, purpose: str, counter: int) -> int:
    """A seed of 63 bits that differs for every seed, purpose and counter."""
    digest = hashlib.blake2b(f"{seed}/{purpose}/{counter}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def own_generator() -> torch.Generator:
    """The calling thread's own generator on the CPU, which no other thread's draws can come between.

    torch's default generator belongs to the whole program: a model that is opened while another one trains draws its
    first weights from it.
    """
    if not hasattr(_of_thread, "generator"):
        _of_thread.generator = torch.Generator()
    return _of_thread.generator


def seed_device(device: torch.device, seed: int) -> None:
    """Seed the generators that layers such as dropout draw from on `device`, in the calling thread.

    `torch.manual_seed` would seed every device that there might be, and note a stack trace each time for those that
    aren't in use: a tenth of the time of a small network's step.
    """
    match device.type:
        case "cuda":
            index = torch.cuda.current_device() if device.index is None else device.index
            torch.cuda.default_generators[index].manual_seed(seed)
        case "mps":
            torch.mps.manual_seed(seed)
        case _:
            torch.default_generator.manual_seed(seed)
            own_generator().manual_seed(seed)


def epoch_order(seed: int, epoch: int, count: int) -> torch.Tensor:
    """The order of the training pictures in an epoch: int64, shape (count,), on the CPU."""
    generator = torch.Generator().manual_seed(derived_seed(seed, "order", epoch))
    return torch.randperm(count, generator=generator)
