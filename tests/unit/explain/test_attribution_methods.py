import numpy as np
import pytest
import torch
from torch import nn

from cnn_desktop.core.errors import CancelledError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.explain.attribution import METHODS, Question
from cnn_desktop.explain.attribution.method import shares
from cnn_desktop.models.architecture import architectures, build
from cnn_desktop.models.model import Model
from tests.unit.explain.known_digits import digit

PIXELWISE = sorted(set(METHODS) - {"grad_cam"})


class Weighing(nn.Module):
    """A class's logit is the sum of all pixels, each times its weight."""

    def __init__(self, weights: torch.Tensor) -> None:
        super().__init__()
        self.weights = nn.Parameter(weights)

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        return torch.einsum("nchw,kchw->nk", batch, self.weights)


def weighing(weights: torch.Tensor) -> Model:
    classes, channels, height, width = weights.shape
    rules = Preprocessing.unit_range(height, width, 3 if channels == 3 else 1)
    labels = tuple(str(index) for index in range(classes))
    return Model("weighing", Weighing(weights), labels, rules, "Weighing")


def noise(shape: tuple[int, ...], seed: int = 0) -> torch.Tensor:
    return torch.randint(0, 256, shape, dtype=torch.uint8, generator=torch.Generator().manual_seed(seed))


def question(name: str, side: int = 48, classes: int = 4) -> Question:
    torch.manual_seed(0)
    module = build(name, classes, 3, (side, side)).eval()
    labels = tuple(str(index) for index in range(classes))
    model = Model(name, module, labels, Preprocessing.unit_range(side, side, 3), name)
    return Question.about(model, noise((1, 3, side, side)), 1)


def test_integrated_gradients_are_weight_times_pixel_where_the_network_only_weighs() -> None:
    weights = torch.randn(3, 3, 9, 7, generator=torch.Generator().manual_seed(1))
    asked = Question.about(weighing(weights), noise((1, 3, 9, 7)), 2)
    found = METHODS["integrated_gradients"].explain(asked)
    np.testing.assert_allclose(found.values, (weights[2] * asked.batch[0]).sum(0).numpy(), atol=1e-5)


@pytest.mark.parametrize("name", ["cifar_vgg6", "mobilenet_v3_small", "cats_dogs"])
def test_integrated_gradients_add_up_to_the_change_of_the_score(name: str) -> None:
    asked = question(name, classes=2 if name == "cats_dogs" else 4)
    found = METHODS["integrated_gradients"].explain(asked)
    with torch.inference_mode():
        change = float(asked.score(asked.batch)[0, 1] - asked.score(asked.black())[0, 1])
    assert found.values.sum() == pytest.approx(change, rel=0.05)
    assert f"of {change:.3f}" in found.note


def test_integrated_gradients_take_smaller_steps_where_they_would_not_add_up() -> None:
    counts: list[int] = []

    class Steep(Weighing):
        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            counts.append(len(batch))
            return torch.tanh(150 * (super().forward(batch) - 0.3))

    model = weighing(torch.full((3, 1, 8, 8), 1 / 64))
    model.module = Steep(torch.full((3, 1, 8, 8), 1 / 64))
    asked = Question.about(model, torch.full((1, 1, 8, 8), 200, dtype=torch.uint8), 0)
    found = METHODS["integrated_gradients"].explain(asked)
    assert sum(counts) > 128
    assert found.values.sum() == pytest.approx(2.0, rel=0.05)


def test_saliency_is_the_largest_gradient_of_the_colours() -> None:
    asked = question("resnet9")
    batch = asked.batch.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(asked.score(batch)[0, 1], batch)
    found = METHODS["saliency"].explain(asked)
    np.testing.assert_allclose(found.values, gradient[0].abs().amax(0).numpy(), rtol=1e-4, atol=1e-7)


def test_smoothgrad_averages_the_gradient_over_a_neighbourhood() -> None:
    """Of a kink at the picture itself, where one gradient says 1 or 0, the average says one half."""

    class Kinked(Weighing):
        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            return super().forward(torch.relu(batch - 0.6))

    model = weighing(torch.ones(3, 1, 20, 20))
    model.module = Kinked(torch.ones(3, 1, 20, 20))
    pixels = torch.full((1, 1, 20, 20), 153, dtype=torch.uint8)
    pixels[0, 0, 0] = torch.tensor([0, 255] * 10, dtype=torch.uint8)
    found = METHODS["smoothgrad"].explain(Question.about(model, pixels, 0)).values
    assert found[1:].mean() == pytest.approx(0.5, abs=0.02)
    assert (found[0, ::2] == 0).all() and (found[0, 1::2] > 0.9).all()


