"""CUDA, MPS or CPU: which there are, which is chosen, and with what precision it computes."""

import contextlib
import os
import platform
import subprocess
from collections.abc import Generator
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import torch

from cnn_desktop.core.errors import BadInputError, ModelError, listed
from cnn_desktop.core.language import _, ngettext

ComputePrecision = Literal["fp32", "bf16", "fp16"]

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def choose_device(name: str) -> torch.device:
    """The device that `name` means: `cpu`, `mps`, `cuda`, `cuda:1`, or `auto` for the fastest that there is.

    Raises:
        BadInputError: no kind of device has that name.
        ModelError: this machine has no such device; the sentence lists those that it has.
    """
    there = _device_names()
    if name == "auto":
        return torch.device(next((kind for kind in there if kind != "cpu"), "cpu"))
    wanted = "cuda:0" if name == "cuda" else name
    if wanted in there:
        return torch.device(wanted)
    if wanted.partition(":")[0] not in ("cuda", "mps", "cpu"):
        raise BadInputError(
            _("There is no device “{name}”; this machine has {there}.").format(name=name, there=listed(there))
        )
    raise ModelError(
        _("This machine has no device “{name}”; choose auto or one of {there}.").format(name=name, there=listed(there))
    )


def devices() -> list[tuple[str, str]]:
    """Every device of this machine: its name for `choose_device`, and its title."""
    return [(name, device_title(torch.device(name))) for name in reversed(_device_names())]


def device_title(device: torch.device) -> str:
    """What a person calls a device: “CUDA: NVIDIA H100 80GB”, “CPU: AMD EPYC, 2 cores”, “Apple GPU”."""
    match device.type:
        case "cuda":
            return f"CUDA: {torch.cuda.get_device_name(device)}"
        case "mps":
            return _("Apple GPU")
        case "cpu":
            cores = _usable_cores()
            count = ngettext("{count} core", "{count} cores", cores).format(count=cores)
            return f"CPU: {_processor_name()}, {count}"
        case other:
            return other


def choose_precision(name: str, device: torch.device) -> ComputePrecision:
    """What to compute with on `device`: what was asked for, or for `auto` the fastest that trains as well as fp32.

    That is bf16 on CUDA devices of compute capability 8 or more and on processors with AVX512-BF16 or AMX, fp16 on CUDA
    devices of 7, and fp32 elsewhere.

    Raises:
        BadInputError: no precision has that name.
    """
    match name:
        case "fp32" | "bf16" | "fp16":
            return name
        case "auto":
            return _fastest_precision(device)
        case _:
            known = listed(["auto", *get_args(ComputePrecision)])
            raise BadInputError(_("There is no precision “{name}”; there are {known}.").format(name=name, known=known))


def dtype_of(precision: ComputePrecision) -> torch.dtype:
    """The type of numbers in which a network computes wholly in `precision`."""
    return _DTYPES[precision]


def autocast(device: torch.device, precision: ComputePrecision) -> AbstractContextManager[object]:
    """A context in which networks compute in `precision` where that is safe; nothing changes for fp32."""
    if precision == "fp32":
        return contextlib.nullcontext()
    return torch.autocast(device.type, _DTYPES[precision])


def synchronize(device: torch.device) -> None:
    """Wait until `device` has computed all that it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


@contextlib.contextmanager
def arithmetic(device: torch.device, deterministic: bool) -> Generator[None]:
    """Compute fast within the block, in this thread and those that it starts.

    Numbers below 1e-38 are taken for zero: they cost a processor a hundred cycles each, and teach a network nothing.
    Threads take that over from the one that starts them, so the block should hold the thread's first computation.
    CUDA devices may round float32 factors to TF32's 10 bits and try which algorithm is fastest; with `deterministic`,
    all devices keep to algorithms that give the same bits every time.
    """
    backends = torch.backends
    before = backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32, backends.cudnn.benchmark
    was_deterministic = torch.are_deterministic_algorithms_enabled()
    torch.set_flush_denormal(True)
    if device.type == "cuda":
        backends.cuda.matmul.allow_tf32 = backends.cudnn.allow_tf32 = True
        backends.cudnn.benchmark = not deterministic
    if deterministic:
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # without it, cuBLAS refuses
        torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
        backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32, backends.cudnn.benchmark = before
        torch.use_deterministic_algorithms(was_deterministic)


def _device_names() -> list[str]:
    """Fastest first."""
    names = [f"cuda:{index}" for index in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
    if torch.backends.mps.is_available():
        names.append("mps")
    return [*names, "cpu"]


def _fastest_precision(device: torch.device) -> ComputePrecision:
    if device.type == "cuda":
        major, _minor = torch.cuda.get_device_capability(device)
        if major >= 8:
            return "bf16"
        return "fp16" if major == 7 else "fp32"
    # Everywhere else bf16 is emulated, and slower than fp32.
    return "bf16" if device.type == "cpu" and _processor_has_bf16() else "fp32"


def _processor_has_bf16() -> bool:
    features = torch.cpu.get_capabilities()
    return bool(features.get("avx512_bf16") or features.get("amx_bf16"))


def _usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _processor_name() -> str:
    if platform.system() == "Linux":
        with contextlib.suppress(OSError), Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                label, _colon, value = line.partition(":")
                if label.strip() == "model name":
                    return value.strip()
    if platform.system() == "Darwin":
        command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            return subprocess.run(command, capture_output=True, text=True, check=True, timeout=5).stdout.strip()
    return platform.processor() or platform.machine()
