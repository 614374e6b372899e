"""Where the benchmarks keep things: what they find out beside them, the rest in the ignored folder `build`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
REPORT = ROOT / "benchmarks" / "RESULTS.md"
KERAS_REQUIREMENTS = ROOT / "benchmarks" / "keras-requirements.txt"
KERAS_ENVIRONMENT = ROOT / ".venv-keras"

_BUILD = ROOT / "build" / "benchmarks"
PICTURES = _BUILD / "pictures"
LOGS = _BUILD / "logs"
WEIGHTS = _BUILD / "weights"
ACCURACY_RUNS = _BUILD / "accuracy"
FINE_TUNING_RUNS = _BUILD / "fine-tuning"
