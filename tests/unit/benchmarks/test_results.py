from pathlib import Path
from typing import Any

import pytest

from benchmarks.accuracy_result import AccuracyResult, SeedFigures
from benchmarks.augmentation_result import AugmentationResult, Rates
from benchmarks.contention_result import ContentionResult
from benchmarks.live_result import LiveResult
from benchmarks.long_run_contestant import Watching
from benchmarks.long_run_result import LongRunResult
from benchmarks.profiling_result import ProfilingResult
from benchmarks.report import report
from benchmarks.results import Verdict
from benchmarks.throughput_result import Entry, ThroughputResult
from benchmarks.window_result import WindowResult, summed_up


def _throughput(machine: dict[str, Any], **changes: Any) -> ThroughputResult:
    entries = [
        Entry(name="CNN Desktop, bf16", kind="ours", precision="bf16", is_default=True, rates=[290.0, 300.0, 270.0]),
        Entry(name="CNN Desktop, fp32", kind="ours", precision="fp32", rates=[110.0, 120.0, 90.0]),
        Entry(name="script, 0 workers", kind="script", precision="fp32", rates=[40.0, 40.0, 40.0]),
        Entry(name="script, 2 workers", kind="script", precision="fp32", rates=[50.0, 60.0, 50.0]),
        Entry(name="Keras, fp32", kind="keras", precision="fp32", rates=[80.0, 100.0, 90.0]),
        Entry(name="Keras, bf16", kind="keras", precision="bf16", rates=[200.0, 210.0, 250.0]),
    ]
    values: dict[str, Any] = {
        "machine": machine,
        "architecture": "cifar_vgg6",
        "batch_size": 128,
        "pictures": "Random pictures",
        "parameters": 551_466,
        "flops_per_picture": 2e9,
        "seconds": 3.0,
        "entries": entries,
        "gemm": {"fp32": {"small": 4e11, "large": 5e11}, "bf16": {"small": 1e12, "large": 9e11}},
    }
    return ThroughputResult(**values | changes)


def _by_goal(verdicts: list[Verdict]) -> dict[str, tuple[str, bool]]:
    return {
        verdict.goal.removesuffix(", `cifar_vgg6` at 128"): (verdict.figure, verdict.is_met) for verdict in verdicts
    }


def test_throughput_compares_best_with_best(machine: dict[str, Any]) -> None:
    assert _by_goal(_throughput(machine).verdicts()) == {
        "ours in its default (bf16) / Keras fp32": ("3.00 (medians 3.22)", True),
        "ours / Keras, both bf16": ("1.20 (medians 1.38)", False),
        "ours / Keras, both fp32": ("1.20 (medians 1.22)", True),
        "share of the bf16 GEMM peak": ("0.58", True),  # 290 × 2 GFLOP of 1,000
        "ours (bf16) / usual PyTorch script": ("5.00 (medians 5.80)", True),
    }


def test_throughput_without_keras_and_at_another_batch_size(machine: dict[str, Any]) -> None:
    whole = _throughput(machine)
    entries = [entry for entry in whole.entries if entry.kind != "keras"]
    alone = _throughput(machine, entries=entries, batch_size=32)
    assert [verdict.goal for verdict in alone.verdicts()] == ["ours (bf16) / usual PyTorch script, `cifar_vgg6` at 32"]
    assert "best / script, 2 workers" in alone.text()


def test_window_ratio_and_delays(machine: dict[str, Any]) -> None:
    delays = summed_up([float(number) for number in range(200)])
    assert delays == [100.0, 198.0, 199.0]
    result = WindowResult(
        machine=machine,
        architecture="cifar_vgg6",
        batch_size=128,
        platform="offscreen",
        seconds=3.0,
        headless=[100.0, 110.0, 120.0],
        shown=[97.0, 107.0, 111.0],
        hidden=[100.0, 108.0, 120.0],
        shown_shares=[0.02, 0.031, 0.05],
        hidden_shares=[0.001, 0.002, 0.004],
        delays=[1.0, 15.9, 50.0],
    )
    assert _by_goal(result.verdicts()) == {
        "window's run / headless, charts shown": ("0.973 (0.948–0.971)", True),
        "window's run / headless, charts hidden": ("0.982 (0.991–1.000)", False),
        "event-loop delay while training, p99": ("15.9 ms", True),
        "event-loop delay while training, max": ("50.0 ms", False),
    }
    lines = result.text().splitlines()
    assert [line.split(" | ")[-1] for line in lines if line.startswith("| charts")] == ["3.1% |", "0.2% |"]


def test_live_ratios_and_delays(machine: dict[str, Any]) -> None:
    result = LiveResult(
        machine=machine,
        architecture="cifar_vgg6",
        batch_size=128,
        seconds=3.0,
        watched=[98.0, 108.0, 112.0],
        unwatched=[100.0, 110.0, 120.0],
        kept=[100.0, 107.0, 120.0],
        bare=[100.0, 110.0, 120.0],
        watched_delays=[1.0, 15.9, 51.0],
        unwatched_delays=[1.0, 2.0, 3.0],
    )
    assert _by_goal(result.verdicts()) == {
        "throughput with the live view / without": ("0.982 (0.957–0.981)", True),
        "throughput with snapshots / without": ("0.973 (0.986–1.000)", False),
        "event-loop delay with the live view, p99": ("15.9 ms", True),
        "event-loop delay with the live view, max": ("51.0 ms", False),
    }
    assert "live view off: p50 1.0 ms, p99 2.0 ms, max 3.0 ms" in result.text()


