"""Parts of the program as source: whole, in order, and building the same networks."""

import ast

import pytest
import torch
from torch import nn

from cnn_desktop.data.augment.moving import moved
from cnn_desktop.data.augment.warping import warped
from cnn_desktop.models.architecture import architectures, build
from cnn_desktop.models.archs.resnet9 import Resnet9
from cnn_desktop.models.source import Bundle, add_network, add_new_head
from cnn_desktop.models.source.layout import assignment, call, literal, script, signature, wanted_lines
from cnn_desktop.predict.export import proof
from cnn_desktop.train import randomness

SMALL = [
    "cats_dogs",
    "cifar_tf",
    "cifar_vgg6",
    "mnist_cnn",
    "mnist_deep",
    "mobilenet_v3_small",
    "resnet9",
    "squeezenet1_0",
]


def _defined(bundle: Bundle) -> dict[str, object]:
    names: dict[str, object] = {}
    exec(compile(f"{bundle.imports}\n\n{bundle.take()}", "bundle", "exec"), names)
    return names


def _network(name: str, classes: int, channels: int, size: tuple[int, int]) -> nn.Module:
    bundle = Bundle()
    add_network(bundle, architectures[name], channels, size)
    made = _defined(bundle)["build_network"]
    assert callable(made)
    return made(classes, channels, size)


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize(("classes", "channels"), [(2, 1), (5, 3)])
def test_a_network_is_built_with_the_same_first_weights(name: str, classes: int, channels: int) -> None:
    size = (max(32, architectures[name].min_size), 40)
    torch.manual_seed(7)
    ours = build(name, classes, channels, size).state_dict()
    torch.manual_seed(7)
    theirs = _network(name, classes, channels, size).state_dict()
    assert list(ours) == list(theirs)
    assert all(torch.equal(ours[key], theirs[key]) for key in ours)


@pytest.mark.parametrize("name", architectures)
def test_every_architecture_has_a_source(name: str) -> None:
    with torch.device("meta"):
        ours, theirs = build(name, 3, 3, (64, 64)), _network(name, 3, 3, (64, 64))
    assert repr(ours) == repr(theirs)


@pytest.mark.parametrize("name", ["squeezenet1_0", "mnist_cnn"])
def test_a_fresh_head_is_drawn_alike(name: str) -> None:
    bundle = Bundle()
    add_new_head(bundle, architectures[name])
    replace_head = _defined(bundle)["replace_head"]
    assert callable(replace_head)
    ours, theirs = build(name, 1000, 3, (32, 32)), build(name, 1000, 3, (32, 32))
    torch.manual_seed(3)
    architectures[name].replace_head(ours, 4)
    torch.manual_seed(3)
    replace_head(theirs, 4)
    assert repr(ours) == repr(theirs)
    head = architectures[name].head
    assert torch.equal(ours.get_parameter(f"{head}.weight"), theirs.get_parameter(f"{head}.weight"))


def test_what_is_named_comes_along_and_before() -> None:
    bundle = Bundle({"Augmentation": "class Augmentation:\n    pass"})
    bundle.add(moved, warped)
    text = bundle.take()
    body = ast.parse(text).body
    names = [node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert names.index("_erased") < names.index("moved") and names.index("Dice") < names.index("moved")
    assert "pydantic" not in text and "cnn_desktop" not in text + bundle.imports
    assert bundle.imports.splitlines() == [
        "import math",
        "from typing import NamedTuple, Self",
        "",
        "import torch",
        "import torch.nn.functional as F",
    ]
    assert text.index("_ERASED_AREA = ") < text.index("def ")
    assert not bundle.take()


def test_nothing_is_taken_twice() -> None:
    bundle = Bundle()
    bundle.add(randomness.epoch_order, randomness.derived_seed)
    bundle.add(randomness.epoch_order)
    assert bundle.take().count("def derived_seed") == 1
    bundle.add(randomness.derived_seed)
    assert not bundle.take()


def test_two_things_of_one_name_are_refused() -> None:
    bundle = Bundle()
    with pytest.raises(ValueError, match="can't both be called derived_seed"):
        bundle.add(randomness.derived_seed, type("derived_seed", (), {"__module__": "torch"}))


def test_what_speaks_to_people_is_refused() -> None:
    with pytest.raises(ValueError, match="speaks to people"):
        Bundle().add(proof.prove)


def test_a_method_asks_nobody() -> None:
    bundle = Bundle()
    bundle.add_method(Resnet9.build, architectures["resnet9"], "build_network")
    text = bundle.take()
    assert "self" not in text.partition("def build_network")[2] and "min(size) <= 8" in text


def test_long_lines_are_broken() -> None:
    assert literal(("a", 'b"c', 1)) == '("a", \'b"c\', 1)' and literal(("a",)) == '("a",)'
    assert assignment("SEED", 3, "of all") == "SEED = 3  # of all"
    classes = tuple(f"class number {number}" for number in range(30))
    names: dict[str, object] = {}
    exec(assignment("CLASSES", classes), names)
    assert names["CLASSES"] == classes
    for text in (assignment("CLASSES", classes), call("Facts", dict.fromkeys(map(str, classes), 1))):
        assert max(map(len, text.splitlines())) < 40
    assert signature("f", ["a: int"], "int") == ["def f(a: int) -> int:"]
    assert len(signature("f", [f"parameter_{number}: int" for number in range(9)], "int")) == 11


def test_only_wanted_lines_stay() -> None:
    template = "a = 1\nb = 2  #? b\nc = 3  # three  #? b -c\nd = 4  #? -b"
    assert wanted_lines(template, {"b": 7, "c": None}) == "a = 1\nb = 2\nc = 3  # three"
    assert wanted_lines(template, {"b": 0, "c": True}) == "a = 1\nd = 4"
    with pytest.raises(KeyError):
        wanted_lines(template, {"b": True})


def test_a_script_has_sections() -> None:
    sections = {"Numbers": "A = 1", "Empty": "", "Working": "def main() -> None:\n    print(A)"}
    text = script("Adds.", "import math", sections)
    assert text.startswith('"""Adds."""\n\nimport math\n\n# ---- Numbers\n\nA = 1\n\n# ---- Working\n\n\ndef main()')
    assert text.endswith('if __name__ == "__main__":\n    main()\n') and "Empty" not in text
