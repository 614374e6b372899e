"""Designs on the disk: found by name, listed, replaced, and said when damaged."""

import pytest

from cnn_desktop.core.design import Convolution, Design, Flatten
from cnn_desktop.core.errors import BadInputError, CnnDesktopError, ModelError
from cnn_desktop.core.paths import designs_dir
from cnn_desktop.models.architecture import build, find_architecture
from cnn_desktop.models.archs import architectures
from cnn_desktop.models.described import all_trainable
from cnn_desktop.models.design.store import (
    delete_design,
    design_file,
    has_design,
    load_design,
    name_for,
    save_design,
    saved_designs,
)
from cnn_desktop.models.weights import open_model


def test_a_saved_design_is_found_listed_and_built(vgg6: Design) -> None:
    save_design(vgg6)
    assert load_design("my_vgg") == vgg6 and saved_designs() == [vgg6]
    assert find_architecture("my_vgg").design == vgg6
    assert [architecture.name for architecture in all_trainable()] == [*architectures, "my_vgg"]
    assert sum(p.numel() for p in build("my_vgg", 10, 3, (32, 32)).parameters()) == 551_466
    save_design(vgg6.changed(layers=[Convolution(), Flatten()]))
    assert len(load_design("my_vgg").layers) == 2
    delete_design("my_vgg")
    assert not has_design("my_vgg") and saved_designs() == []
    with pytest.raises(BadInputError, match="no architecture “my_vgg”"):
        find_architecture("my_vgg")


@pytest.mark.parametrize("content", ["", "{", '{"name": "my_vgg"}', '{"schema_version": 2}', "[]"])
def test_a_damaged_file_is_left_out_of_lists_and_named_when_asked_for(vgg6: Design, content: str) -> None:
    save_design(vgg6)
    save_design(vgg6.changed(name="other", title="Other"))
    design_file("my_vgg").write_text(content)
    assert [design.name for design in saved_designs()] == ["other"]
    with pytest.raises(ModelError, match="my_vgg"):
        find_architecture("my_vgg")


def test_names_lead_nowhere_else(vgg6: Design) -> None:
    save_design(vgg6)
    (designs_dir().parent / "outside.json").write_text(vgg6.model_dump_json())
    for name in ("../outside", "../designs/my_vgg", "MY_VGG", "", "my_vgg.json"):
        assert not has_design(name)
    with pytest.raises(BadInputError):
        Design.checked({**vgg6.model_dump(), "name": "../up"})
    with pytest.raises(BadInputError):
        Design.checked({**vgg6.model_dump(), "title": "two\nlines"})


def test_a_name_is_made_of_the_title() -> None:
    assert name_for("My VGG – 6!", set()) == "my_vgg_6"
    assert name_for("Größe", set()) == "groe"
    assert name_for("猫と犬", set()) == "design" and name_for("7 layers", set()) == "design_7_layers"
    assert name_for("Net", {"net", "net_2"}) == "net_3"


def test_a_disk_that_refuses_is_said(vgg6: Design) -> None:
    designs_dir().parent.mkdir(parents=True, exist_ok=True)
    designs_dir().write_text("a file where the folder should be")
    with pytest.raises(CnnDesktopError, match="can't be saved"):
        save_design(vgg6)


def test_a_design_without_weights_says_that_it_has_none(vgg6: Design) -> None:
    save_design(vgg6)
    with pytest.raises(ModelError, match="no pretrained weights for My VGG"):
        open_model("my_vgg")
