from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr
from torch import nn
from typing_extensions import override

from cnn_desktop.core.errors import CancelledError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.decoding import open_picture
from cnn_desktop.explain.attribution import METHODS, Attribution, Method, Question
from cnn_desktop.explain.attribution.method import shares
from cnn_desktop.explain.independence import independent
from cnn_desktop.explain.sanity import delete, randomise
from cnn_desktop.explain.sanity.forgetting import cascade, forget
from cnn_desktop.explain.sanity.likeness import rank_correlation, structural_similarity
from cnn_desktop.models.architecture import architectures, build
from cnn_desktop.models.weights import open_model
from tests.unit.explain.known_digits import digit, known_digits


class Edges(Method):
    """Marks the picture's edges, whatever the model is: what many maps look like at first sight."""

    name = "edges"

    @override
    def explain(self, question: Question, progress: Progress = no_progress) -> Attribution:
        down, across = np.gradient(question.batch[0].mean(0).numpy())
        values = np.hypot(down, across)
        return Attribution(shares(values), values)


class Guided(Method):
    """Guided backpropagation."""

    name = "guided"

    @override
    def explain(self, question: Question, progress: Progress = no_progress) -> Attribution:
        from captum.attr import GuidedBackprop

        batch = question.batch.clone().requires_grad_()
        values = GuidedBackprop(question.module).attribute(batch, target=question.class_index)
        found = values[0].abs().amax(0).detach().numpy()
        return Attribution(shares(found), found)


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=3, max_size=40))
def test_rank_correlation_is_spearmans(pairs: list[tuple[int, int]]) -> None:
    one, other = np.array(pairs, float).T
    if len(set(one)) == 1 or len(set(other)) == 1:
        assert rank_correlation(one, other) == 0
    else:
        assert rank_correlation(one, other) == pytest.approx(spearmanr(one, other)[0], abs=1e-9)


def test_structural_similarity_is_the_papers() -> None:
    draws = np.random.default_rng(0)
    one, other = draws.random((2, 12, 10))
    expected: list[float] = []
    for top in range(6):
        for left in range(4):
            a, b = (values[top : top + 7, left : left + 7] for values in (one, other))
            covariance = ((a - a.mean()) * (b - b.mean())).mean()
            luminance = (2 * a.mean() * b.mean() + 1e-4) / (a.mean() ** 2 + b.mean() ** 2 + 1e-4)
            expected.append(luminance * (2 * covariance + 9e-4) / (a.var() + b.var() + 9e-4))
    assert structural_similarity(one, other) == pytest.approx(np.mean(expected))
    assert structural_similarity(one, one) == pytest.approx(1)
    assert -1 <= structural_similarity(one[:3, :2], other[:3, :2]) <= 1


@pytest.mark.parametrize("name", sorted(architectures))
def test_the_cascade_goes_from_the_head_through_all_layers_that_learn(name: str) -> None:
    architecture = architectures[name]
    side = architecture.preferred_size
    with torch.device("meta"):
        module = architecture.build(10, 3, (side, side)).eval()
    steps = cascade(module, Preprocessing.unit_range(side, side, 3), 8)
    layers = [layer for step in steps for layer in step]
    assert steps[0] == [architecture.head] and all(steps) and len(steps) <= 8
    assert len(layers) == len(set(layers))
    held = sum(parameter.numel() for layer in layers for parameter in _own(module, layer))
    assert held == sum(parameter.numel() for parameter in module.parameters())


def _own(module: nn.Module, layer: str) -> list[nn.Parameter]:
    return list(module.get_submodule(layer).parameters(recurse=False))


@pytest.mark.parametrize("name", ["cifar_vgg6", "convnext_tiny", "efficientnet_b0", "resnet18"])
def test_a_network_that_forgot_all_is_another_and_its_numbers_stay_in_bounds(name: str) -> None:
    torch.manual_seed(0)
    module = build(name, 5, 3, (64, 64)).eval()
    before = {key: tensor.clone() for key, tensor in module.state_dict().items()}
    shared = torch.get_rng_state()
    copy = independent(module)
    for step in cascade(copy, Preprocessing.unit_range(64, 64, 3), 8):
        forget(copy, step, torch.Generator().manual_seed(1))
    assert torch.equal(torch.get_rng_state(), shared)
    assert all(torch.equal(tensor, before[key]) for key, tensor in module.state_dict().items())
    for key, tensor in copy.named_parameters():
        assert tensor.ndim < 2 or "layer_scale" in key or not torch.equal(tensor, before[key]), key
    with torch.inference_mode():
        logits = copy(torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(2)))
    assert torch.isfinite(logits).all() and 1e-6 < logits.std() < 1e4


def test_only_the_layers_named_forget() -> None:
    module = independent(known_digits().module)
    before = {key: tensor.clone() for key, tensor in module.state_dict().items()}
    forget(module, ["dense2"], torch.Generator().manual_seed(0))
    changed = {key for key, tensor in module.state_dict().items() if not torch.equal(tensor, before[key])}
    assert changed == {"dense2.weight", "dense2.bias"}


