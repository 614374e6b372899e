import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cnn_desktop.core.errors import CancelledError, DatasetError, ModelError
from cnn_desktop.data.dataset import ArraySplit, Dataset, FileSplit, PictureRef
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import open_model
from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.evaluation import answer_split, evaluate
from cnn_desktop.predict.evaluation.confusion import Confusion

CLASSES = ("black", "grey", "white")


def greys(shares: list[float], labels: list[int], classes: tuple[str, ...] = CLASSES) -> Dataset:
    images = np.stack([np.full((4, 4, 3), round(255 * share), dtype=np.uint8) for share in shares])
    split = ArraySplit(images, np.array(labels), "test")
    return Dataset("greys", "Greys", classes, 3, (4, 4), {"train": split, "test": split})


def asked(model: Model) -> Classifier:
    return Classifier(model, "cpu")


def test_every_picture_is_answered_in_its_place(grey_model: Callable[..., Model]) -> None:
    answers = answer_split(asked(grey_model(*CLASSES)), greys([0, 0.5, 1, 0.5], [0, 1, 1, 0]), "test")
    assert answers.best.tolist() == [0, 1, 2, 1]
    assert answers.labels.tolist() == [0, 1, 1, 0]
    assert answers.is_right.tolist() == [True, True, False, False]
    assert answers.refs == tuple(PictureRef("test", index) for index in range(4))
    assert answers.keys == ("test 0", "test 1", "test 2", "test 3")
    assert (answers.model, answers.dataset, answers.split) == ("Grey finder", "greys", "test")
    assert answers.logits.dtype == np.float32 and answers.logits.shape == (4, 3)
    assert answers.probabilities.sum(axis=1) == pytest.approx(np.ones(4))
    wanted = torch.nn.functional.cross_entropy(
        torch.from_numpy(answers.logits), torch.tensor([0, 1, 1, 0]), reduction="none"
    )
    assert answers.losses == pytest.approx(wanted.numpy())


def test_the_temperature_of_the_model_is_applied(grey_model: Callable[..., Model]) -> None:
    model, dataset = grey_model(*CLASSES), greys([0.1, 0.6], [0, 1])
    plain = answer_split(asked(model), dataset)
    model.temperature = 50.0
    tempered = answer_split(asked(model), dataset)
    assert (tempered.logits == plain.logits).all()
    assert tempered.confidence.max() < plain.confidence.min()
    assert tempered.probabilities == pytest.approx(plain.at_temperature(50.0).probabilities)
    pixels = [dataset.splits["test"].pixels(index, model.preprocessing) for index in range(2)]
    shown = asked(model).probabilities(torch.from_numpy(np.stack(pixels)))
    assert tempered.probabilities == pytest.approx(shown.numpy()), "the Predict page says otherwise"


def test_ranks_follow_the_order_in_which_classes_are_named(grey_model: Callable[..., Model]) -> None:
    answers = answer_split(asked(grey_model(*CLASSES)), greys([0, 0, 0, 0.25], [0, 1, 2, 1]))
    assert answers.ranks.tolist() == [0, 1, 2, 1 - (answers.best[3] == 1)]
    tied = answers.at_temperature(1.0)
    object.__setattr__(tied, "logits", np.zeros((4, 3), dtype=np.float32))
    assert tied.ranks.tolist() == [0, 1, 2, 1]


def test_files_are_streamed_and_those_that_cannot_be_read_are_left_out(
    grey_model: Callable[..., Model], tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number:03}.png" for number in range(60)]
    for number, path in enumerate(paths):
        Image.new("RGB", (6, 6), (255 * (number % 2),) * 3).save(path)
    paths[5].write_bytes(b"broken")
    paths[40].unlink()
    split = FileSplit(paths, np.arange(60) % 2, tmp_path)
    dataset = Dataset("f", "F", ("black", "white"), 3, None, {"train": split})
    seen: list[tuple[int, int]] = []
    answers = answer_split(
        asked(grey_model("black", "white")), dataset, "train", lambda done, total: seen.append((done, total))
    )
    good = [number for number in range(60) if number not in {5, 40}]
    assert [ref.index for ref in answers.refs] == good
    assert answers.keys == tuple(f"{number:03}.png" for number in good)
    assert answers.is_right.all() and len(answers) == 58
    assert [Path(sentence.split(" ", 1)[0]).name for sentence in answers.skipped] == ["005.png", "040.png"]
    assert seen[-1] == (58, 60)


