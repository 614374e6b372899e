"""Measures training throughput: ours, Keras, the usual PyTorch script and the GEMM peak take turns."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.answering import Answer
from benchmarks.contestant import Contestant, interleaved
from benchmarks.keras_environment import keras_python
from benchmarks.machine import machine
from benchmarks.pictures import read_pictures, real_data, write_pictures
from benchmarks.places import PICTURES
from benchmarks.throughput_result import Entry, Kind, ThroughputResult
from cnn_desktop.models.architecture import build

_CLASSES = 10
WARM_UP_SECONDS = 2.0
_KERAS = {"float32": "Keras fit, fp32", "mixed_bfloat16": "Keras fit, bf16"}


@dataclass(frozen=True)
class Setting:
    """What is trained."""

    architecture: str
    dataset: str
    batch_size: int


SETTINGS = (
    Setting("mnist_cnn", "mnist", 128),
    Setting("cifar_vgg6", "cifar10", 128),
    Setting("cifar_vgg6", "cifar10", 32),
    Setting("cifar_tf", "cifar10", 128),
)


@dataclass(frozen=True)
class _Entrant:
    kind: Kind
    child: Contestant
    is_default: bool = False


def measure(setting: Setting, rounds: int, seconds: float, home: Path, with_keras: bool) -> ThroughputResult:
    """Let all contestants train in turns.

    Raises:
        RuntimeError: a contestant ended, or its network isn't ours.
    """
    pictures = write_pictures(PICTURES, setting.dataset)
    with ExitStack() as stack:
        peak = stack.enter_context(Contestant("gemm", ["benchmarks.gemm_peak"], home))
        entrants = _ours(stack, setting, home) | _scripts(stack, setting, home)
        if with_keras:
            entrants |= _keras(stack, setting, pictures, home)
        parameters = _same_parameters({name: entrant.child for name, entrant in entrants.items()})
        children = {name: entrant.child for name, entrant in entrants.items()} | {"gemm": peak}
        for child in children.values():
            child.run(seconds=WARM_UP_SECONDS)
        answers = interleaved({name: (child, {"seconds": seconds}) for name, child in children.items()}, rounds)
    facts = machine()
    for entrant in entrants.values():
        facts["versions"] |= entrant.child.facts.get("versions", {})
    return ThroughputResult(
        machine=facts,
        architecture=setting.architecture,
        batch_size=setting.batch_size,
        pictures=f"{'Random' if real_data() is None else 'Real'} pictures in the shape of {setting.dataset}",
        parameters=parameters,
        flops_per_picture=flops_per_picture(setting.architecture, pictures),
        seconds=seconds,
        entries=[_entry(name, entrant, answers[name]) for name, entrant in entrants.items()],
        gemm=_best_by_shape(answers["gemm"]),
    )


def flops_per_picture(architecture: str, pictures: Path) -> float:
    """Floating point operations of forward and backward pass, as torch counts them."""
    images, _labels = read_pictures(pictures)
    height, width, channels = images.shape[1:]
    module = build(architecture, _CLASSES, channels, (height, width))
    count = 2
    with FlopCounterMode(display=False) as counter:
        logits = module(torch.zeros(count, channels, height, width))
        functional.cross_entropy(logits, torch.zeros(count, dtype=torch.int64)).backward()
    return counter.get_total_flops() / count


def _ours(stack: ExitStack, setting: Setting, home: Path) -> dict[str, _Entrant]:
    """The program in the precision that it chooses, and in the others."""

    def start(precision: str) -> Contestant:
        arguments = [setting.architecture, setting.dataset, str(setting.batch_size), precision]
        return stack.enter_context(Contestant(f"ours-{precision}", ["benchmarks.ours", *arguments], home))

    default = start("auto")
    chosen = default.facts["precision"]
    entrants = {f"CNN Desktop, {chosen} (its default)": _Entrant("ours", default, is_default=True)}
    for precision in ("fp32", "bf16"):
        if precision != chosen:
            entrants[f"CNN Desktop, {precision}"] = _Entrant("ours", start(precision))
    return entrants


def _scripts(stack: ExitStack, setting: Setting, home: Path) -> dict[str, _Entrant]:
    entrants: dict[str, _Entrant] = {}
    for workers in ("0", "2"):
        arguments = [setting.architecture, setting.dataset, str(setting.batch_size), workers]
        child = Contestant(f"script-{workers}", ["benchmarks.pytorch_script", *arguments], home)
        entrants[f"usual PyTorch script, {workers} workers"] = _Entrant("script", stack.enter_context(child))
    return entrants


def _keras(stack: ExitStack, setting: Setting, pictures: Path, home: Path) -> dict[str, _Entrant]:
    python = keras_python()
    entrants: dict[str, _Entrant] = {}
    for policy, name in _KERAS.items():
        arguments = [setting.architecture, str(pictures), str(setting.batch_size), policy]
        child = Contestant(f"keras-{policy}", ["benchmarks.keras_fit", *arguments], home, python)
        entrants[name] = _Entrant("keras", stack.enter_context(child))
    return entrants


def _same_parameters(children: dict[str, Contestant]) -> int:
    counts = {name: child.facts["parameters"] for name, child in children.items()}
    if len(set(counts.values())) != 1:
        raise RuntimeError(f"these are different networks: {counts}")
    return next(iter(counts.values()))


def _entry(name: str, entrant: _Entrant, answers: list[Answer]) -> Entry:
    return Entry(
        name=name,
        kind=entrant.kind,
        precision=entrant.child.facts["precision"],
        is_default=entrant.is_default,
        rates=[round(answer["images"] / answer["seconds"], 1) for answer in answers],
    )


def _best_by_shape(answers: list[Answer]) -> dict[str, dict[str, float]]:
    return {
        precision: {shape: max(answer[precision][shape] for answer in answers) for shape in shapes}
        for precision, shapes in answers[0].items()
    }
