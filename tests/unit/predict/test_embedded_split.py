import numpy as np
import pytest
import torch

from cnn_desktop.core.errors import CancelledError, DatasetError
from cnn_desktop.core.paths import cache_dir
from cnn_desktop.data.dataset import ArraySplit, Dataset
from cnn_desktop.data.pictures import normalize
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.models.model import Model
from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.embedded_split import embed_split
from tests.ui.trained_digits import trained_digits


def head_inputs(model: Model, pixels: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    seen: list[torch.Tensor] = []
    head = [part for part in model.module.modules() if isinstance(part, torch.nn.Linear)][-1]
    handle = head.register_forward_pre_hook(lambda _layer, inputs: seen.append(inputs[0]))
    with torch.no_grad():
        logits = model.module(normalize(pixels, model.preprocessing))
    handle.remove()
    return seen[0].numpy(), logits.numpy()


def test_points_are_what_the_last_layer_gets_and_answers_are_the_models() -> None:
    model, dataset = trained_digits(), open_dataset("digits")
    split = dataset.splits["test"]
    found = embed_split(Classifier(model), dataset, "test", 10_000)
    pixels = torch.from_numpy(np.stack([split.pixels(at, model.preprocessing) for at in range(len(split))]))
    features, logits = head_inputs(model, pixels)
    assert np.array_equal(found.indices, np.arange(len(split))) and np.array_equal(found.labels, split.labels)
    assert np.array_equal(found.answers, logits.argmax(axis=1))
    centred = features - features.mean(axis=0)
    assert 0.8 < found.kept <= 1
    assert (found.points**2).sum() == pytest.approx(float(found.kept) * (centred**2).sum(), rel=1e-3)
    distance = np.linalg.norm(features[0] - features[5])
    assert 0.8 * distance < np.linalg.norm(found.points[0] - found.points[5]) <= distance * 1.001


def test_it_is_computed_once_for_the_same_model_and_pictures() -> None:
    model, dataset = trained_digits(), open_dataset("digits")
    asked: list[int] = []

    def embed(most: int = 40) -> np.ndarray:
        asked.clear()
        return embed_split(Classifier(model), dataset, "test", most, lambda done, _total: asked.append(done)).points

    first = embed()
    assert asked[-1] == 40
    assert np.array_equal(embed(), first) and not asked
    assert len(embed(30)) == 30 and asked
    with torch.no_grad():
        next(model.module.parameters()).add_(0.1)
    assert not np.array_equal(embed(), first) and asked
    (file,) = [path for path in (cache_dir() / "embeddings").glob("*.npz") if path.stat().st_size > 0][:1]
    file.write_bytes(b"damaged")
    assert len(embed()) == 40


def test_it_can_be_cancelled_and_too_few_pictures_are_said() -> None:
    classifier, dataset = Classifier(trained_digits()), open_dataset("digits")

    def stop(_done: int, _total: int) -> None:
        raise CancelledError("enough")

    with pytest.raises(CancelledError):
        embed_split(classifier, dataset, "test", 10, stop)
    split = ArraySplit(np.zeros((2, 8, 8, 1), np.uint8), np.array([0, 1]), "test")
    few = Dataset("few", "Few", dataset.classes, 1, (8, 8), {"train": split, "test": split})
    with pytest.raises(DatasetError, match="three pictures"):
        embed_split(classifier, few, "test", 10)
