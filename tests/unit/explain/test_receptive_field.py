"""Receptive fields, held against gradients: the only pixels that can change a cell are those it sees."""

import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from PIL import Image
from torch import nn

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.pictures import to_pixels
from cnn_desktop.explain.receptive_field import Rectangle, on_picture, receptive_field
from cnn_desktop.explain.recording import Operation, Recording, outline
from cnn_desktop.explain.recording.tracer import Tracer
from tests.unit.explain.recording.networks import NAMES, network, side_of, unfilled

CELLS = 8
"""Tried of each architecture."""


def transparent(module: nn.Module) -> nn.Module:
    """The same network, on the meta device still, whose activations change nothing and whose pools average.

    Norms over channels are left out: they take a mean off, so that gradients have both signs and may cancel.
    """
    saturating = (nn.GELU, nn.SiLU, nn.Hardswish, nn.Sigmoid, nn.Hardsigmoid, nn.ReLU6, nn.LayerNorm)
    for name, part in list(module.named_modules()):
        match part:
            case nn.MaxPool2d():
                module.set_submodule(name, nn.AvgPool2d(part.kernel_size, part.stride, part.padding, part.ceil_mode))
            case nn.AdaptiveMaxPool2d():
                module.set_submodule(name, nn.AdaptiveAvgPool2d(part.output_size))
            case _ if isinstance(part, saturating):
                module.set_submodule(name, nn.Identity())
            case _:
                pass
    return module


def positive(module: nn.Module) -> nn.Module:
    """With weights above zero, those of each filter adding up to one; in float64, so that no product is lost."""
    module = module.to_empty(device="cpu").double().eval()
    with torch.no_grad():
        for tensor in (*module.parameters(), *module.buffers()):
            if tensor.is_floating_point():
                tensor.fill_(1 / tensor[0].numel() if tensor.ndim > 1 else 1.0)
    return module


class Gradients:
    """Which pixels change which cells of `module`, asked of autograd."""

    def __init__(self, module: nn.Module, picture: torch.Tensor) -> None:
        self.picture = picture.requires_grad_()
        self.tracer = Tracer(copying=True)
        self.tracer.begin(self.picture)
        with self.tracer.watching(module), self.tracer:
            module(self.picture)

    def of(self, at: int, operation: Operation, row: int, column: int) -> np.ndarray:
        """Bool H×W, of the operation noted as number `at`."""
        place = {operation.axes.row: row, operation.axes.column: column}
        values = self.tracer.drafts[at + 1].output
        # Not by permuting: eval-mode batch norm gets the gradient of another layout wrong (torch 2.15, CPU).
        cell = values[tuple(place.get(axis, slice(None)) for axis in range(values.ndim))].sum()
        (gradient,) = torch.autograd.grad(cell, self.picture, retain_graph=True)
        return np.any(gradient[0].numpy() != 0, axis=0)


