"""The choice of a precision for answers, made from injected timings."""

import json
from collections.abc import Callable

import pytest
import torch

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.paths import cache_dir
from cnn_desktop.models import precision_memory
from cnn_desktop.models.device import ComputePrecision
from cnn_desktop.models.model import Model
from cnn_desktop.predict import classifier as classifying
from cnn_desktop.predict import precision
from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.precision import decide, measured_precision

CPU = torch.device("cpu")
WORTH_IT = {"fp32": 0.2, "bf16": 0.1}


@pytest.fixture(autouse=True)
def native_bf16(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every processor have bf16, so that there is a choice."""
    monkeypatch.setattr(precision_memory, "choose_precision", lambda _name, _device: "bf16")


class Watch:
    """Injected timings, and which were asked for."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds, self.asked = seconds, list[str]()

    def __call__(self, name: ComputePrecision) -> float:
        self.asked.append(name)
        return self.seconds[name]


def choice(watch: Watch, name: str = "net", side: int = 224) -> str:
    return measured_precision(name, (3, side, side), CPU, lambda: watch).precision


@pytest.mark.parametrize(
    ("fp32", "bf16", "chosen", "said"),
    [
        (0.151, 0.100, "bf16", "100 ms, in fp32 151 ms"),
        (0.149, 0.100, "fp32", "save 49 of 149 ms"),
        (0.030, 0.011, "fp32", "save 19 of 30 ms"),
        (0.031, 0.011, "bf16", "11 ms, in fp32 31 ms"),
        (0.100, 0.110, "fp32", "no sooner"),
    ],
)
def test_rounding_has_to_save_what_a_person_notices(fp32: float, bf16: float, chosen: str, said: str) -> None:
    decided = decide({"fp32": fp32, "bf16": bf16})
    assert decided.precision == chosen
    assert decided.reason.startswith(f"{chosen}: ")
    assert said in decided.reason


def test_pictures_are_answered_in_turns_once() -> None:
    watch = Watch(WORTH_IT)
    assert choice(watch) == "bf16"
    assert watch.asked[:4] == ["fp32", "bf16", "fp32", "bf16"]
    assert len(watch.asked) == 2 + 2 * 2, "two rounds take the half second that there is"
    again = Watch({"fp32": 0.1, "bf16": 0.2})
    assert choice(again) == choice(again, side=200) == "bf16"
    assert not again.asked


def test_a_busy_computer_is_no_reason_against_a_precision() -> None:
    watch = Watch({"fp32": 0.06, "bf16": 0.02})

    def disturbed(name: ComputePrecision) -> float:
        return watch(name) * (5 if name == "bf16" and len(watch.asked) > 4 else 1)

    assert measured_precision("net", (3, 224, 224), CPU, lambda: disturbed).precision == "bf16"


def test_another_network_and_another_size_are_measured_for_themselves() -> None:
    choice(Watch(WORTH_IT))
    for name, side in (("other", 224), ("net", 512)):
        assert choice(Watch({"fp32": 0.1, "bf16": 0.2}), name, side) == "fp32"


@pytest.mark.parametrize("content", ["", "[]", '{"net": {"fp32": "fast"}}', '{"net": {"fp32": 0}}'])
def test_a_damaged_memory_is_measured_again(content: str) -> None:
    file = cache_dir() / "answering-precision.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)
    watch = Watch(WORTH_IT)
    assert choice(watch) == "bf16"
    assert watch.asked
    assert list(json.loads(file.read_text()).values()) == [WORTH_IT]


def test_without_another_precision_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision_memory, "choose_precision", lambda _name, _device: "fp32")
    watch = Watch(WORTH_IT)
    assert choice(watch) == "fp32"
    assert not watch.asked


def test_a_classifier_measures_itself(grey_model: Callable[..., Model], monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[ComputePrecision] = ["bf16", "fp32"]
    real = precision.decide
    measured: list[object] = []

    def decided(seconds: precision_memory.Seconds) -> precision_memory.PrecisionChoice:
        measured.append(real(seconds))
        return precision_memory.PrecisionChoice(chosen[len(measured) - 1], "so")

    monkeypatch.setattr(precision, "decide", decided)
    for expected in chosen:
        made = Classifier(grey_model("black", "white"), "cpu", "auto")
        assert (made.precision, made.precision_reason) == (expected, "so")
        weights = next(made.module.parameters())
        assert weights.dtype == classifying.dtype_of(expected)
        assert made.logits(torch.zeros(2, 3, 8, 8, dtype=torch.uint8)).dtype == torch.float32
    assert json.loads((cache_dir() / "answering-precision.json").read_text())


def test_what_is_asked_for_is_taken(grey_model: Callable[..., Model]) -> None:
    model = grey_model("black", "white")
    assert Classifier(model, "cpu").precision_reason == "fp32, as asked for."
    assert Classifier(model, "cpu", "bf16").precision == "bf16"
    with pytest.raises(BadInputError, match="int4"):
        Classifier(model, "cpu", "int4")
