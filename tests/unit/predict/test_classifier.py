import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

import cnn_desktop.models.archs  # noqa: F401 - registers the architectures
from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.decoding import OpenedPicture
from cnn_desktop.data.pictures import normalize, to_pixels
from cnn_desktop.models.architecture import build
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import load_pretrained
from cnn_desktop.predict.batch import classify, expand
from cnn_desktop.predict.classifier import Classifier


def grey(share: float, size: int = 8) -> OpenedPicture:
    return OpenedPicture(Image.new("RGB", (size, size), (round(255 * share),) * 3))


def test_the_best_classes_come_first_and_add_up_to_one(grey_model: Callable[..., Model]) -> None:
    guesses = Classifier(grey_model("black", "grey", "white"), "cpu").predict(grey(0.5))
    assert guesses[0].label == "grey"
    assert [guess.probability for guess in guesses] == sorted((g.probability for g in guesses), reverse=True)
    assert sum(guess.probability for guess in guesses) == pytest.approx(1)
    assert len(guesses) == 3


def test_top_limits_the_answer(grey_model: Callable[..., Model]) -> None:
    guesses = Classifier(grey_model(*"abcdefghijkl"), "cpu").predict(grey(1), top=2)
    assert [guess.label for guess in guesses] == ["l", "k"]


def test_a_picture_takes_the_one_path_of_preprocessing() -> None:
    preprocessing = Preprocessing(
        height=12, width=12, resize="crop", shorter_side=16, mean=(0.5, 0.4, 0.3), std=(0.2, 0.3, 0.4)
    )
    torch.manual_seed(0)
    module = build("mnist_cnn", 4, 3, (12, 12)).eval()
    picture = Image.effect_noise((40, 30), 90).convert("RGB")
    guesses = Classifier(Model("mnist_cnn", module, tuple("abcd"), preprocessing, "m"), "cpu").predict(
        OpenedPicture(picture)
    )
    with torch.no_grad():
        batch = normalize(torch.from_numpy(to_pixels(picture, preprocessing))[None], preprocessing)
        expected = module(batch).softmax(dim=1)[0]
    by_label = {guess.label: guess.probability for guess in guesses}
    assert [by_label[label] for label in "abcd"] == pytest.approx(expected.tolist(), abs=1e-5)


def test_an_answer_that_is_no_number_is_refused(grey_model: Callable[..., Model]) -> None:
    model = grey_model("black", "white")
    next(model.module.parameters()).data[0] = torch.nan
    with pytest.raises(ModelError, match="Grey finder"):
        Classifier(model, "cpu").predict(grey(0.5))


def test_a_second_classifier_leaves_the_tensors_of_a_model_in_use_alone() -> None:
    module = build("cifar_vgg6", 4, 3, (8, 8)).eval()
    model = Model("cifar_vgg6", module, tuple("abcd"), Preprocessing.unit_range(8, 8, 3), "m")
    Classifier(model, "cpu")
    before = [tensor.data_ptr() for tensor in module.parameters()]
    assert module.get_submodule("conv2").weight.is_contiguous(memory_format=torch.channels_last)
    module.to = None  # pyright: ignore[reportAttributeAccessIssue] - calling it would fail
    Classifier(model, "cpu")
    assert [tensor.data_ptr() for tensor in module.parameters()] == before


def test_no_classifier_is_ready_while_another_still_moves_the_model() -> None:
    module = build("cifar_vgg6", 4, 3, (8, 8)).eval()
    model = Model("cifar_vgg6", module, tuple("abcd"), Preprocessing.unit_range(8, 8, 3), "m")
    moving, go_on, ready = threading.Event(), threading.Event(), threading.Event()
    move = module.to

    def slowly(*args: object, **kwargs: object) -> object:
        moving.set()
        go_on.wait(10)
        return move(*args, **kwargs)  # pyright: ignore[reportCallIssue, reportArgumentType]

    module.to = slowly  # pyright: ignore[reportAttributeAccessIssue]
    first = threading.Thread(target=lambda: Classifier(model, "cpu"))
    second = threading.Thread(target=lambda: (Classifier(model, "cpu"), ready.set()))
    first.start()
    assert moving.wait(10)
    second.start()
    assert not ready.wait(0.2)
    go_on.set()
    assert ready.wait(10)
    first.join()
    second.join()


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "file", "top1", "top5"),
    [
        ("mobilenet_v2", "mobilenet_v2-imagenet-dequant.pth", 83, 98),
        ("squeezenet1_0", "squeezenet1_0-deepcompression-imagenet.pth", 59, 85),
    ],
)
def test_imagenet_samples_are_recognised(test_data: Path, name: str, file: str, top1: int, top5: int) -> None:
    """The figures of torchvision's own transforms on these 100 photos; within one photo of them."""
    index = json.loads((test_data / "models" / "imagenet_class_index.json").read_text("utf-8"))
    numbers = {wordnet: int(number) for number, (wordnet, _name) in index.items()}
    model = load_pretrained(name, test_data / "models" / file)
    answers = list(classify(Classifier(model, "cpu"), expand([test_data / "imagenet_samples"]), top=10))
    assert len(answers) == 100
    first = five = 0
    for answer in answers:
        assert answer.top is not None
        assert len(answer.top) == 10
        ranks = [model.classes.index(guess.label) for guess in answer.top]
        wanted = numbers[answer.image.name.split("_")[0]]
        first += ranks[0] == wanted
        five += wanted in ranks[:5]
    assert first == pytest.approx(top1, abs=1)
    assert five == pytest.approx(top5, abs=1)
    assert model.classes[285] == "Egyptian cat"
