"""A person's own design in a run: kept with it, gone on with, passed on, whatever becomes of the saved design."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.design import Activation, BatchNorm, Convolution, Dense, Design, Flatten, Pool, Residual
from cnn_desktop.core.errors import BadInputError, ModelError
from cnn_desktop.core.events import Event, RunFinished, StepsDone
from cnn_desktop.models.design.store import delete_design, save_design
from cnn_desktop.models.fingerprint import fingerprint
from cnn_desktop.models.weights import load_model, open_model, save_model
from cnn_desktop.predict.export.sample_pictures import sample_pictures
from cnn_desktop.predict.export.script_proof import loaded
from cnn_desktop.train.control import Control
from cnn_desktop.train.runs.comparing import differences
from cnn_desktop.train.runs.listing import read_run
from cnn_desktop.train.scripting import export_python
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train

DESIGN = Design(
    name="small",
    title="Small net",
    layers=(
        Convolution(filters=8),
        BatchNorm(),
        Activation(function="gelu"),
        Residual(),
        Pool(function="mean"),
        Flatten(),
        Dense(outputs=16, bias=False),
        Activation(),
    ),
    channels=1,
    side=8,
)
OTHER = DESIGN.changed(layers=[Flatten(), Dense(outputs=5)])


def _config(folder: Path, **recipe: Any) -> RunConfig:
    config = default_config("digits", "small", run_dir=folder, device="cpu", precision="fp32", seed=3)
    return config.changed(recipe=config.recipe.changed(**{"epochs": 1, "batch_size": 128, **recipe}))


def _run(config: RunConfig, stop_after: int = 0, resume_from: Path | None = None) -> list[Event]:
    control, events = Control(), []
    for event in train(config, control, resume_from):
        events.append(event)
        if stop_after and isinstance(event, StepsDone) and event.step >= stop_after:
            control.stop()
    return events


@pytest.fixture
def run(tmp_path: Path) -> Path:
    save_design(DESIGN)
    finished = _run(_config(tmp_path / "run", steps=3))[-1]
    assert isinstance(finished, RunFinished) and finished.outcome == "done"
    return tmp_path / "run"


def test_a_run_and_its_model_keep_the_layers_without_the_file(run: Path) -> None:
    delete_design("small")
    assert read_run(run).config.design == DESIGN
    assert json.loads((run / "config.json").read_text())["architecture"] == "small"
    model = load_model(run / "model.cnnmodel")
    assert model.design == DESIGN and model.title.startswith("Small net · ")
    assert open_model(str(run)).module(torch.zeros(1, 1, 8, 8)).shape == (1, 10)
    assert "Small net was trained" in (run / "report.md").read_text()


def test_a_stopped_run_goes_on_with_its_own_layers_to_the_same_end(tmp_path: Path) -> None:
    save_design(DESIGN)
    _run(_config(tmp_path / "whole"))
    _run(_config(tmp_path / "parts"), stop_after=5)
    save_design(OTHER)
    _run(_config(tmp_path / "ignored"), resume_from=tmp_path / "parts")
    whole, parts = (load_model(tmp_path / name / "model.cnnmodel") for name in ("whole", "parts"))
    assert fingerprint(whole) == fingerprint(parts)


def test_layers_that_hold_nothing_make_another_model(run: Path) -> None:
    model = load_model(run / "model.cnnmodel")
    before = fingerprint(model)
    layers = [layer if layer != Activation() else Activation(function="tanh") for layer in DESIGN.layers]
    model.design = DESIGN.changed(layers=layers)
    assert fingerprint(model) != before


def test_a_run_starts_from_a_model_of_the_same_layers_only(run: Path, tmp_path: Path) -> None:
    config = _config(tmp_path / "again", steps=2).changed(start_from=run)
    assert isinstance(_run(config)[-1], RunFinished)
    save_design(OTHER)
    with pytest.raises(ModelError, match="other layers than Small net has now"):
        _run(config.changed(run_dir=tmp_path / "third"))


def test_two_runs_of_one_name_differ_in_their_layers(run: Path) -> None:
    config = read_run(run).config
    found = differences([config, config.model_copy(update={"design": OTHER})])
    assert [(one.title, one.values[1]) for one in found] == [("Layers", "flatten, dense 5")]


def test_settings_whose_design_is_another_are_refused() -> None:
    values = {**default_config("digits", "mnist_cnn").model_dump(), "design": DESIGN.model_dump()}
    with pytest.raises(BadInputError, match="called otherwise"):
        RunConfig.checked(values)


def test_scripts_end_with_the_same_weights_without_the_design(run: Path, tmp_path: Path) -> None:
    delete_design("small")
    model = load_model(run / "model.cnnmodel")
    exported = export_python(model, tmp_path / "out", run, pictures=sample_pictures(2))
    assert exported.proof.holds
    script = tmp_path / "out" / "train.py"
    loaded(script).main()
    weights = torch.load(script.with_name("weights.pt"), weights_only=True)
    assert all(torch.equal(weights[name], tensor) for name, tensor in model.module.state_dict().items())
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=120", "--check"]
    assert subprocess.run([*ruff, script, script.with_name("predict.py")], check=False).returncode == 0


def test_a_model_file_cannot_ask_for_more_than_any_machine_has(run: Path, tmp_path: Path) -> None:
    model = load_model(run / "model.cnnmodel")
    model.design = DESIGN.changed(layers=[Flatten(), Dense(outputs=65_536), Dense(outputs=65_536)])
    save_model(model, tmp_path / "greedy.cnnmodel")
    with pytest.raises(ModelError, match="dense2: This layer alone would take 17 GB"):
        load_model(tmp_path / "greedy.cnnmodel")
