from collections.abc import Callable

import numpy as np
import pytest
import torch

from cnn_desktop.core.errors import CancelledError, DatasetError, ModelError
from cnn_desktop.data.dataset import ArraySplit, Dataset
from cnn_desktop.models.model import Model
from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.evaluate import evaluate

CLASSES = ("black", "grey", "white")


def greys(shares: list[float], labels: list[int], classes: tuple[str, ...] = CLASSES) -> Dataset:
    images = np.stack([np.full((4, 4, 3), round(255 * share), dtype=np.uint8) for share in shares])
    split = ArraySplit(images, np.array(labels), "test")
    return Dataset("greys", "Greys", classes, 3, (4, 4), {"train": split, "test": split})


def test_figures_are_those_of_the_confusion(grey_model: Callable[..., Model]) -> None:
    # Answers: black, black, grey, white, white; the second and the fourth are wrong.
    dataset = greys([0, 0, 0.5, 1, 1], [0, 1, 1, 1, 2])
    result = evaluate(Classifier(grey_model(*CLASSES), "cpu"), dataset, "test")
    assert result.count == 5
    assert result.accuracy == pytest.approx(3 / 5)
    assert result.top5_accuracy == 1
    black, grey, white = result.classes
    assert (black.precision, black.recall, black.support) == pytest.approx((1 / 2, 1, 1))
    assert (grey.precision, grey.recall, grey.support) == pytest.approx((1, 1 / 3, 3))
    assert grey.f1 == pytest.approx(0.5)
    assert (white.precision, white.recall, white.support) == pytest.approx((1 / 2, 1, 1))
    means = torch.tensor([0, 0, 128 / 255, 1, 1])
    logits = -100 * (means[:, None] - torch.tensor([0, 0.5, 1])).abs()
    expected = torch.nn.functional.cross_entropy(logits, torch.tensor([0, 1, 1, 1, 2]))
    assert result.loss == pytest.approx(expected.item(), rel=1e-4)


def test_a_class_without_pictures_has_zeros(grey_model: Callable[..., Model]) -> None:
    result = evaluate(Classifier(grey_model(*CLASSES), "cpu"), greys([0.0], [0]))
    assert (result.classes[2].precision, result.classes[2].recall, result.classes[2].support) == (0, 0, 0)


def test_the_report_can_be_read(grey_model: Callable[..., Model]) -> None:
    result = evaluate(Classifier(grey_model(*CLASSES), "cpu"), greys([0, 0.5, 1], [0, 1, 1]))
    text = str(result)
    assert "66.67 %" in text
    assert all(label in text for label in CLASSES)
    assert result.to_json()["classes"][1]["support"] == 2


def test_other_classes_are_refused_and_the_differences_named(grey_model: Callable[..., Model]) -> None:
    classifier = Classifier(grey_model(*CLASSES), "cpu")
    with pytest.raises(ModelError, match="class 1 is “grey” to the model and “gray” in the dataset"):
        evaluate(classifier, greys([0.0], [0], ("black", "gray", "white")))
    with pytest.raises(ModelError, match="2 places"):
        evaluate(classifier, greys([0.0], [0], ("white", "grey", "black")))
    with pytest.raises(ModelError, match="knows 3 classes and “Greys” has 2"):
        evaluate(classifier, greys([0.0], [0], ("black", "white")))


def test_a_split_that_is_not_there_is_named(grey_model: Callable[..., Model]) -> None:
    with pytest.raises(DatasetError, match="no validation split; it has train, test"):
        evaluate(Classifier(grey_model(*CLASSES), "cpu"), greys([0.0], [0]), "validation")


def test_progress_counts_pictures_and_can_cancel(grey_model: Callable[..., Model]) -> None:
    seen: list[tuple[int, int]] = []
    dataset = greys([0.0] * 50, [0] * 50)
    evaluate(Classifier(grey_model(*CLASSES), "cpu"), dataset, "test", lambda done, total: seen.append((done, total)))
    assert seen[-1] == (50, 50)

    def cancel(done: int, total: int) -> None:
        raise CancelledError("cancelled")

    with pytest.raises(CancelledError):
        evaluate(Classifier(grey_model(*CLASSES), "cpu"), dataset, "test", cancel)


def test_an_answer_that_is_no_number_is_refused(grey_model: Callable[..., Model]) -> None:
    model = grey_model(*CLASSES)
    next(model.module.parameters()).data[0] = torch.nan
    with pytest.raises(ModelError, match="no number"):
        evaluate(Classifier(model, "cpu"), greys([0.0], [0]))
