from pathlib import Path

import numpy as np
import pytest
import torch

from cnn_desktop.core.errors import CancelledError
from cnn_desktop.core.paths import cache_dir
from cnn_desktop.data.dataset import ArraySplit, Dataset
from cnn_desktop.data.pictures import normalize
from cnn_desktop.explain.exciting import Excitement, finding, most_exciting
from cnn_desktop.models.model import Model
from tests.ui.example_runs import example_model


@pytest.fixture
def model() -> Model:
    return example_model(architecture="resnet9")


@pytest.fixture
def dataset() -> Dataset:
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (60, 8, 8, 1), dtype=np.uint8)
    split = ArraySplit(images, generator.integers(0, 10, 60), "test")
    classes = tuple(str(label) for label in range(10))
    return Dataset("noise", "Noise", classes, 1, (8, 8), {"train": split, "test": split})


def strongest_by_hooks(model: Model, dataset: Dataset, layer: str) -> torch.Tensor:
    """N×C: the largest number of each map of each picture, as a plain forward hook sees it."""
    split = dataset.splits["test"]
    pixels = np.stack([split.pixels(index, model.preprocessing) for index in range(len(split))])
    found: list[torch.Tensor] = []
    hook = lambda _module, _inputs, output: found.append(output.clone())  # noqa: E731
    handle = model.module.get_submodule(layer).register_forward_hook(hook)
    with torch.no_grad():
        model.module(normalize(torch.from_numpy(pixels), model.preprocessing))
    handle.remove()
    return found[0].flatten(2).amax(dim=2) if found[0].ndim == 4 else found[0]


def last_layer(found: Excitement) -> str:
    return str(found.names[-2])


def test_the_ten_are_those_whose_maps_are_largest(
    model: Model, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_LARGEST_BATCH", 7)
    found = most_exciting(model, dataset, "test", 1000)
    modules = dict(model.module.named_modules())
    layers = [str(name) for name in found.names if str(name) in modules]
    assert len(layers) > 10
    for layer in (layers[0], layers[len(layers) // 2], layers[-1]):
        expected = strongest_by_hooks(model, dataset, layer)
        for channel in range(0, expected.shape[1], 5):
            best = expected[:, channel].topk(10)
            ten = found.of(layer, channel)
            assert [one.value for one in ten] == pytest.approx(best.values.tolist(), rel=1e-4, abs=1e-5)
            for one in ten:
                assert one.value == pytest.approx(float(expected[one.picture, channel]), rel=1e-4, abs=1e-5)
    assert int(found.looked_at) == 60


def test_the_cell_named_is_where_the_map_is_largest(model: Model, dataset: Dataset) -> None:
    from cnn_desktop.explain.recording import record

    found = most_exciting(model, dataset, "test", 1000)
    layer = str(found.names[3])
    split = dataset.splits["test"]
    for channel in (0, 7):
        best = found.of(layer, channel)[0]
        pixels = torch.from_numpy(split.pixels(best.picture, model.preprocessing))[None]
        maps = record(model.module, normalize(pixels, model.preprocessing)).maps(layer)
        assert maps[channel, best.row, best.column] == pytest.approx(maps[channel].max(), rel=1e-4, abs=1e-5)


def test_a_second_time_nothing_is_computed(model: Model, dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    first = most_exciting(model, dataset, "test", 40)
    monkeypatch.setattr(finding, "record", None)
    again = most_exciting(model, dataset, "test", 40)
    assert np.array_equal(first.values, again.values)
    assert int(again.looked_at) == 40
    assert again.of(last_layer(again), 3) == first.of(last_layer(first), 3)


def test_other_weights_are_looked_through_anew(model: Model, dataset: Dataset) -> None:
    first = most_exciting(model, dataset, "test", 40)
    with torch.no_grad():
        next(model.module.parameters()).mul_(2)
    assert not np.array_equal(first.values, most_exciting(model, dataset, "test", 40).values)


def test_a_damaged_file_is_found_out_again(model: Model, dataset: Dataset) -> None:
    first = most_exciting(model, dataset, "test", 20)
    files = list((cache_dir() / "exciting").glob("*.npz"))
    assert len(files) == 1
    files[0].write_bytes(files[0].read_bytes()[:1000])
    assert np.array_equal(first.values, most_exciting(model, dataset, "test", 20).values)


def test_it_can_be_cancelled_and_leaves_nothing(model: Model, dataset: Dataset, tmp_path: Path) -> None:
    def cancel(done: int, total: int) -> None:
        if done:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        most_exciting(model, dataset, "test", 40, cancel)
    assert not list(cache_dir().rglob("*.npz"))


def test_what_isnt_known_has_no_pictures(model: Model, dataset: Dataset) -> None:
    found = most_exciting(model, dataset, "test", 20)
    assert found.of("no such layer", 0) == []
    assert found.of(last_layer(found), 10_000) == []
