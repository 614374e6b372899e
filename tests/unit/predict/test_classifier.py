import dataclasses
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
from cnn_desktop.models.weights import open_model
from cnn_desktop.predict import classifier as classifying
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


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_the_model_stays_as_it_was_for_others_that_use_it(precision: str) -> None:
    module = build("cifar_vgg6", 4, 3, (8, 8)).eval()
    model = Model("cifar_vgg6", module, tuple("abcd"), Preprocessing.unit_range(8, 8, 3), "m")
    layers, tensors = list(module.modules()), list(module.state_dict(keep_vars=True).values())
    before = [(tensor.data_ptr(), tensor.dtype, tensor.stride(), tensor.clone()) for tensor in tensors]
    Classifier(model, "cpu", precision).predict(grey(0.5))
    assert list(module.modules()) == layers
    assert list(module.state_dict(keep_vars=True).values()) == tensors
    for tensor, (place, dtype, stride, values) in zip(tensors, before, strict=True):
        assert (tensor.data_ptr(), tensor.dtype, tensor.stride()) == (place, dtype, stride)
        assert tensor.equal(values)


def test_weights_that_need_no_change_are_not_held_twice() -> None:
    module = build("cifar_vgg6", 4, 3, (8, 8)).eval()
    model = Model("cifar_vgg6", module, tuple("abcd"), Preprocessing.unit_range(8, 8, 3), "m")
    ours = Classifier(model, "cpu").module.get_parameter("dense1.weight")
    assert ours.data_ptr() == module.get_parameter("dense1.weight").data_ptr()


def test_threads_that_ask_at_once_get_their_own_answers(grey_model: Callable[..., Model]) -> None:
    classifier = Classifier(grey_model(*"abcdefgh"), "cpu", "bf16")
    shares = [share / 7 for share in range(8)]
    expected = [classifier.predict(grey(share)) for share in shares]
    with ThreadPoolExecutor(4) as pool:
        for _round in range(5):
            assert list(pool.map(lambda share: classifier.predict(grey(share)), shares)) == expected


def test_a_large_batch_is_answered_in_parts(grey_model: Callable[..., Model], monkeypatch: pytest.MonkeyPatch) -> None:
    classifier = Classifier(grey_model("black", "grey", "white"), "cpu")
    pixels = torch.randint(256, (7, 3, 8, 8), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    whole = classifier.logits(pixels)
    sizes: list[int] = []
    classifier.module.register_forward_pre_hook(lambda _module, inputs: sizes.append(len(inputs[0])))
    monkeypatch.setattr(classifying, "_PIXELS_AT_ONCE", 3 * 8 * 8)
    assert torch.allclose(classifier.logits(pixels), whole, atol=1e-6)
    assert sizes == [3, 3, 1]


def test_a_temperature_makes_answers_less_sure_and_keeps_their_order(grey_model: Callable[..., Model]) -> None:
    model = grey_model("black", "grey", "white")
    plain = Classifier(model, "cpu").predict(grey(0.6))
    warm = Classifier(dataclasses.replace(model, temperature=3.0), "cpu").predict(grey(0.6))
    assert [guess.label for guess in warm] == [guess.label for guess in plain]
    assert warm[0].probability < plain[0].probability
    logits = torch.tensor([guess.probability for guess in plain]).log()
    assert [guess.probability for guess in warm] == pytest.approx((logits / 3).softmax(0).tolist(), abs=1e-5)


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
    model = open_model(name, test_data / "models" / file)
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


def test_mirrored_it_answers_with_the_mean_for_the_picture_and_its_mirror_image() -> None:
    torch.manual_seed(0)
    module = build("mnist_cnn", 4, 3, (12, 12)).eval()
    preprocessing = Preprocessing.unit_range(12, 12, 3)
    model = Model("mnist_cnn", module, tuple("abcd"), preprocessing, "m")
    pixels = torch.randint(0, 256, (3, 3, 12, 12), dtype=torch.uint8)
    plain, mirrored = Classifier(model, "cpu"), Classifier(model, "cpu", mirrored=True)
    expected = (plain.logits(pixels) + plain.logits(pixels.flip(3))) / 2
    torch.testing.assert_close(mirrored.logits(pixels), expected)
    assert mirrored.title != plain.title