@pytest.mark.parametrize("number", [0, 1, 2])
def test_grad_cam_depends_on_what_was_learned_and_edges_are_called_out(number: int) -> None:
    asked = digit(number)
    grad_cam = METHODS["grad_cam"]
    honest = randomise(grad_cam, asked, grad_cam.explain(asked))
    assert honest.verdict == "depends" and abs(honest.correlation) < 0.35, honest.correlation
    edges = randomise(Edges(), asked, Edges().explain(asked))
    assert edges.verdict == "ignores" and edges.correlation == pytest.approx(1)
    assert [stage.similarity for stage in edges.stages] == pytest.approx([1] * len(edges.stages))
    assert "doesn't depend on the model" in str(edges)


@pytest.mark.filterwarnings("ignore:Setting backward hooks on ReLU")
@pytest.mark.parametrize("number", [0, 1, 2])
def test_guided_backpropagation_is_seen_through(number: int) -> None:
    """It follows the picture's edges, and passes for an explanation at first sight (Adebayo et al., 2018)."""
    asked = digit(number)
    found = randomise(Guided(), asked, Guided().explain(asked))
    assert found.verdict != "depends" and 0.4 <= found.correlation < 0.99, found.correlation


def test_stages_tell_which_layers_forgot() -> None:
    asked = digit(0)
    found = randomise(METHODS["saliency"], asked, METHODS["saliency"].explain(asked))
    assert [(stage.layer, stage.count) for stage in found.stages] == [
        ("", 0),
        ("dense2", 1),
        ("dense1", 2),
        ("conv1", 3),
    ]
    assert found.stages[0].correlation == 1
    again = randomise(METHODS["saliency"], asked, METHODS["saliency"].explain(asked))
    assert [stage.correlation for stage in again.stages] == [stage.correlation for stage in found.stages]


def test_the_model_is_left_as_it_is() -> None:
    asked = digit(0)
    before = {key: tensor.clone() for key, tensor in known_digits().module.state_dict().items()}
    randomise(METHODS["grad_cam"], asked, METHODS["grad_cam"].explain(asked))
    assert all(torch.equal(tensor, before[key]) for key, tensor in known_digits().module.state_dict().items())
    assert all(torch.equal(tensor, before[key]) for key, tensor in asked.module.state_dict().items())


def test_the_deletion_curve_starts_whole_ends_blurred_and_falls_faster_where_what_is_marked_matters() -> None:
    asked = digit(0)
    found = delete(asked, METHODS["occlusion"].explain(asked))
    start = float(asked.probabilities(asked.batch)[0, asked.class_index])
    assert found.removed[0] == 0 and found.removed[-1] == 1 and (np.diff(found.removed) > 0).all()
    assert found.marked[0] == pytest.approx(start, abs=1e-5)
    np.testing.assert_allclose(found.random[:, 0], start, atol=1e-5)
    np.testing.assert_allclose(found.random[:, -1], found.marked[-1], atol=1e-5)
    assert found.verdict == "matters" and found.area < found.random_areas.mean() - 0.2


def test_what_is_removed_first_is_what_is_marked_most() -> None:
    asked = digit(0)
    least = METHODS["occlusion"].explain(asked)
    inverted = Attribution(1 - least.map, -least.values)
    assert delete(asked, inverted).area > delete(asked, least).area + 0.2
    assert delete(asked, inverted).verdict == "chance"


def test_of_a_class_that_is_not_probable_nothing_can_be_told() -> None:
    asked = digit(0)
    improbable = asked.of_class(int(asked.probabilities(asked.batch)[0].argmin()))
    found = delete(improbable, METHODS["saliency"].explain(improbable))
    assert found.verdict == "unknown" and "to begin with" in str(found)


def test_both_checks_can_be_stopped_and_count_up_to_their_total() -> None:
    asked = digit(0)
    explanation = METHODS["saliency"].explain(asked)

    def check(progress: Progress) -> None:
        randomise(METHODS["saliency"], asked, explanation, progress)

    for work in (check, lambda progress: delete(asked, explanation, progress)):
        counted: list[tuple[int, int]] = []
        work(lambda done, total, counted=counted: counted.append((done, total)))
        assert counted == sorted(counted) and counted[0][0] == 0 and counted[-1][0] < counted[-1][1]

        def stop(done: int, _total: int) -> None:
            if done:
                raise CancelledError("enough")

        with pytest.raises(CancelledError):
            work(stop)


@pytest.mark.data
def test_grad_cam_of_a_real_network_depends_on_it(test_data: Path) -> None:
    real = open_model("mobilenet_v2", test_data / "models" / "mobilenet_v2-imagenet-dequant.pth")
    picture = open_picture(test_data / "imagenet_samples" / "n02391049_zebra.JPEG")
    pixels = torch.from_numpy(picture.pixels(real.preprocessing).copy()).unsqueeze(0)
    asked = Question.about(real, pixels, real.classes.index("zebra"))
    found = randomise(METHODS["grad_cam"], asked, METHODS["grad_cam"].explain(asked))
    assert found.verdict == "depends" and abs(found.correlation) < 0.3, found.correlation
    assert randomise(Edges(), asked, Edges().explain(asked)).verdict == "ignores"
