"""Which device and precision are chosen, on machines of every kind."""

import os

import pytest
import torch

from cnn_desktop.core.errors import BadInputError, ModelError
from cnn_desktop.models.device import (
    arithmetic,
    autocast,
    choose_device,
    choose_precision,
    device_title,
    devices,
)

CPU = torch.device("cpu")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> "Machine":
    return Machine(monkeypatch)


class Machine:
    """A machine with the devices that a test wants."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._set = monkeypatch.setattr
        self.has()

    def has(self, cuda: int = 0, *, mps: bool = False, capability: tuple[int, int] = (9, 0)) -> None:
        self._set(torch.cuda, "is_available", lambda: cuda > 0)
        self._set(torch.cuda, "device_count", lambda: cuda)
        self._set(torch.cuda, "get_device_capability", lambda _device: capability)
        self._set(torch.cuda, "get_device_name", lambda _device: "NVIDIA H100 80GB")
        self._set(torch.backends.mps, "is_available", lambda: mps)

    def has_processor_with(self, *features: str) -> None:
        self._set(torch.cpu, "get_capabilities", lambda: dict.fromkeys(features, True))


def test_auto_takes_the_fastest(machine: Machine) -> None:
    assert choose_device("auto") == CPU
    machine.has(mps=True)
    assert choose_device("auto") == torch.device("mps")
    machine.has(cuda=2, mps=True)
    assert choose_device("auto") == torch.device("cuda:0")


def test_named_devices(machine: Machine) -> None:
    machine.has(cuda=2)
    assert choose_device("cpu") == CPU
    assert choose_device("cuda") == torch.device("cuda:0")
    assert choose_device("cuda:1") == torch.device("cuda:1")


@pytest.mark.parametrize("name", ["cuda", "cuda:0", "mps"])
@pytest.mark.usefixtures("machine")
def test_absent_device_says_what_there_is(name: str) -> None:
    with pytest.raises(ModelError, match="auto or one of cpu"):
        choose_device(name)


def test_absent_second_device(machine: Machine) -> None:
    machine.has(cuda=1)
    with pytest.raises(ModelError, match=r"cuda:0, cpu"):
        choose_device("cuda:1")


@pytest.mark.usefixtures("machine")
def test_unknown_device() -> None:
    with pytest.raises(BadInputError, match="tpu"):
        choose_device("tpu")


def test_all_devices_with_titles(machine: Machine) -> None:
    machine.has(cuda=1, mps=True)
    titles = dict(devices())
    assert list(titles) == ["cpu", "mps", "cuda:0"]
    assert titles["cuda:0"] == "CUDA: NVIDIA H100 80GB"
    assert titles["mps"] == "Apple GPU"


def test_title_of_this_processor() -> None:
    title = device_title(CPU)
    assert title.startswith("CPU: ")
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert f", {usable} core" in title
    assert len(title) > len("CPU: , 2 cores")


@pytest.mark.parametrize(
    ("capability", "expected"), [((9, 0), "bf16"), ((8, 6), "bf16"), ((7, 5), "fp16"), ((6, 1), "fp32")]
)
def test_auto_precision_on_cuda(machine: Machine, capability: tuple[int, int], expected: str) -> None:
    machine.has(cuda=1, capability=capability)
    assert choose_precision("auto", torch.device("cuda:0")) == expected


@pytest.mark.parametrize(
    ("features", "expected"),
    [(["avx512_bf16"], "bf16"), (["amx_bf16"], "bf16"), (["avx512_f", "avx2"], "fp32"), ([], "fp32")],
)
def test_auto_precision_on_processors(machine: Machine, features: list[str], expected: str) -> None:
    machine.has_processor_with(*features)
    assert choose_precision("auto", CPU) == expected


def test_auto_precision_on_apple() -> None:
    assert choose_precision("auto", torch.device("mps")) == "fp32"


def test_precision_that_was_asked_for() -> None:
    assert [choose_precision(name, CPU) for name in ("fp32", "bf16", "fp16")] == ["fp32", "bf16", "fp16"]
    with pytest.raises(BadInputError, match="fp32, bf16, fp16"):
        choose_precision("fp8", CPU)


def test_autocast_computes_in_the_precision() -> None:
    matrix = torch.ones(2, 2)
    with autocast(CPU, "bf16"):
        assert (matrix @ matrix).dtype == torch.bfloat16
    with autocast(CPU, "fp32"):
        assert (matrix @ matrix).dtype == torch.float32


def test_denormals_are_flushed_within_the_block_only() -> None:
    tiny = torch.tensor([1e-39])
    with arithmetic(CPU, deterministic=False):
        assert (tiny * 0.5).item() == 0
    assert (tiny * 0.5).item() > 0


@pytest.mark.parametrize("deterministic", [False, True])
def test_what_cuda_may_round_is_set_within_the_block_only(deterministic: bool) -> None:
    backends = torch.backends
    before = backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32, backends.cudnn.benchmark
    with arithmetic(torch.device("cuda"), deterministic):
        assert backends.cuda.matmul.allow_tf32 and backends.cudnn.allow_tf32
        assert backends.cudnn.benchmark is not deterministic
        assert torch.are_deterministic_algorithms_enabled() is deterministic
    assert (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32, backends.cudnn.benchmark) == before
    assert not torch.are_deterministic_algorithms_enabled()
