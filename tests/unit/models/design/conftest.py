"""Designs that tests share."""

import pytest

from cnn_desktop.core.design import Design
from cnn_desktop.models.archs import architectures
from cnn_desktop.models.design.reading import design_of


@pytest.fixture
def vgg6() -> Design:
    """The layers of `cifar_vgg6`, under another name."""
    design = design_of(architectures["cifar_vgg6"])
    assert design is not None
    return design.changed(name="my_vgg", title="My VGG")
