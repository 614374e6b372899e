"""Wrong labels are found by what a network makes of the pictures."""

import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.metrics import roc_auc_score

from cnn_desktop.core.errors import CancelledError, ModelError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import no_progress
from cnn_desktop.data.dataset import ArraySplit, Dataset, FileSplit, Splits
from cnn_desktop.models.architecture import build
from cnn_desktop.models.archs import architectures
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import open_model
from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.embedding import Embedder, embedded
from cnn_desktop.predict.label_doubt import label_doubt
from cnn_desktop.predict.mislabels import MOST, likely_mislabels
from tests.planting import wrong_labels


def clouds(each: int, classes: int, features: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Embeddings of classes that lie around their own centres, and their labels."""
    random = np.random.default_rng(seed)
    labels = np.repeat(np.arange(classes), each)
    centres = random.normal(size=(classes, features))
    return (centres[labels] + random.normal(size=(len(labels), features))).astype(np.float32), labels


@pytest.mark.parametrize("features", [20, 700])
def test_flipped_labels_are_the_most_doubtful(features: int) -> None:
    embedding, labels = clouds(each=150, classes=4, features=features)
    wrong, given = wrong_labels(labels, classes=4, share=0.02, seed=1)
    doubt, others = label_doubt(embedding, given)
    first = np.argsort(-doubt)[: round(0.04 * len(labels))]
    assert np.isin(wrong, first).mean() >= 0.9
    assert (others[wrong] == labels[wrong]).mean() >= 0.9
    assert (doubt[np.setdiff1d(np.arange(len(labels)), wrong)] < 0).mean() > 0.95


def test_a_rare_class_is_not_doubted_for_being_rare() -> None:
    embedding, labels = clouds(each=200, classes=2, features=20)
    kept = np.concatenate([np.flatnonzero(labels == 0), np.flatnonzero(labels == 1)[:12]])
    doubt, _others = label_doubt(embedding[kept], labels[kept])
    assert (doubt[-12:] < 0).mean() >= 0.9


def test_labels_with_gaps_keep_their_numbers() -> None:
    embedding, labels = clouds(each=30, classes=3, features=20)
    given = labels * 5 + 2
    given[0] = 12
    _doubt, others = label_doubt(embedding, given)
    assert others[0] == 2


def shades(count: int = 60) -> Dataset:
    """Dark and light pictures, of which number 3 of the training split is light under the label dark."""
    random = np.random.default_rng(0)
    labels = np.arange(count) % 2
    images = (random.integers(0, 60, (count, 32, 32, 3)) + 180 * labels[:, None, None, None]).astype(np.uint8)
    labels[3] = 0
    splits: Splits = {
        "train": ArraySplit(images[:40], labels[:40], "train"),
        "validation": ArraySplit(images[40:], labels[40:], "validation"),
    }
    return Dataset("shades", "Shades", ("dark", "light"), 3, (32, 32), splits)


@pytest.fixture
def network() -> Classifier:
    torch.manual_seed(0)
    module = build("cifar_tf", 10, 3, (32, 32)).eval()
    return Classifier(
        Model("cifar_tf", module, tuple("abcdefghij"), Preprocessing.unit_range(32, 32, 3), "Untrained"), "cpu"
    )


def test_a_light_picture_among_the_dark_is_named(network: Classifier) -> None:
    seen: list[tuple[int, int]] = []
    finding = likely_mislabels(shades(), network, lambda *now: seen.append(now))
    assert finding.groups[0] == ("train 3",)
    assert finding.marks["train 3"] == "looks like light" and finding.suggestions["train 3"] == "light"
    assert finding.kind == "mislabels" and len(finding.groups) <= max(1, round(MOST * 60))
    assert seen[-1] == (60, 60)


def test_no_pictures_or_one_class_is_no_trouble(network: Classifier) -> None:
    dataset = shades()
    few: Splits = {"train": dataset.splits["train"].subset(np.arange(4))}
    one: Splits = {"train": dataset.splits["train"].with_labels(np.zeros(40, np.int64))}
    for splits in (few, one):
        changed = Dataset("x", "X", dataset.classes, 3, (32, 32), splits)
        assert likely_mislabels(changed, network).groups == ()


def test_unreadable_pictures_are_passed_over(network: Classifier, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(5)]
    for number, path in enumerate(paths):
        Image.new("RGB", (32, 32), (50 * number, 0, 0)).save(path)
    paths[2].write_bytes(b"broken")
    split = FileSplit(paths, np.arange(5) % 2, tmp_path)
    features, refs = embedded(Dataset("x", "X", ("a", "b"), 3, None, {"train": split}), network, no_progress)
    assert [ref.index for ref in refs] == [0, 1, 3, 4] and len(features) == 4


def test_it_can_be_cancelled_and_leaves_no_hook(network: Classifier) -> None:
    def cancel(done: int, total: int) -> None:
        raise CancelledError("enough")

    threads = threading.active_count()
    with pytest.raises(CancelledError):
        likely_mislabels(shades(), network, cancel)
    assert not any(module._forward_pre_hooks for module in network.module.modules())
    assert threading.active_count() == threads


@pytest.mark.parametrize("name", ["mobilenet_v2", "squeezenet1_0", "cifar_vgg6"])
def test_the_embedding_is_what_the_head_is_given(name: str) -> None:
    size = architectures[name].min_size
    module = build(name, 4, 3, (size, size)).eval()
    classifier = Classifier(Model(name, module, tuple("abcd"), Preprocessing.unit_range(size, size, 3), name), "cpu")
    pixels = torch.randint(0, 256, (2, 3, size, size), dtype=torch.uint8)
    head = module.get_submodule(architectures[name].head)
    with Embedder(classifier) as embedder:
        features = embedder.embed(pixels)
    assert features.shape[0] == 2 and features.ndim == 2
    if isinstance(head, torch.nn.Linear):
        with torch.inference_mode():
            torch.testing.assert_close(head(features), classifier.logits(pixels), rtol=1e-3, atol=1e-4)


def test_broken_weights_are_said(network: Classifier) -> None:
    next(network.module.parameters()).data.fill_(float("nan"))
    with pytest.raises(ModelError, match="Untrained"):
        likely_mislabels(shades(), network)


def test_wrong_labels_among_flowers_are_found(test_data: Path) -> None:
    """A part of the proof that `tests.soak.planted_flowers` gives on all flowers."""
    flowers = test_data / "flowers"
    files = [path for label in ("daisy", "sunflower") for path in sorted((flowers / label).glob("*.jpg"))[:40]]
    labels = np.array([int(path.parent.name == "sunflower") for path in files])
    wrong, given = wrong_labels(labels, classes=2, share=0.06, seed=0)
    weights = test_data / "models" / "mobilenet_v2-imagenet-dequant.pth"
    classifier = Classifier(open_model("mobilenet_v2", weights), "cpu")
    dataset = Dataset("x", "X", ("daisy", "sunflower"), 3, None, {"train": FileSplit(files, given, flowers)})
    embedding, _refs = embedded(dataset, classifier, no_progress)
    doubt, _others = label_doubt(embedding, given)
    assert roc_auc_score(np.isin(np.arange(len(given)), wrong), doubt) > 0.9
