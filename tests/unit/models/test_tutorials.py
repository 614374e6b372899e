"""The five tutorials are reproduced to the parameter; what they published is worked out by hand here."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional

from cnn_desktop.models.architecture import architectures, build


def _parameters(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def _conv(kernel: int, inputs: int, outputs: int) -> int:
    return kernel * kernel * inputs * outputs + outputs


def _dense(inputs: int, outputs: int) -> int:
    return inputs * outputs + outputs


class TestParameterCounts:
    def test_mnist_cnn(self) -> None:
        expected = _conv(3, 1, 32) + _dense(13 * 13 * 32, 100) + _dense(100, 10)
        assert expected == 542_230, "what Keras prints"
        assert _parameters(build("mnist_cnn", 10, 1, (28, 28))) == expected

    def test_mnist_deep(self) -> None:
        expected = _conv(5, 1, 32) + _conv(5, 32, 64) + _dense(7 * 7 * 64, 1024) + _dense(1024, 10)
        assert expected == 3_274_634, "what TensorFlow counts"
        assert _parameters(build("mnist_deep", 10, 1, (28, 28))) == expected

    def test_cifar_vgg6(self) -> None:
        convs = [(3, 32), (32, 32), (32, 64), (64, 64), (64, 128), (128, 128)]
        plain = sum(_conv(3, *sides) for sides in convs) + _dense(4 * 4 * 128, 128) + _dense(128, 10)
        assert plain == 550_570, "what Keras prints without batch norm"
        norms = sum(2 * outputs for _inputs, outputs in convs)
        module = build("cifar_vgg6", 10, 3, (32, 32))
        assert _parameters(module) == plain + norms
        moving = sum(buffer.numel() for name, buffer in module.named_buffers() if "running" in name)
        assert _parameters(module) + moving == 552_362, "Keras counts the moving mean and variance too"

    def test_cifar_tf(self) -> None:
        convs = _conv(3, 3, 32) + _conv(3, 32, 64) + _conv(3, 64, 128) + _conv(2, 128, 128)
        assert _parameters(build("cifar_tf", 10, 3, (32, 32))) == convs + _dense(2048, 1500) + _dense(1500, 10)

    def test_cats_dogs(self) -> None:
        expected = _conv(3, 3, 32) + _dense(31 * 31 * 32, 128) + _dense(128, 1)
        assert expected == 3_937_409, "what Keras prints"
        assert _parameters(build("cats_dogs", 2, 3, (64, 64))) == expected


class TestOrder:
    def test_mnist_cnn(self) -> None:
        names = [name for name, _layer in build("mnist_cnn", 10, 1, (28, 28)).named_children()]
        assert names == ["conv1", "relu1", "pool1", "flatten", "dense1", "relu2", "dense2"]

    def test_cifar_vgg6_norms_after_relu(self) -> None:
        names = [name for name, _layer in build("cifar_vgg6", 10, 3, (32, 32)).named_children()]
        assert names[:8] == ["conv1", "relu1", "bn1", "conv2", "relu2", "bn2", "pool1", "dropout1"]
        assert names[-5:] == ["flatten", "dense1", "relu7", "dropout4", "dense2"]

    def test_cifar_tf_flattens_to_2048(self) -> None:
        module = build("cifar_tf", 10, 3, (32, 32)).eval()
        shapes: list[torch.Size] = []
        module.get_submodule("flatten").register_forward_hook(lambda _l, _i, output: shapes.append(output.shape))
        module(torch.zeros(1, 3, 32, 32))
        assert shapes == [(1, 2048)]


class TestInitialWeights:
    @pytest.mark.parametrize("name", ["mnist_deep", "cifar_vgg6", "cifar_tf", "cats_dogs"])
    def test_glorot_uniform_and_zero_biases(self, name: str) -> None:
        torch.manual_seed(0)
        module = build(name, 10, 3, (32, 32))
        for layer in module.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                field = layer.weight[0][0].numel()
                limit = math.sqrt(6 / (field * (layer.weight.shape[0] + layer.weight.shape[1])))
                _assert_uniform(layer.weight, limit)
                assert layer.bias is not None
                assert not layer.bias.any()

    def test_mnist_cnn_is_he_uniform_but_for_its_head(self) -> None:
        torch.manual_seed(0)
        module = build("mnist_cnn", 10, 1, (28, 28))
        _assert_uniform(module.get_submodule("conv1").weight, math.sqrt(6 / 9))
        _assert_uniform(module.get_submodule("dense1").weight, math.sqrt(6 / 5408))
        _assert_uniform(module.get_submodule("dense2").weight, math.sqrt(6 / 110))


def _assert_uniform(weight: torch.Tensor, limit: float) -> None:
    largest = float(weight.detach().abs().max())
    assert 0.95 * limit < largest <= limit
    assert float(weight.detach().std()) == pytest.approx(limit / math.sqrt(3), rel=0.1)


def test_cifar_tf_pads_right_and_below_as_tensorflow_does() -> None:
    module = build("cifar_tf", 10, 3, (32, 32))
    pad, conv = module.get_submodule("pad4"), module.get_submodule("conv4")
    assert isinstance(conv, nn.Conv2d)
    with torch.no_grad():
        conv.weight.zero_()
        conv.weight[0, 0] = torch.tensor([[1.0, 10.0], [100.0, 1000.0]])
    maps = torch.zeros(1, 128, 3, 3)
    maps[0, 0] = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
    # Each number: itself + 10 × its right neighbour + 100 × the one below + 1000 × the one below right.
    by_hand = [[5421.0, 6532.0, 603.0], [8754.0, 9865.0, 906.0], [87.0, 98.0, 9.0]]
    assert conv(pad(maps))[0, 0].tolist() == by_hand


class TestCatsDogs:
    def test_cross_entropy_is_binary_cross_entropy(self) -> None:
        torch.manual_seed(0)
        module = build("cats_dogs", 2, 3, (64, 64)).double()
        pictures, labels = torch.rand(5, 3, 64, 64, dtype=torch.float64), torch.tensor([0, 1, 1, 0, 1])
        logits = module(pictures)
        one = logits[:, 1]
        assert not logits[:, 0].any()
        ours = functional.cross_entropy(logits, labels)
        theirs = functional.binary_cross_entropy_with_logits(one, labels.double())
        torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=0)
        torch.testing.assert_close(logits.softmax(1)[:, 1], torch.sigmoid(one), rtol=1e-12, atol=0)
        gradients = torch.autograd.grad(ours, list(module.parameters()), retain_graph=True)
        binary = torch.autograd.grad(theirs, list(module.parameters()))
        torch.testing.assert_close(gradients, binary, rtol=1e-9, atol=1e-15)

    def test_more_classes_as_usual(self) -> None:
        module = build("cats_dogs", 3, 3, (64, 64))
        assert "logits" not in dict(module.named_children())
        assert module.get_submodule("dense2").weight.shape == (3, 128)


def test_recipes_are_the_published_ones() -> None:
    mnist_cnn = architectures["mnist_cnn"].recipe
    assert (mnist_cnn.optimizer, mnist_cnn.learning_rate, mnist_cnn.momentum) == ("sgd", 0.01, 0.9)
    assert (mnist_cnn.batch_size, mnist_cnn.epochs) == (128, 10)
    mnist_deep = architectures["mnist_deep"].recipe
    assert (mnist_deep.optimizer, mnist_deep.learning_rate) == ("adam", 1e-4)
    assert (mnist_deep.batch_size, mnist_deep.steps) == (50, 1000)
    vgg6 = architectures["cifar_vgg6"].recipe
    assert (vgg6.optimizer, vgg6.learning_rate, vgg6.batch_size, vgg6.epochs) == ("adam", 1e-3, 32, 12)
    tf = architectures["cifar_tf"].recipe
    assert (tf.optimizer, tf.learning_rate, tf.batch_size, tf.epochs, tf.schedule) == ("adam", 1e-3, 128, 60, "step")
    cats_dogs = architectures["cats_dogs"].recipe
    assert (cats_dogs.optimizer, cats_dogs.batch_size, cats_dogs.epochs) == ("adam", 32, 25)
    assert str(cats_dogs.augmentation) == "flip,shear=0.2,zoom=0.2"