@pytest.mark.parametrize("side", [4, 9])
def test_progress_counts_pictures_and_can_cancel(grey_model: Callable[..., Model], side: int) -> None:
    """Also where pictures in memory have to be resized first."""
    seen: list[tuple[int, int]] = []
    dataset = greys([0.0] * 50, [0] * 50)
    classifier = asked(grey_model(*CLASSES, side=side))
    answer_split(classifier, dataset, "test", lambda done, total: seen.append((done, total)))
    assert seen[-1] == (50, 50)
    assert [done for done, _total in seen] == sorted(done for done, _total in seen)

    def cancel(done: int, total: int) -> None:
        raise CancelledError("cancelled")

    with pytest.raises(CancelledError):
        answer_split(classifier, dataset, "test", cancel)


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        (("black", "gray", "white"), "differ in 1 places: class 1 is “grey” to the model and “gray” in the dataset."),
        (("white", "grey", "black"), "in another order, in 2 places: class 0 is “black” to the model and “white” in"),
        (("black", "white"), "knows 3 classes and “Greys” has 2 (only the model knows “grey”): choose a model"),
        (("a", *CLASSES), "knows 3 classes and “Greys” has 4 (only the dataset has “a”): choose"),
    ],
)
def test_other_classes_are_refused_and_the_differences_named(
    grey_model: Callable[..., Model], theirs: tuple[str, ...], words: str
) -> None:
    with pytest.raises(ModelError) as caught:
        answer_split(asked(grey_model(*CLASSES)), greys([0.0], [0], theirs))
    message = str(caught.value)
    assert words in message
    assert message.count("“Grey finder”") == 1 and "\n" not in message and message.endswith(".")


def test_the_first_differences_suffice(grey_model: Callable[..., Model]) -> None:
    ours, theirs = [f"class {number}" for number in range(1000)], tuple(f"other {number}" for number in range(1000))
    with pytest.raises(ModelError, match="differ in 1000 places") as caught:
        answer_split(asked(grey_model(*ours)), greys([0.0], [0], theirs))
    assert len(str(caught.value)) < 300


def test_a_split_that_is_not_there_is_named(grey_model: Callable[..., Model]) -> None:
    with pytest.raises(DatasetError, match="no validation split; it has train, test"):
        answer_split(asked(grey_model(*CLASSES)), greys([0.0], [0]), "validation")


def test_an_answer_that_is_no_number_is_refused(grey_model: Callable[..., Model]) -> None:
    model = grey_model(*CLASSES)
    next(model.module.parameters()).data[0] = torch.nan
    with pytest.raises(ModelError, match="“Grey finder” answers with something that is no number"):
        answer_split(asked(model), greys([0.0], [0]))


@pytest.mark.data
def test_a_published_network_reaches_its_known_figures_among_a_thousand_classes(test_data: Path) -> None:
    names = json.loads((test_data / "models" / "imagenet_class_index.json").read_text())
    places = {word: int(place) for place, (word, _name) in names.items()}
    paths = sorted((test_data / "imagenet_samples").glob("*.JPEG"))
    labels = np.array([places[path.name.split("_")[0]] for path in paths])
    model = open_model("mobilenet_v2", test_data / "models" / "mobilenet_v2-imagenet-dequant.pth")
    split = FileSplit(paths, labels, test_data / "imagenet_samples")
    dataset = Dataset("samples", "Samples", model.classes, 3, None, {"train": split})
    answers = answer_split(Classifier(model, "cpu"), dataset, "train")
    found = evaluate(answers)
    assert found.count == 100
    assert found.accuracy == pytest.approx(0.83, abs=0.02)
    assert found.top5_accuracy == pytest.approx(0.98, abs=0.01)
    assert Confusion(answers).counts.shape == (1000, 1000)
    assert len(Confusion(answers).most_confused()) == pytest.approx(17, abs=2)
