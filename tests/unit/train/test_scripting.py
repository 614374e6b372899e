"""Training scripts end where the runs that they come from ended, bit for bit."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from torch import nn

from cnn_desktop.core.augmentation import AUGMENTATION_PRESETS, Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import ExportError
from cnn_desktop.core.events import RunFinished
from cnn_desktop.data.dataset import ArraySplit
from cnn_desktop.data.decisions import DecisionBook
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.data.splits import with_validation
from cnn_desktop.models.architecture import architectures
from cnn_desktop.models.source import Bundle
from cnn_desktop.models.weights import load_model, open_model, save_model
from cnn_desktop.predict.export.script_proof import loaded
from cnn_desktop.train import setup
from cnn_desktop.train.control import Control
from cnn_desktop.train.runs.listing import read_run
from cnn_desktop.train.scripting import training_script
from cnn_desktop.train.scripting.published import add_published
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train

ALONE = "import sys, runpy; sys.modules['cnn_desktop'] = None; runpy.run_path(sys.argv[1], run_name='__main__')"
"""What runs a script where nothing of this program can be imported."""

RULES = "E,F,W,I,UP,B,C4,SIM,RET,RUF100"


@pytest.fixture(autouse=True)
def usual_arithmetic() -> Iterator[None]:
    yield
    torch.set_flush_denormal(False)


def _config(folder: Path, architecture: str, dataset: str = "digits", **changes: Any) -> RunConfig:
    recipe = {"epochs": 1, "augmentation": Augmentation(), **changes.pop("recipe", {})}
    given = {"run_dir": folder / "run", "device": "cpu", "precision": "fp32", **changes}
    config = default_config(dataset, architecture, **given)
    return config.changed(recipe=config.recipe.changed(**recipe))


def _run(config: RunConfig, control: Control | None = None) -> RunFinished:
    *_events, finished = train(config, control or Control())
    assert isinstance(finished, RunFinished) and finished.outcome == "done"
    return finished


def _script(config: RunConfig, folder: Path, run: Path | None) -> Path:
    """The script of the run, in a folder of its own."""
    training = training_script(config, run)
    folder.mkdir()
    (folder / "train.py").write_text(training.text, encoding="utf-8")
    if training.pictures is not None:
        (folder / "pictures.csv").write_text(training.pictures, encoding="utf-8", errors="surrogateescape")
    if training.start is not None:
        save_model(training.start, folder / "start.cnnmodel")
    return folder / "train.py"


def _same_weights(config: RunConfig, script: Path) -> bool:
    assert config.run_dir is not None
    of_run = load_model(config.run_dir / "model.cnnmodel").module.state_dict()
    of_script = torch.load(script.with_name("weights.pt"), weights_only=True)
    assert of_run.keys() == of_script.keys()
    return all(torch.equal(of_run[name], of_script[name]) for name in of_run)


def _is_clean(script: Path) -> bool:
    ruff = [sys.executable, "-m", "ruff"]
    rules = ["--isolated", "--line-length=120", "--target-version=py311"]
    checked = subprocess.run([*ruff, "check", *rules, f"--select={RULES}", script], capture_output=True, check=False)
    formatted = subprocess.run([*ruff, "format", *rules, "--check", script], capture_output=True, check=False)
    return checked.returncode == formatted.returncode == 0


def _ends_alike(config: RunConfig, folder: Path, control: Control | None = None) -> bool:
    _run(config, control)
    script = _script(config, folder / "alone", config.run_dir)
    loaded(script).main()
    return _is_clean(script) and _same_weights(config, script)


def test_runs_alone_to_the_same_accuracy(tmp_path: Path) -> None:
    config = _config(tmp_path, "mnist_cnn", recipe={"epochs": 2})
    finished = _run(config)
    script = _script(config, tmp_path / "alone", config.run_dir)
    done = subprocess.run(
        [sys.executable, "-I", "-c", ALONE, str(script)],
        cwd=tmp_path,
        env={**os.environ, "OMP_NUM_THREADS": str(torch.get_num_threads())},  # sums are added up in as many parts
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"test: {finished.test_accuracy:.4%} right, loss {finished.test_loss:.6f}" in done.stdout
    assert "epoch 2: training loss" in done.stdout
    assert _same_weights(config, script)


@pytest.mark.parametrize(
    ("architecture", "recipe"),
    [
        ("resnet9", {"augmentation": Augmentation(horizontal_flip=True, crop_padding=3)}),
        ("cifar_vgg6", {"schedule": "cosine", "warmup_epochs": 0.3, "batch_size": 128}),
        ("mnist_deep", {"steps": 20, "class_weights": "balanced", "accumulation": 3, "weight_decay": 0.1}),
        (
            "cifar_tf",
            {"optimizer": "adamw", "steps": 8, "schedule": "step"},
        ),
        ("mnist_cnn", {"augmentation": AUGMENTATION_PRESETS["strong"], "optimizer": "rmsprop", "learning_rate": 1e-3}),
        ("mnist_cnn", {"nesterov": True, "layer_decay": 0.5, "clip_norm": 0.5, "schedule": "one_cycle"}),
        ("cifar_vgg6", {"optimizer": "sgd", "norm_bias_rate": 8, "weight_decay": 1e-3, "steps": 3}),
        ("cifar_vgg6", {"optimizer": "sgd", "norm_bias_rate": 8, "layer_decay": 0.5, "steps": 3}),
        ("mnist_cnn", {"ema_decay": 0.9, "label_smoothing": 0.1, "batch_size": 1436}),
    ],
    ids=lambda value: value if isinstance(value, str) else ",".join(value),
)
def test_ends_with_the_same_weights(tmp_path: Path, architecture: str, recipe: dict[str, Any]) -> None:
    assert _ends_alike(_config(tmp_path, architecture, recipe=recipe), tmp_path)


def test_two_classes_and_drawn_pictures_of_another_size(tmp_path: Path) -> None:
    assert _ends_alike(_config(tmp_path, "cats_dogs", "xo", image_size=12, recipe={"steps": 10}), tmp_path)


def test_without_validation(tmp_path: Path) -> None:
    recipe = {"steps": 12, "ema_decay": 0.9}
    assert _ends_alike(_config(tmp_path, "mnist_cnn", val_fraction=0, seed=3, recipe=recipe), tmp_path)


def test_stops_early_where_the_run_did(tmp_path: Path) -> None:
    recipe = {"epochs": 30, "batch_size": 256, "learning_rate": 0.5, "early_stopping": 1}
    config = _config(tmp_path, "mnist_cnn", recipe=recipe)
    assert _ends_alike(config, tmp_path)
    assert read_run(tmp_path / "run").epochs < 30


def test_frozen_layers_that_learn_later(tmp_path: Path) -> None:
    recipe = {"epochs": 3, "unfreeze_every": 1.0, "batch_size": 256}
    assert _ends_alike(_config(tmp_path, "cifar_vgg6", freeze=6, recipe=recipe), tmp_path)


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
def test_published_pictures(name: str, tmp_path: Path, test_data: Path) -> None:
    config = _config(tmp_path, "mnist_cnn", name, data_root=test_data, val_fraction=0.05)
    dataset = with_validation(open_dataset(name, test_data), 0.05)
    found = loaded(_script(config, tmp_path / "alone", run=None)).read_pictures()
    assert list(found) == ["train", "validation", "test"]
    for split, pictures in found.items():
        ours = dataset.splits[split]
        assert isinstance(ours, ArraySplit)
        assert torch.equal(pictures.pixels, torch.from_numpy(ours.images))
        assert torch.equal(pictures.labels, torch.from_numpy(ours.labels))


def test_decisions_hold(tmp_path: Path) -> None:
    book = DecisionBook.of("digits")
    decisions = book.decisions.without(["train 3", "test 7"], "blurred").with_class(["train 5"], "7")
    book.change("for this test", decisions.without_class("8"))
    config = _config(tmp_path, "mnist_cnn", recipe={"steps": 12})
    assert _ends_alike(config, tmp_path)
    listed = (tmp_path / "alone" / "pictures.csv").read_text().splitlines()
    assert "train,7,train 5" in listed and not any(line.endswith(",train 3") for line in listed)


def _folder_of_pictures(folder: Path) -> Path:
    for label, colour in (("grün 1", (30, 160, 60)), ("rot", (200, 30, 40))):
        (folder / label).mkdir(parents=True)
        for number in range(12):
            suffix = "jpg" if number % 2 else "png"
            picture = Image.linear_gradient("L").convert("RGB").resize((50 + number, 200))
            Image.blend(picture, Image.new("RGB", picture.size, colour), 0.6).save(
                folder / label / f"{number}.{suffix}"
            )
    return folder


def test_folder_of_pictures(tmp_path: Path) -> None:
    dataset = _folder_of_pictures(tmp_path / "pictures")
    config = _config(tmp_path, "mnist_cnn", str(dataset), image_size=16, val_fraction=0.25, recipe={"epochs": 3})
    assert _ends_alike(config, tmp_path)


def test_goes_on_from_other_weights(tmp_path: Path) -> None:
    first = _config(tmp_path / "first", "mnist_cnn", "xo", image_size=8, recipe={"steps": 4})
    _run(first)
    config = _config(tmp_path, "mnist_cnn", start_from=first.run_dir, recipe={"steps": 4})
    assert _ends_alike(config, tmp_path)


def test_starts_from_published_weights(tmp_path: Path, test_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = test_data / "models" / "squeezenet1_0-deepcompression-imagenet.pth"
    published = architectures["squeezenet1_0"].pretrained()
    assert published is not None
    (tmp_path / "hub" / "checkpoints").mkdir(parents=True)
    shutil.copy(weights, tmp_path / "hub" / "checkpoints" / published.file_name)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))

    def backbone(name: str, classes: int, _progress: object) -> nn.Module:
        module = open_model(name, weights).module
        architectures[name].replace_head(module, classes)
        return module

    monkeypatch.setattr(setup, "pretrained_backbone", backbone)  # it would ask for the published file's hash
    dataset = str(_folder_of_pictures(tmp_path / "pictures"))
    recipe = {"steps": 2, "batch_size": 6}
    assert _ends_alike(_config(tmp_path, "squeezenet1_0", dataset, pretrained=True, freeze=4, recipe=recipe), tmp_path)


def test_pictures_that_cant_be_read_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = _folder_of_pictures(tmp_path / "pictures")
    (dataset / "rot" / "broken.png").write_bytes(b"no picture")
    config = _config(tmp_path, "mnist_cnn", str(dataset), image_size=16, val_fraction=0, recipe={"epochs": 2})
    assert _ends_alike(config, tmp_path)
    assert "broken.png is left out" in capsys.readouterr().out


class _Hand(Control):
    """Sets the rate after the first epoch, and ends the run after the second."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    def take_rate(self) -> float | None:
        self.looks += 1
        if self.looks == 15:
            self.finish()
        return 0.003 if self.looks == 9 else None


