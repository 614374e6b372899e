"""Contestant: the fastest that this machine multiplies matrices. Answers in FLOP/s by precision and shape."""

import time

import torch

from benchmarks.answering import Answer, Answers
from cnn_desktop.models.device import choose_device, device_title

SHAPES = {
    "1024³": (1024, 1024, 1024),
    "2048³": (2048, 2048, 2048),
    "4096³": (4096, 4096, 4096),
    # As convolutions of 3×3 over a batch of 128 pictures come to: pixels × (9 × channels in) × channels out.
    "conv 32²·32→32": (128 * 32 * 32, 9 * 32, 32),
    "conv 16²·64→64": (128 * 16 * 16, 9 * 64, 64),
    "conv 8²·128→128": (128 * 8 * 8, 9 * 128, 128),
}
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
_MIN_CALLS = 2


def measure(device: torch.device, seconds: float) -> Answer:
    """FLOP/s by precision and shape, each the best of several calls."""
    share = seconds / (len(SHAPES) * len(DTYPES))
    return {
        precision: {name: _best(shape, dtype, device, share) for name, shape in SHAPES.items()}
        for precision, dtype in DTYPES.items()
    }


def _best(shape: tuple[int, int, int], dtype: torch.dtype, device: torch.device, seconds: float) -> float:
    rows, inner, columns = shape
    left = torch.randn(rows, inner, device=device, dtype=dtype)
    right = torch.randn(inner, columns, device=device, dtype=dtype)
    product = torch.mm(left, right)
    times: list[float] = []
    while len(times) < _MIN_CALLS or sum(times) < seconds:
        _wait_for(device)
        began = time.perf_counter()
        torch.mm(left, right, out=product)
        _wait_for(device)
        times.append(time.perf_counter() - began)
    return 2 * rows * inner * columns / min(times)


def _wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def main() -> None:
    """Measure whenever told to."""
    answers = Answers()
    device = choose_device("auto")
    answers.serve({"device": device_title(device)}, lambda seconds: measure(device, seconds))


if __name__ == "__main__":
    main()
