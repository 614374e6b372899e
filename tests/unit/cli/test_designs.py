"""A person's own design on the command line: listed, trained by its name, used without its file."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from cnn_desktop.core.design import Convolution, Design, Flatten, Pool
from cnn_desktop.models.design.store import delete_design, design_file, save_design
from tests.unit.cli.conftest import Answer

Command = Callable[..., Answer]

MINE = Design(name="mine", title="My own", layers=(Convolution(filters=4), Pool(), Flatten()))


def test_listed_trained_by_name_and_used_without_the_file(command: Command, tmp_path: Path) -> None:
    save_design(MINE)
    listed = {line["name"]: line for line in command("architectures", "--json").lines}
    assert listed["mine"]["is_own"] and not listed["cifar_vgg6"]["is_own"] and listed["mine"]["min_size"] == 2
    assert "My own" in command("architectures").out
    settings = ("--dataset", "digits", "--arch", "mine", "--steps", 3, "--device", "cpu", "--precision", "fp32")
    trained = command("train", *settings, "--run-dir", tmp_path / "run", "--json")
    assert trained.code == 0 and trained.lines[-1]["outcome"] == "done"
    delete_design("mine")
    Image.fromarray(np.eye(8, dtype=np.uint8) * 255).save(tmp_path / "one.png")
    answer = command("predict", "--model", tmp_path / "run", tmp_path / "one.png", "--json")
    assert answer.code == 0 and len(answer.lines[0]["top"]) == 10


def test_what_cannot_be_built_names_the_layer(command: Command) -> None:
    pools = (Pool(size=8), Pool(size=8), Pool(size=8), Flatten())
    save_design(MINE.changed(layers=pools, side=32))
    answer = command("train", "--dataset", "digits", "--arch", "mine", "--steps", 1, "--device", "cpu")
    assert answer.code == 2 and "pool2: A window of 8×8 doesn't fit into maps of 1×1" in answer.err
    save_design(MINE.changed(layers=[Convolution(filters=4, groups=4), Flatten()]))
    answer = command("train", "--dataset", "digits", "--arch", "mine", "--steps", 1, "--device", "cpu")
    assert answer.code == 2 and "conv1: 1 maps can't be divided into 4 groups" in answer.err


def test_a_damaged_design_is_said_by_whoever_names_it(command: Command) -> None:
    save_design(MINE)
    design_file("mine").write_text("{")
    answer = command("train", "--dataset", "digits", "--arch", "mine", "--steps", 1)
    assert answer.code == 2 and "mine.json" in answer.err
    assert command("architectures").code == 0