def test_what_the_hand_did(tmp_path: Path) -> None:
    config = _config(tmp_path, "mnist_cnn", recipe={"epochs": 9, "batch_size": 256})
    assert _ends_alike(config, tmp_path, _Hand())
    text = (tmp_path / "alone" / "train.py").read_text()
    assert "RATES = {8: 0.003}" in text and "LAST_STEP = 14" in text


def test_mixed_precision(tmp_path: Path) -> None:
    config = _config(tmp_path, "cifar_vgg6", precision="bf16", recipe={"steps": 4})
    assert _ends_alike(config, tmp_path)
    assert "torch.autocast(DEVICE.type, torch.bfloat16)" in (tmp_path / "alone" / "train.py").read_text()


def test_says_what_differs(tmp_path: Path) -> None:
    config = _config(tmp_path, "mnist_cnn", recipe={"steps": 2})
    _run(config)
    exact = training_script(config, config.run_dir).text
    assert "bit for bit" in exact and "autocast" not in exact and "\n- " not in exact
    DecisionBook.of("digits").leave_out(["train 1"], "blurred")
    assert "\n- The dataset was changed since the run began" in training_script(config, config.run_dir).text


def test_a_dataset_that_only_the_program_can_read() -> None:
    dataset = replace(open_dataset("digits"), name="folder", title="Mine")
    with pytest.raises(ExportError, match="can't read Mine"):
        add_published(Bundle(), dataset)


def test_a_run_on_a_gpu(tmp_path: Path) -> None:
    """Nothing of it needs a GPU, but for saying what it ran on."""
    config = _config(tmp_path, "mnist_cnn", device="auto", precision="auto", recipe={"steps": 2})
    (tmp_path / "run").mkdir()
    started = {"event": "training_started", "device": "CUDA: H100", "precision": "fp16", "steps_per_epoch": 9}
    stopped = {"event": "run_finished", "outcome": "stopped", "test_accuracy": None}
    (tmp_path / "run" / "metrics.jsonl").write_text(f"{json.dumps(started)}\n{json.dumps(stopped)}\n{{")
    script = _script(config, tmp_path / "alone", config.run_dir)
    text = script.read_text()
    assert 'torch.device("cuda" if torch.cuda.is_available() else "cpu")' in text and "SCALER.step(optimizer)" in text
    assert "bit for bit" not in text and "\n- Sums are added up in another order" in text
    assert "\n- The run didn't come to its end; this script does." in text
    assert _is_clean(script)
