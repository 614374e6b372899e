"""Random cells of every registered architecture: what is written out is what torch computed."""

import numpy as np
import pytest
import torch

from cnn_desktop.explain.arithmetic import Arithmetic, explain_cell
from cnn_desktop.explain.recording import Recording, record
from tests.unit.explain.recording.networks import NAMES, network, side_of

CELLS = 120
"""Of each architecture; 14 of them make more than 1,000."""


@pytest.fixture(scope="module", params=NAMES)
def recording(request: pytest.FixtureRequest) -> Recording:
    side = side_of(request.param)
    torch.manual_seed(1)
    return record(network(request.param), torch.randn(1, 3, side, side))


def cells_of(recording: Recording, count: int) -> list[tuple[str, tuple[int, int, int]]]:
    """Random cells, of every operation at least one."""
    rng = np.random.default_rng(0)
    names = list(recording.operations)
    names += [str(name) for name in rng.choice(names, max(0, count - len(names)))]
    return [(name, random_cell(rng, recording.maps(name).shape)) for name in names]


def random_cell(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[int, int, int]:
    channel, row, column = (int(rng.integers(side)) for side in shape)
    return channel, row, column


def share(arithmetic: Arithmetic) -> float:
    """The difference as a part of what was added."""
    return arithmetic.difference / (arithmetic.working.magnitude or 1.0)


def test_every_number_is_written_out_as_torch_computed_it(recording: Recording) -> None:
    for name, cell in cells_of(recording, CELLS):
        arithmetic = explain_cell(recording, name, cell)
        assert arithmetic.torch == recording.maps(name)[cell], (name, cell)
        assert share(arithmetic) <= 1e-5, (name, cell, arithmetic.difference)
        assert arithmetic.agrees, (name, cell, arithmetic.follows)
        digits = arithmetic.working.digits(arithmetic.torch)
        assert f"{arithmetic.working.total:.{digits}f}" == f"{arithmetic.torch:.{digits}f}", (name, cell)