def test_occlusion_says_how_much_the_score_falls() -> None:
    weights = torch.zeros(3, 3, 32, 32)
    weights[1, :, 8:16, 16:24] = 1.0
    weights[1, :, 24:, :8] = -1.0
    asked = Question.about(weighing(weights), noise((1, 3, 32, 32)) // 4 + 190, 1)
    asked.batch[:, :, :4] = 0  # so that the mean colour is darker than what is hidden
    found = METHODS["occlusion"].explain(asked)
    assert set(zip(*np.nonzero(found.map == 1), strict=True)) <= {(y, x) for y in range(8, 16) for x in range(16, 24)}
    assert found.values[24:, :8].max() < 0 and not found.map[24:, :8].any()
    assert np.abs(found.values[18:21]).max() < 1e-3
    with torch.inference_mode():
        hidden = asked.batch.clone()
        hidden[:, :, 10:14, 18:22] = asked.blank()
        fall = float(asked.score(asked.batch)[0, 1] - asked.score(hidden)[0, 1])
    assert found.values[11, 19] == pytest.approx(fall, rel=0.2)


@pytest.mark.parametrize("method", PIXELWISE)
@pytest.mark.parametrize("name", ["squeezenet1_0", "mnist_deep"])
def test_a_map_has_a_number_for_each_pixel(name: str, method: str) -> None:
    found = METHODS[method].explain(question(name))
    assert found.map.shape == found.values.shape == (48, 48)
    assert found.map.dtype == found.values.dtype == np.float32
    assert found.map.min() >= 0 and found.map.max() == 1


@pytest.mark.parametrize("method", sorted(METHODS))
def test_the_class_asked_about_makes_a_difference(method: str) -> None:
    one = digit(0)
    first, other = (METHODS[method].explain(one.of_class(index)).values for index in (one.class_index, 7))
    assert not np.allclose(first, other)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_method_counts_pictures_and_can_be_stopped(method: str) -> None:
    counted: list[tuple[int, int]] = []
    METHODS[method].explain(digit(0), lambda done, total: counted.append((done, total)))
    assert counted[0][0] == 0 and all(done <= total for done, total in counted)

    def stop(done: int, total: int) -> None:
        if done >= total // 2:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        METHODS[method].explain(digit(0), stop)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_no_number_is_drawn_from_the_generator_that_a_training_uses(method: str) -> None:
    asked = digit(0)
    before = torch.get_rng_state()
    first = METHODS[method].explain(asked).values
    assert torch.equal(torch.get_rng_state(), before)
    assert np.array_equal(METHODS[method].explain(asked).values, first)


def test_where_grad_cam_does_not_fit_the_others_do() -> None:
    from torchvision.models import get_model

    with torch.device("meta"):
        module = get_model("vit_b_32", weights=None).eval()
    labels = tuple(str(index) for index in range(1000))
    model = Model("vit_b_32", module, labels, Preprocessing.unit_range(224, 224, 3), "ViT-B/32")
    assert "ViT-B/32 has no layer near its end" in str(METHODS["grad_cam"].misfit(model))
    assert all(METHODS[name].misfit(model) is None for name in PIXELWISE)


@pytest.mark.parametrize("name", sorted(architectures))
def test_every_method_fits_every_registered_architecture(name: str) -> None:
    architecture = architectures[name]
    side = architecture.preferred_size
    with torch.device("meta"):
        module = architecture.build(5, 3, (side, side)).eval()
    model = Model(name, module, tuple("abcde"), Preprocessing.unit_range(side, side, 3), name)
    assert [method.misfit(model) for method in METHODS.values()] == [None] * len(METHODS)


def test_every_method_says_what_it_does_and_who_says_so() -> None:
    assert all(method.name == name and method.title for name, method in METHODS.items())
    assert all(method.summary.endswith(".") and method.paper[-4:].isdigit() for method in METHODS.values())


def test_shares_leave_out_what_speaks_against_and_cut_single_strong_pixels() -> None:
    values = np.linspace(-1, 1, 200, dtype=np.float32)
    values[-1] = 100
    assert shares(values)[-2] < 0.011
    cut = shares(values, 0.01)
    assert cut[-1] == cut[-2] == 1 and not cut[:100].any()
    assert not shares(np.full((3, 3), -1.0)).any()
    assert shares(np.array([np.nan, 1.0, np.inf])).tolist() == [0, 1, 0]