def test_augmentation_compares_best_with_best(machine: dict[str, Any]) -> None:
    rates = {
        "flip": Rates(batched=[900, 1500, 1000], single=[90, 100, 50]),
        "strong": Rates(batched=[140, 130, 120], single=[10, 9, 9.5]),
    }
    result = AugmentationResult(machine=machine, side=32, batch_size=128, seconds=3.0, rates=rates)
    start = "batched augmentation / `transforms.v2` picture by picture,"
    assert _by_goal(result.verdicts()) == {
        f"{start} flip, 32×32": ("15.00 (medians 11.11)", True),
        f"{start} strong, 32×32": ("14.00 (medians 13.68)", False),
    }
    assert "| flip | batched | 1,500 | 1,000 | 15.0 |" in result.text()


def test_results_are_put_together_from_pieces(machine: dict[str, Any], tmp_path: Path) -> None:
    runs = [
        SeedFigures(seed=seed, test_accuracy=0.98 + 0.003 * seed, train_seconds=60, throughput=9e3)
        for seed in (0, 1, 2)
    ]
    accuracy = AccuracyResult(machine=machine, architecture="mnist_cnn", dataset="mnist", epochs=10, runs=runs)
    elsewhere = machine | dict.fromkeys(("device", "processor"), "CPU: Comptometer, 1 core")
    newer = machine | {"versions": {"torch": "2.15.0", "keras": "3.15.1"}, "stolen": 0.125}
    kept = {"precision": "bf16", "seconds": 3.0, "idle": [10.0, 10.0], "busy": [4.0, 4.0]}
    contention = ContentionResult(machine=elsewhere, architecture="mnist_cnn", batch_size=128, **kept)
    slow = _throughput(machine, architecture="cifar_tf", pictures="Slow ones")
    for result in (slow, _throughput(machine, architecture="cifar_tf"), _throughput(newer), accuracy, contention):
        result.save(tmp_path)
    assert len(list(tmp_path.iterdir())) == 4, "a newer result of the same name replaces the older one"
    page = report(tmp_path)
    assert "Slow ones" not in page
    assert "### `cifar_tf`, batch 128" in page and "### `cifar_vgg6`, batch 128" in page
    assert "| `mnist_cnn` after 10 epochs, mean of 3 seeds | ≥ 98.3 % | 98.30 % | met |" in page
    assert "beside a busy process, `mnist_cnn` at 128 | ≥ 0.45 | 0.40 | **missed** |" in page
    assert page.count("Abacus") == page.count("Comptometer") == 1, "a machine is described once"
    assert "| 12.5% | 0.1.0 (abc) | torch 2.15.0, keras 3.15.1 |" in page, "what the host took, where that is known"
    assert _throughput(machine).text() in page


@pytest.mark.parametrize(("figure", "is_met"), [(0.999, False), (1.0, True)])
def test_a_goal_is_met_from_its_figure_on(figure: float, is_met: bool) -> None:
    assert Verdict.at_least("goal", 1.0, figure).is_met is is_met
    assert Verdict.below("goal", 1.0, figure).is_met is not is_met


def test_profile_counts_a_step_and_starts_with_the_slowest() -> None:
    operators = [
        {"name": "aten::add", "seconds": 0.5, "calls": 40},
        {"name": "aten::mm", "seconds": 1.5, "calls": 20},
    ]
    about = {"architecture": "mnist_cnn", "batch_size": 128, "precision": "bf16"}
    found = ProfilingResult.model_validate({"machine": {}, "steps": 10, "operators": operators, **about})
    assert found.text().splitlines()[-3:] == [
        "| `aten::mm` | 75.0% | 150.000 | 2.0 |",
        "| `aten::add` | 25.0% | 50.000 | 4.0 |",
        "| all | 100% | 200.000 |  |",
    ]


def test_the_longest_look_at_any_run_is_what_counts() -> None:
    found = LongRunResult.model_validate(
        {
            "machine": {},
            "platform": "offscreen",
            "seconds": 3.0,
            "rate": 1000,
            "shares": {"5000": [0.01, 0.03, 0.02], "1000000": [0.02, 0.02, 0.05]},
            "longest": {"5000": 51.0, "1000000": 12.0},
        }
    )
    assert found.text().splitlines()[-2:] == ["| 5,000 | 2.0% | 1.0% | 51.0 |", "| 1,000,000 | 2.0% | 2.0% | 12.0 |"]
    (verdict,) = found.verdicts()
    assert (verdict.figure, verdict.is_met) == ("51.0 ms", False)


def test_charts_go_on_where_a_run_stands(qapp: object) -> None:
    watching = Watching(behind=600, ahead=400, rate=1000)
    answer = watching.watch(0.5)
    assert 0 < answer["share"] < 1 and answer["longest"] > 0
    assert watching.steps > 600
