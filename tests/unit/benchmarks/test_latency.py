"""The benchmark of answers: both ways say the same, and the goals are held against the right figures."""

from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from benchmarks import large_photos, latency, latency_contestant
from benchmarks.latency_result import Agreement, LatencyResult
from cnn_desktop.models.archs import architectures

NETWORK = "squeezenet1_0"


def _result(machine: dict[str, Any]) -> LatencyResult:
    plain = {"ready": [1.4, 1.6, 1.5], "first": [2.0] * 3, "later": [0.3, 0.3, 0.9], "batch": [10.0] * 3}
    auto = {"ready": [0.15] * 3, "first": [0.25] * 3, "later": [0.1] * 3, "batch": [2.5] * 3}
    agreement = Agreement(
        pictures="photos", precision="bf16", count=50, best=50, classes=45, order=30, largest_change=0.07
    )
    return LatencyResult(
        machine=machine,
        network=NETWORK,
        weights="random weights",
        pictures="JPEGs",
        threads=2,
        batch_size=64,
        precision="bf16",
        reason="bf16: measured.",
        seconds={"plain": plain, "auto": auto, "fp32": auto},
        agreements=[agreement],
    )


def test_medians_are_held_against_the_goals(machine: dict[str, Any]) -> None:
    verdicts = {verdict.goal: verdict for verdict in _result(machine).verdicts()}
    figures = {
        stage: next(v for goal, v in verdicts.items() if stage in goal) for stage in ("loaded", "later", "batch")
    }
    assert [(v.figure, v.is_met) for v in figures.values()] == [("10.00", True), ("3.00", False), ("4.00", False)]
    same = next(v for goal, v in verdicts.items() if "same ten" in goal)
    assert (same.figure, same.is_met) == ("90.00 %", False)
    text = _result(machine).text()
    assert "| a later answer | 300 | 300–900 | 1.00 | 100 | 100–100 | 3.00 |" in text
    assert "| photos, bf16 | 50 | 50 | 45 | 30 | 0.070 |" in text


def test_answers_are_compared_by_first_class_set_and_order() -> None:
    plain = {name: [("cat", 0.6), ("dog", 0.3), ("cow", 0.1)] for name in "abcd"}
    ours = {
        "a": [("cat", 0.6), ("dog", 0.3), ("cow", 0.1)],
        "b": [("cat", 0.5), ("cow", 0.3), ("dog", 0.2)],
        "c": [("dog", 0.5), ("cat", 0.4), ("cow", 0.1)],
        "d": [("cat", 0.6), ("dog", 0.3), ("hen", 0.1)],
    }
    found = Agreement.between("photos", "bf16", plain, ours)
    assert (found.count, found.best, found.classes, found.order) == (4, 3, 3, 1)
    assert found.largest_change == pytest.approx(0.2)


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Random ones, published in this process."""
    architecture = type(architectures[NETWORK])
    monkeypatch.setattr(architecture, "pretrained", architecture.pretrained)  # so that it is put back
    monkeypatch.setenv("TORCH_HOME", "to be put back as well")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    torch.manual_seed(0)
    file = tmp_path / "weights.pth"
    torch.save(architectures[NETWORK].build(1000, 3, (224, 224)).state_dict(), file)
    latency_contestant._publish(NETWORK, file)
    return file


def test_both_ways_answer_alike_and_are_timed(weights: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(2):
        noise = Image.effect_noise((20, 15), 90 + number).convert("RGB").resize((400, 300))
        noise.save(folder / f"{number}.jpg", quality=95)
    makes = {
        "plain": lambda _precision: latency_contestant.Plain(NETWORK, weights),
        "ours": lambda precision: latency_contestant.Ours(NETWORK, precision),
    }
    said = {way: latency_contestant._answered(make, "fp32", str(folder))["found"] for way, make in makes.items()}
    found = Agreement.between("photos", "fp32", said["plain"], said["ours"])
    assert (found.count, found.classes) == (2, 2)
    assert found.largest_change < 1e-3
    timed = latency_contestant._timed(makes["ours"], "fp32", str(folder), later=3, batch_size=2)
    assert len(timed["later"]) == 3
    assert 0 < timed["ready"] < timed["first"]
    assert timed["precision"] == "fp32"


def test_large_photos_are_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_photos, "COUNT", 2)
    monkeypatch.setattr(large_photos, "SIZE", (800, 600))
    monkeypatch.delenv("CNN_DESKTOP_TEST_DATA", raising=False)
    written = sorted(large_photos.write_large_photos(tmp_path).iterdir())
    times = [path.stat().st_mtime_ns for path in written]
    assert [Image.open(path).size for path in written] == [(800, 600)] * 2
    large_photos.write_large_photos(tmp_path)
    assert [path.stat().st_mtime_ns for path in written] == times


def test_random_weights_take_the_place_of_absent_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latency, "WEIGHTS", tmp_path)
    monkeypatch.delenv("CNN_DESKTOP_TEST_DATA", raising=False)
    file, kind = latency.weights_of(NETWORK, "models/absent.pth")
    assert kind.startswith("random")
    assert torch.load(file).keys() == architectures[NETWORK].build(1000, 3, (224, 224)).state_dict().keys()