def some_cells(recording: Recording, count: int = CELLS) -> list[tuple[int, Operation, int, int]]:
    choose = random.Random(0)
    operations = list(recording.operations.values())[:-1]
    chosen = sorted(choose.sample(range(len(operations)), min(count, len(operations))))
    extents = [operations[at].places.extent for at in chosen]
    return [
        (at, operations[at], choose.randrange(height), choose.randrange(width))
        for at, (height, width) in zip(chosen, extents, strict=True)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_exactly_where_gradients_flow_when_nothing_cancels(name: str) -> None:
    side = side_of(name)
    module = positive(transparent(unfilled(name)))
    drawn = outline(module, (3, side, side))
    gradients = Gradients(module, torch.full((1, 3, side, side), 0.5, dtype=torch.float64))
    for at, operation, row, column in some_cells(drawn):
        seen = receptive_field(drawn, operation.name, row, column).mask
        assert np.array_equal(seen, gradients.of(at, operation, row, column)), (operation.name, row, column)


@pytest.mark.parametrize("name", NAMES)
def test_it_contains_every_pixel_with_a_gradient(name: str) -> None:
    side, module = side_of(name), network(name)
    drawn = outline(module, (3, side, side))
    gradients = Gradients(module, torch.rand(1, 3, side, side))
    for at, operation, row, column in some_cells(drawn, 4):
        truth = gradients.of(at, operation, row, column)
        assert not (truth & ~receptive_field(drawn, operation.name, row, column).mask).any(), operation.name


class Odd(nn.Module):
    """Windows with holes, uneven strides, paddings of all kinds, two branches of different shapes."""

    def __init__(self) -> None:
        super().__init__()
        self.tall = nn.Conv2d(3, 2, (5, 1), padding="same", dilation=(2, 1))
        self.wide = nn.Conv2d(3, 2, (1, 4), padding="same")
        self.strided = nn.Conv2d(4, 2, (3, 2), stride=(3, 4), padding=(1, 0))
        self.mirrored = nn.Conv2d(2, 2, 3, padding=1, padding_mode="reflect")
        self.pool = nn.AvgPool2d(2, stride=2, padding=1, ceil_mode=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.pad(x, (1, 0, 2, 1))
        both = torch.cat((self.tall(x), self.wide(x)), dim=1)
        strided = self.strided(both)[..., 1:, :]
        maps = self.pool(self.mirrored(strided))
        weighed = maps * F.adaptive_avg_pool2d(both, 1)[:, :2]
        coarse = F.adaptive_avg_pool2d(both, (4, 3))
        tokens = maps.permute(0, 2, 3, 1).flatten(1, 2)
        return weighed.mean((2, 3)) + coarse.flatten(2).mean(2)[:, :2] + tokens.mean(1)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize(("height", "width"), [(17, 23), (24, 15)])
def test_holes_strides_paddings_and_branches(height: int, width: int) -> None:
    module = positive(Odd())
    drawn = outline(module, (3, height, width))
    gradients = Gradients(module, torch.full((1, 3, height, width), 0.5, dtype=torch.float64))
    with_holes = 0
    for at, operation in enumerate(list(drawn.operations.values())[:-1]):
        if operation.function in ("flatten", "mean"):
            continue
        rows, columns = operation.places.extent
        for row, column in {(0, 0), (rows // 2, columns // 2), (rows - 1, columns - 1)}:
            field = receptive_field(drawn, operation.name, row, column)
            assert np.array_equal(field.mask, gradients.of(at, operation, row, column)), (operation.name, row, column)
            with_holes += field.mask.sum() < field.rectangle.height * field.rectangle.width
    assert with_holes > 5


class Crossed(nn.Module):
    """Channels, rows and columns are as many, and added to each other."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 5, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        maps = self.conv(x)
        return (maps + maps.permute(0, 2, 3, 1)).relu().mean((2, 3))


def test_rows_that_are_taken_for_channels_count_too() -> None:
    module = positive(Crossed())
    drawn = outline(module, (3, 5, 5))
    truth = Gradients(module, torch.ones(1, 3, 5, 5, dtype=torch.float64)).of(3, drawn.operations["relu"], 2, 1)
    assert truth.sum() > 1
    assert not (truth & ~receptive_field(drawn, "relu", 2, 1).mask).any()


def test_a_stack_of_convolutions_and_its_rectangle() -> None:
    module = nn.Sequential(
        nn.Conv2d(1, 2, 3, padding=1), nn.MaxPool2d(2), nn.Conv2d(2, 2, 3, padding=1), nn.Flatten(), nn.Linear(72, 2)
    )
    drawn = outline(module, (1, 12, 12))
    assert receptive_field(drawn, "0", 5, 7).rectangle == Rectangle(4, 6, 3, 3)
    assert receptive_field(drawn, "2", 2, 3).rectangle == Rectangle(1, 3, 8, 8)
    assert receptive_field(drawn, "2", 0, 5).rectangle == Rectangle(0, 7, 5, 5), "what hangs over is cut off"
    assert receptive_field(drawn, "4").rectangle == Rectangle(0, 0, 12, 12)
    field = receptive_field(drawn, "2", 2, 3)
    assert np.flatnonzero(field.rows).tolist() == list(range(1, 9))
    assert np.flatnonzero(field.columns).tolist() == list(range(3, 11))
    with pytest.raises(IndexError, match=r"2 has no cell \(6, 0\)"):
        receptive_field(drawn, "2", 6, 0)


def test_a_cell_of_padding_alone_sees_nothing() -> None:
    drawn = outline(nn.Sequential(nn.Conv2d(1, 2, 1, padding=2), nn.Flatten()), (1, 3, 3))
    assert receptive_field(drawn, "0", 0, 0).rectangle == Rectangle(0, 0, 0, 0)


PREPARED = Preprocessing.unit_range(24, 24, 3)


@pytest.mark.parametrize("size", [(48, 48), (96, 60), (31, 77)])
@pytest.mark.parametrize(
    "preprocessing", [PREPARED, PREPARED.model_copy(update={"resize": "crop", "shorter_side": 30, "resizer": "pillow"})]
)
def test_the_way_back_to_the_picture_that_was_dropped(size: tuple[int, int], preprocessing: Preprocessing) -> None:
    """What is painted where the rectangle lies on the picture is found in the same place of the input."""
    seen = Rectangle(6, 9, 8, 5)
    lies = on_picture(seen, preprocessing, size)
    down, across = np.mgrid[0 : size[1], 0 : size[0]] + 0.5
    inside = (abs(down - lies.top - lies.height / 2) < lies.height / 2) & (
        abs(across - lies.left - lies.width / 2) < lies.width / 2
    )
    picture = Image.fromarray(np.repeat(inside[..., None], 3, axis=2).astype(np.uint8) * 255)
    received = to_pixels(picture, preprocessing)[0] > 127
    rows, columns = np.flatnonzero(received.any(1)), np.flatnonzero(received.any(0))
    found = (rows[0], columns[0], rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1)
    assert np.abs(np.array(found) - np.array(seen)).max() <= 1
    whole = on_picture(Rectangle(0, 0, 24, 24), PREPARED, size)
    assert whole == pytest.approx((0, 0, size[1], size[0]))
