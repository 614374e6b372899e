"""The graph in front of the network, against the program's own path from a picture to a tensor."""

import numpy as np
import onnxruntime
import pytest
from onnx import parser
from PIL import Image

from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.pictures import to_pixels
from cnn_desktop.predict.export.preprocessing_graph import preprocessing_graph
from cnn_desktop.predict.export.sample_pictures import sample_pictures
from cnn_desktop.predict.export.tracing import OPSET

_SIZES = {
    "smaller": {"height": 30, "width": 30},
    "larger": {"height": 400, "width": 390},
    "cropped": {"height": 32, "width": 27, "resize": "crop", "shorter_side": 36},
    "cropped from larger": {"height": 330, "width": 329, "resize": "crop", "shorter_side": 341},
    "only cropped": {"height": 32, "width": 27, "resize": "crop", "shorter_side": 97},
}


def run(facts: Preprocessing, picture: np.ndarray) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    graph = parser.parse_model(preprocessing_graph(facts, OPSET)).SerializeToString()
    (values,) = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"]).run(
        None, {"pictures": picture[None]}
    )
    return np.asarray(values)[0]


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic"])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", _SIZES)
def test_values_differ_by_two_of_255_at_most(size: str, channels: int, interpolation: str) -> None:
    numbers = {"mean": (0.0,) * channels, "std": (1.0,) * channels}
    facts = Preprocessing.model_validate(
        {"channels": channels, "interpolation": interpolation, **numbers, **_SIZES[size]}
    )
    for picture in (*sample_pictures(4), np.random.default_rng(0).integers(0, 256, (97, 98, 3), dtype=np.uint8)):
        values = run(facts, picture)
        expected = to_pixels(Image.fromarray(picture), facts).astype(int)
        differences = np.abs(np.rint(255 * values).astype(int) - expected)
        assert differences.max() <= 2
        assert (differences > 0).mean() < 0.1


def test_mean_and_deviation_are_those_of_the_facts() -> None:
    facts = Preprocessing(height=97, width=131, mean=(0.4, 1e-5, 0.6), std=(0.2, 1e-3, 3.0))
    picture = sample_pictures(4)[3]
    expected = (picture / 255 - facts.mean) / facts.std
    assert run(facts, picture) == pytest.approx(expected.transpose(2, 0, 1), rel=1e-5, abs=1e-5)
