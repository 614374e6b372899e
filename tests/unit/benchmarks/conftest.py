"""Results of a machine that nobody has."""

from typing import Any

import pytest


@pytest.fixture
def machine() -> dict[str, Any]:
    return {
        "device": "CPU: Abacus, 2 cores",
        "processor": "CPU: Abacus, 2 cores",
        "features": ["avx2"],
        "memory_gib": 8,
        "system": "Linux",
        "python": "3.11.7",
        "versions": {"torch": "2.15.0"},
        "program": "0.1.0 (abc)",
        "date": "2026-01-02 03:04",
        "command": "python -m benchmarks",
    }
